package io.veralake.land.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.DataException;
import io.veralake.spec.RestApi;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A page of XML. Each element at the path of the records is kept as a JSON document ({@link
 * XmlElement}); of the others only the texts that paging asks for.
 */
final class XmlPage implements Page {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final XMLInputFactory XML = factory();
  private static final int DEEPEST = 200;

  private final List<Item> items = new ArrayList<>();
  private final Map<String, String> values = new HashMap<>();
  private final RestApi api;
  private final XmlElement names;
  private @Nullable String fault;

  private XmlPage(RestApi api) {
    this.api = api;
    this.names = new XmlElement(api.xmlNames());
  }

  /** Reads {@code answer}. */
  static XmlPage of(Answer answer, RestApi api) throws BrokenAnswerException {
    XmlPage page = new XmlPage(api);
    try {
      XMLStreamReader reader = XML.createXMLStreamReader(new ByteArrayInputStream(answer.body()));
      try {
        page.read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new BrokenAnswerException(
          "status %d, but it is no XML: %s"
              .formatted(answer.status(), answer.body().length == 0 ? "no text" : answer.shown()));
    }
    return page;
  }

  @Override
  public List<Item> items() {
    return this.items;
  }

  @Override
  public Optional<String> value(String path) {
    return Optional.ofNullable(this.values.get(path)).filter(text -> !text.isEmpty());
  }

  @Override
  public Optional<String> error() {
    return this.fault != null
        ? Optional.of(this.fault)
        : Optional.of(this.api.error()).filter(path -> !path.isEmpty()).flatMap(this::value);
  }

  /** No document type, so no entities of its own and nothing fetched from elsewhere. */
  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  private void read(XMLStreamReader reader) throws XMLStreamException {
    Deque<String> path = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.DTD ->
            throw new XMLStreamException("a document type isn't allowed");
        case XMLStreamConstants.START_ELEMENT -> {
          if (path.size() == DEEPEST) {
            throw new XMLStreamException("deeper than " + DEEPEST + " elements");
          }
          path.addLast(this.names.step(reader));
          text.setLength(0);
          this.begin(reader, path);
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          String full = "/" + String.join("/", path);
          if (this.wanted().contains(full)) {
            this.values.putIfAbsent(full, text.toString().strip());
          }
          text.setLength(0);
          path.removeLast();
        }
        default -> {}
      }
    }
  }

  /** Reads an element that is wanted whole: a record or a fault. */
  private void begin(XMLStreamReader reader, Deque<String> path) throws XMLStreamException {
    String full = "/" + String.join("/", path);
    long offset = Math.max(0, reader.getLocation().getCharacterOffset());
    boolean whole = path.size() == 3 && reader.getLocalName().equals("Fault");
    if (whole && XmlElement.SOAP.contains(reader.getNamespaceURI())) {
      this.fault = new String(bytes(this.names.record(reader, DEEPEST)), StandardCharsets.UTF_8);
      path.removeLast();
    } else if (this.api.records().equals(full)) {
      this.items.add(new Item(bytes(this.names.record(reader, DEEPEST)), offset));
      path.removeLast();
    }
  }

  private List<String> wanted() {
    RestApi.Paging paging = this.api.paging();
    return List.of(paging.next(), paging.more(), paging.total(), this.api.error());
  }

  private static byte[] bytes(Map<String, @Nullable Object> document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new DataException("Cannot write an element as JSON", e);
    }
  }
}
