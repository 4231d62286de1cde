package io.veralake.land.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.veralake.spec.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds values in JSON text by brackets, commas and quotes alone: what is wrong inside one value
 * doesn't hide the others, and a value is exactly the bytes that were sent.
 */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] text;

  /** The bytes from {@code from} to before {@code to}. */
  record Span(int from, int to) {}

  /** A member of an object. */
  record Member(Span name, Span value) {}

  JsonText(byte[] text) {
    this.text = text;
  }

  /** The whole value. */
  Span root() throws BrokenAnswerException {
    boolean mark =
        this.text.length > 2
            && this.text[0] == (byte) 0xEF
            && this.text[1] == (byte) 0xBB
            && this.text[2] == (byte) 0xBF;
    int from = this.space(mark ? 3 : 0);
    byte first = from < this.text.length ? this.text[from] : 0;
    if (first != '{' && first != '[') {
      throw new BrokenAnswerException(from == this.text.length ? "it is empty" : "it is no JSON");
    }
    Span root = new Span(from, this.end(from));
    if (this.space(root.to) < this.text.length) {
      throw new BrokenAnswerException("it is no JSON: more behind its end at byte " + root.to);
    }
    return root;
  }

  /** The value at {@code path}; null if there is none. */
  @Nullable Span find(JsonPath path) throws BrokenAnswerException {
    Span at = this.root();
    for (JsonPath.Step step : path.steps()) {
      at = at == null ? null : this.down(at, step);
    }
    return at;
  }

  /** The text of a scalar at {@code path}; empty if it is missing or null. */
  Optional<String> scalar(JsonPath path) throws BrokenAnswerException {
    Span span = this.find(path);
    if (span == null || this.is(span, '{') || this.is(span, '[')) {
      return Optional.empty();
    }
    try (JsonParser parser = JSON.createParser(this.text, span.from, span.to - span.from)) {
      JsonToken token = parser.nextToken();
      return token == null || token == JsonToken.VALUE_NULL
          ? Optional.empty()
          : Optional.of(parser.getText());
    } catch (IOException e) {
      throw new BrokenAnswerException("it is no JSON: invalid value at " + path);
    }
  }

  /** Whether the value begins with {@code first}. */
  boolean is(Span value, char first) {
    return this.text[value.from] == first;
  }

  /** Its bytes. */
  byte[] bytes(Span span) {
    return Arrays.copyOfRange(this.text, span.from, span.to);
  }

  /** Its bytes as text. */
  String text(Span span) {
    return new String(this.text, span.from, span.to - span.from, StandardCharsets.UTF_8);
  }

  /** The elements of an array. */
  List<Span> elements(Span array) throws BrokenAnswerException {
    List<Span> elements = new ArrayList<>();
    int at = this.space(array.from + 1);
    while (at < array.to - 1) {
      int end = this.end(at);
      elements.add(new Span(at, end));
      at = this.behind(end, array);
    }
    return elements;
  }

  /** The members of an object. */
  List<Member> members(Span object) throws BrokenAnswerException {
    List<Member> members = new ArrayList<>();
    int at = this.space(object.from + 1);
    while (at < object.to - 1) {
      Span name = new Span(at, this.end(at));
      int colon = this.space(name.to);
      if (!this.is(name, '"') || this.text[colon] != ':') {
        throw new BrokenAnswerException("it is no JSON: no member at byte " + at);
      }
      int from = this.space(colon + 1);
      Span value = new Span(from, this.end(from));
      members.add(new Member(name, value));
      at = this.behind(value.to, object);
    }
    return members;
  }

  private @Nullable Span down(Span at, JsonPath.Step step) throws BrokenAnswerException {
    String name = step.name();
    if (name == null) {
      List<Span> elements = this.is(at, '[') ? this.elements(at) : List.of();
      int index = step.index() < 0 ? elements.size() + step.index() : step.index();
      return index >= 0 && index < elements.size() ? elements.get(index) : null;
    }
    for (Member member : this.is(at, '{') ? this.members(at) : List.<Member>of()) {
      if (this.name(member).equals(name)) {
        return member.value;
      }
    }
    return null;
  }

  private String name(Member member) throws BrokenAnswerException {
    String quoted = this.text(member.name);
    if (quoted.indexOf('\\') < 0) {
      return quoted.substring(1, quoted.length() - 1);
    }
    try (JsonParser parser = JSON.createParser(quoted)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new BrokenAnswerException("it is no JSON: invalid name at byte " + member.name.from);
    }
  }

  /** Where the next value begins, behind one that ends at {@code end}. */
  private int behind(int end, Span in) throws BrokenAnswerException {
    int at = this.space(end);
    if (at == in.to - 1) {
      return at;
    }
    if (at >= this.text.length || this.text[at] != ',') {
      throw new BrokenAnswerException("it is no JSON: no comma at byte " + at);
    }
    return this.space(at + 1);
  }

  /** Where the value that begins at {@code from} ends. */
  private int end(int from) throws BrokenAnswerException {
    int depth = 0;
    int at = from;
    while (at < this.text.length) {
      byte c = this.text[at];
      if (c == '"') {
        at = this.quoted(at);
      } else if (c == '{' || c == '[') {
        depth++;
        at++;
      } else if (c == '}' || c == ']') {
        if (depth == 0) {
          break;
        }
        depth--;
        at++;
      } else if (depth == 0 && (c == ',' || c == ':' || white(c))) {
        break;
      } else {
        at++;
      }
      if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
        break;
      }
    }
    if (depth > 0) {
      throw new BrokenAnswerException(
          "it ends in the middle, after " + this.text.length + " bytes");
    }
    if (at == from) {
      throw new BrokenAnswerException("it is no JSON: no value at byte " + from);
    }
    return at;
  }

  private int quoted(int from) throws BrokenAnswerException {
    for (int at = from + 1; at < this.text.length; at++) {
      if (this.text[at] == '\\') {
        at++;
      } else if (this.text[at] == '"') {
        return at + 1;
      }
    }
    throw new BrokenAnswerException("it ends in the middle, after " + this.text.length + " bytes");
  }

  private int space(int from) {
    int at = from;
    while (at < this.text.length && white(this.text[at])) {
      at++;
    }
    return at;
  }

  private static boolean white(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
