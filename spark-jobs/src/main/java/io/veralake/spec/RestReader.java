package io.veralake.spec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the lists that servers give by HTTP. */
final class RestReader {
  private static final Set<String> FORMATS =
      Set.of("iso", "date", "epoch-seconds", "epoch-millis", "number");

  private final Node node;
  private final boolean xml;

  /** For the list that {@code node} declares, in answers that are XML or JSON. */
  RestReader(Node node, boolean xml) {
    this.node = node;
    this.xml = xml;
  }

  /** The list, given the checked name of its server. */
  RestApi read(String connection) {
    String method = this.node.text("method", "GET");
    if (!method.equals("GET") && !method.equals("POST")) {
      this.node.invalid("method", method, "GET or POST");
    }
    boolean post = method.equals("POST");
    if (!post && this.node.has("body")) {
      this.node.invalid("body", "…", "none for method = GET");
    }
    RestApi api =
        new RestApi(
            connection,
            post,
            this.node.text("path"),
            this.node.textMap("query"),
            this.node.textMap("headers"),
            this.node.text("body", ""),
            this.xml,
            this.records(),
            this.place(this.node, "error"),
            this.names(),
            this.paging(),
            this.node.object("incremental", "incremental").map(this::incremental).orElse(null));
    if (api.paging().restartAfter() > 0 && api.incremental() == null) {
      this.node.missing("incremental");
    }
    this.node.end();
    return api;
  }

  private String records() {
    String text = this.xml ? this.node.text("records") : this.node.text("records", "$");
    String path = text.endsWith(".*") ? text.substring(0, text.length() - 2) : text;
    if (this.node.has("records")) {
      this.check(this.node, "records", text, this.xml ? text : path);
    }
    return text;
  }

  /** A path in answers; empty if it isn't there. */
  private String place(Node at, String key) {
    String text = at.text(key, "");
    if (at.has(key)) {
      this.check(at, key, text, text);
    }
    return text;
  }

  private void check(Node at, String key, String text, String path) {
    if (this.xml && !path.matches("(/[^/\\s]+)+")) {
      at.invalid(key, text, "a path of elements such as /Envelope/Body/orders/order");
    } else if (!this.xml && JsonPath.parse(path).isEmpty()) {
      at.invalid(key, text, JsonPath.ALLOWED);
    }
  }

  private RestApi.XmlNames names() {
    if (!this.xml) {
      return new RestApi.XmlNames(Map.of(), List.of());
    }
    return new RestApi.XmlNames(this.node.textMap("namespaces"), this.node.texts("repeated"));
  }

  private RestApi.Paging paging() {
    return this.node
        .object("paging", "paging")
        .map(this::paging)
        .orElseGet(
            () ->
                new RestApi.Paging(
                    RestApi.PagingKind.NONE, "", "", 0, "", "", "", "", "", List.of(), 0));
  }

  private RestApi.Paging paging(Node at) {
    RestApi.PagingKind kind = Scalars.word(at, "kind", RestApi.PagingKind.class);
    boolean counted = kind.counted();
    boolean asked = counted || kind == RestApi.PagingKind.CURSOR;
    String otherwise = kind == RestApi.PagingKind.PAGE ? "1" : counted ? "0" : "";
    RestApi.Paging paging =
        new RestApi.Paging(
            kind,
            asked ? at.text("parameter", "") : "",
            asked ? at.text("first", otherwise) : "",
            count(at, "size", 1_000_000),
            at.text("size-parameter", ""),
            counted ? "" : this.place(at, "next"),
            counted ? "" : at.text("next-header", ""),
            this.place(at, "more"),
            this.place(at, "total"),
            at.texts("hosts"),
            count(at, "restart-after", 100_000_000));
    if (counted && !paging.first().matches("\\d{1,9}")) {
      at.invalid("first", paging.first(), "a whole number");
    }
    boolean named = at.has("next") || at.has("next-header");
    boolean names = kind == RestApi.PagingKind.CURSOR || kind == RestApi.PagingKind.NEXT_URL;
    if (names && !named) {
      at.missing("next");
    }
    if (at.has("size-parameter") && !at.has("size")) {
      at.missing("size");
    }
    at.end();
    return paging;
  }

  /** A number from 1; 0 if it isn't there. */
  private static int count(Node at, String key, int most) {
    return at.has(key) ? Scalars.integer(at, key, 1, most, 1) : 0;
  }

  private RestApi.@Nullable Incremental incremental(Node at) {
    DocumentField field =
        DocumentFieldReader.field(at, "field")
            .orElse(new DocumentField(new JsonPath(List.of()), DocumentField.Type.TIMESTAMP));
    boolean time = field.type().time();
    RestApi.Incremental incremental =
        new RestApi.Incremental(
            field,
            at.text("parameter", ""),
            format(at, time),
            time
                ? Scalars.duration(at, "overlap", Duration.ofMinutes(5)).toNanos() / 1000
                : Scalars.integer(at, "overlap", 0, 999_999_999, 0),
            at.has("start") ? start(at, time) : null);
    at.end();
    return incremental;
  }

  private static String format(Node at, boolean time) {
    String format = at.text("format", time ? "iso" : "number");
    if (time == format.equals("number")) {
      at.invalid("format", format, time ? "a format of times" : "number, for a field that is one");
    } else if (!FORMATS.contains(format)) {
      try {
        if (DateTimeFormatter.ofPattern(format)
            .format(Instant.EPOCH.atOffset(ZoneOffset.UTC))
            .isBlank()) {
          at.invalid("format", format, "a pattern that writes something");
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        at.invalid(
            "format",
            format,
            "iso, date, epoch-seconds, epoch-millis, number or a pattern such as \"yyyy-MM-dd HH:mm:ss\"");
      }
    }
    return format;
  }

  private static @Nullable Long start(Node at, boolean time) {
    String text = at.text("start");
    try {
      if (!time) {
        return Long.parseLong(text);
      }
      Instant start =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
              : Instant.parse(text);
      return ChronoUnit.MICROS.between(Instant.EPOCH, start);
    } catch (DateTimeException | NumberFormatException e) {
      at.invalid(
          "start", text, time ? "2026-03-01 or 2026-03-01T00:00:00Z, in quotes" : "a whole number");
      return null;
    }
  }
}
