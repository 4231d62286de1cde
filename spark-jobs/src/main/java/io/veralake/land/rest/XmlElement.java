package io.veralake.land.rest;

import io.veralake.spec.RestApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * XML elements as JSON: an element without attributes and elements is its text; another is an
 * object of its attributes ({@code @name}), its text ({@code #text}) and its elements, those of one
 * name as an array. {@code xsi:nil="true"} is null. Names are without prefix, or with the one that
 * the model gives to their namespace; those of a namespace that is neither declared nor the
 * record's are {@code {namespace}name}.
 */
final class XmlElement {
  /** Namespaces of SOAP 1.1 and 1.2. */
  static final Set<String> SOAP =
      Set.of(
          "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");

  private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

  private final Map<String, String> prefixes = new HashMap<>();
  private final Set<String> repeated;
  private String own = "";

  XmlElement(RestApi.XmlNames names) {
    names.namespaces().forEach((prefix, address) -> this.prefixes.put(address, prefix + ":"));
    this.prefixes.putIfAbsent(XSI, "xsi:");
    this.repeated = Set.copyOf(names.repeated());
  }

  /** What paths and documents call the element that {@code reader} is at. */
  String step(XMLStreamReader reader) {
    return this.name(reader.getNamespaceURI(), reader.getLocalName());
  }

  /** The element that {@code reader} is at as a document; it is behind it then. */
  Map<String, @Nullable Object> record(XMLStreamReader reader, int depth)
      throws XMLStreamException {
    this.own = String.valueOf(reader.getNamespaceURI());
    Object value = this.read(reader, depth);
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> members) {
      members.forEach((name, member) -> document.put(String.valueOf(name), member));
    } else {
      document.put("#text", value);
    }
    return document;
  }

  /** The element that {@code reader} is at; it is behind it then. */
  private @Nullable Object read(XMLStreamReader reader, int depth) throws XMLStreamException {
    if (depth == 0) {
      throw new XMLStreamException("too deep");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    boolean nil = false;
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String name = this.inner(reader.getAttributeNamespace(i), reader.getAttributeLocalName(i));
      String value = reader.getAttributeValue(i);
      nil |= name.equals("xsi:nil") && (value.equals("true") || value.equals("1"));
      members.put("@" + name, value);
    }
    StringBuilder text = new StringBuilder();
    for (int event = reader.next();
        event != XMLStreamConstants.END_ELEMENT;
        event = reader.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        String name = this.inner(reader.getNamespaceURI(), reader.getLocalName());
        this.add(members, name, this.read(reader, depth - 1));
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        text.append(reader.getText());
      } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new XMLStreamException("unknown entity " + reader.getLocalName());
      }
    }
    if (nil && members.size() == 1) {
      return null;
    }
    return members.isEmpty() ? text.toString() : with(members, text.toString());
  }

  private static Map<String, @Nullable Object> with(
      Map<String, @Nullable Object> members, String text) {
    if (!text.isBlank()) {
      members.put("#text", text);
    }
    return members;
  }

  @SuppressWarnings("unchecked")
  private void add(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
    if (!members.containsKey(name)) {
      members.put(name, this.repeated.contains(name) ? list(value) : value);
    } else if (members.get(name) instanceof List<?> several) {
      ((List<@Nullable Object>) several).add(value);
    } else {
      List<@Nullable Object> several = list(members.get(name));
      several.add(value);
      members.put(name, several);
    }
  }

  private static List<@Nullable Object> list(@Nullable Object first) {
    List<@Nullable Object> list = new ArrayList<>();
    list.add(first);
    return list;
  }

  /** Two names of different namespaces never become one. */
  private String inner(@Nullable String namespace, String local) {
    boolean plain =
        namespace == null
            || namespace.isEmpty()
            || namespace.equals(this.own)
            || this.prefixes.containsKey(namespace);
    return plain ? this.name(namespace, local) : "{" + namespace + "}" + local;
  }

  private String name(@Nullable String namespace, String local) {
    return this.prefixes.getOrDefault(namespace == null ? "" : namespace, "") + local;
  }
}
