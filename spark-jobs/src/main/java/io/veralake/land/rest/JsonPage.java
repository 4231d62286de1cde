package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.JsonPath;
import io.veralake.spec.RestApi;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of JSON. */
final class JsonPage implements Page {
  private static final Pattern CHARSET =
      Pattern.compile("(?i).*;\\s*charset=\"?([^\";\\s]+).*", Pattern.DOTALL);
  private static final int SHOWN = 300;

  private final JsonText text;
  private final RestApi api;
  private final List<Item> items;

  private JsonPage(JsonText text, RestApi api, List<Item> items) {
    this.text = text;
    this.api = api;
    this.items = items;
  }

  /** Reads {@code answer}. */
  static JsonPage of(Answer answer, RestApi api) throws BrokenAnswerException {
    JsonText text = new JsonText(utf8(answer));
    try {
      JsonPage page = new JsonPage(text, api, List.of());
      return page.error().isPresent() ? page : new JsonPage(text, api, items(text, api, answer));
    } catch (BrokenAnswerException e) {
      throw new BrokenAnswerException(
          "status %d, but %s: %s".formatted(answer.status(), e.getMessage(), answer.shown()));
    }
  }

  @Override
  public List<Item> items() {
    return this.items;
  }

  @Override
  public Optional<String> value(String path) {
    try {
      return this.text.scalar(path(path));
    } catch (BrokenAnswerException e) {
      throw new IllegalStateException("The page was read before", e);
    }
  }

  @Override
  public Optional<String> error() {
    if (this.api.error().isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonText.Span span = this.text.find(path(this.api.error()));
      if (span == null) {
        return Optional.empty();
      }
      String shown = this.text.text(span);
      boolean none =
          shown.equals("null") || shown.equals("false") || shown.matches("\\[\\s*]|\\{\\s*}|\"\"");
      return none
          ? Optional.empty()
          : Optional.of(shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + Answer.CUT);
    } catch (BrokenAnswerException e) {
      return Optional.empty();
    }
  }

  private static List<Item> items(JsonText text, RestApi api, Answer answer)
      throws BrokenAnswerException {
    boolean members = api.records().endsWith(".*");
    String path = members ? api.records().substring(0, api.records().length() - 2) : api.records();
    JsonText.Span list = text.find(path(path));
    if (list != null && text.text(list).equals("null")) {
      return List.of();
    }
    if (list == null || !text.is(list, members ? '{' : '[')) {
      throw new DataException(
          "Cannot read %s: there is no %s at records = \"%s\" (in %s)"
              .formatted(
                  Addresses.place(answer.address()),
                  members ? "object" : "array",
                  api.records(),
                  answer.shown()));
    }
    List<Item> items = new ArrayList<>();
    if (members) {
      for (JsonText.Member member : text.members(list)) {
        items.add(new Item(named(text, member), member.name().from()));
      }
    } else {
      for (JsonText.Span element : text.elements(list)) {
        items.add(new Item(text.bytes(element), element.from()));
      }
    }
    return items;
  }

  /** A member's name may be the record's key: it is kept. */
  private static byte[] named(JsonText text, JsonText.Member member) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"key\":".getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(text.bytes(member.name()));
    bytes.writeBytes(",\"value\":".getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(text.bytes(member.value()));
    bytes.write('}');
    return bytes.toByteArray();
  }

  private static JsonPath path(String text) {
    return JsonPath.parse(text).orElseThrow();
  }

  private static byte[] utf8(Answer answer) {
    Matcher charset = CHARSET.matcher(answer.header("Content-Type").orElse(""));
    String name = charset.matches() ? charset.group(1) : "utf-8";
    if (name.equalsIgnoreCase("utf-8") || name.equalsIgnoreCase("utf8")) {
      return answer.body();
    }
    try {
      return Charset.forName(name)
          .newDecoder()
          .decode(ByteBuffer.wrap(answer.body()))
          .toString()
          .getBytes(StandardCharsets.UTF_8);
    } catch (CharacterCodingException
        | IllegalCharsetNameException
        | UnsupportedCharsetException e) {
      throw new DataException(
          "Cannot read %s: its text isn't in charset %s, as it says"
              .formatted(Addresses.place(answer.address()), name),
          e);
    }
  }
}
