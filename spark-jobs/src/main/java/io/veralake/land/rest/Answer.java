package io.veralake.land.rest;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param address that was asked
 * @param status of HTTP
 * @param headers of it
 * @param body decompressed
 * @param secret whether its records hold sensitive values, so that none of it is told
 */
record Answer(URI address, int status, HttpHeaders headers, byte[] body, boolean secret) {
  /** Stands at the end of texts that go on. */
  static final String CUT = "…";

  private static final int SHOWN = 300;

  /** One of which all may be told. */
  Answer(URI address, int status, HttpHeaders headers, byte[] body) {
    this(address, status, headers, body, false);
  }

  /** The same, with sensitive values. */
  Answer hidden() {
    return new Answer(this.address, this.status, this.headers, this.body, true);
  }

  /** When the server says that it answered. */
  Optional<Instant> date() {
    return this.instant("Date");
  }

  /** The first value of a header. */
  Optional<String> header(String name) {
    return this.headers.firstValue(name);
  }

  /** How many milliseconds the server asks to wait; empty: it doesn't say. */
  Optional<Long> retryAfter() {
    Optional<String> text = this.header("Retry-After").map(String::strip);
    if (text.isPresent() && text.get().matches("\\d{1,9}(\\.\\d+)?")) {
      return text.map(seconds -> (long) Math.ceil(Double.parseDouble(seconds) * 1000));
    }
    // The difference of the server's own times: its clock and ours may disagree.
    return this.instant("Retry-After")
        .flatMap(
            then -> this.date().map(now -> Math.max(0, then.toEpochMilli() - now.toEpochMilli())));
  }

  /** The beginning of the body, on one line. */
  String shown() {
    if (this.secret) {
      return this.body.length + " bytes, not shown: the table has sensitive values";
    }
    String text =
        new String(this.body, 0, Math.min(SHOWN, this.body.length), StandardCharsets.UTF_8);
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.isEmpty() ? "no text" : line + (this.body.length > SHOWN ? CUT : "");
  }

  private Optional<Instant> instant(String name) {
    try {
      return this.header(name)
          .map(
              text ->
                  ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
