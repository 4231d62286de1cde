package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Sends requests, follows redirections inside the hosts that are trusted, decompresses. */
final class Wire {
  private static final int MOST_REDIRECTIONS = 5;
  private static final int LONGEST = 256 << 20;

  private final int longest;
  private final HttpClient client;
  private final Duration timeout;
  private final Set<String> trusted = new HashSet<>();

  Wire(Connection connection, List<String> hosts) {
    this(connection, hosts, LONGEST);
  }

  /** The same with answers of up to {@code longest} bytes. */
  Wire(Connection connection, List<String> hosts, int longest) {
    this.longest = longest;
    this.timeout = connection.http().timeout();
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(this.timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.trusted.add(Addresses.origin(URI.create(connection.url())));
    hosts.forEach(host -> this.trusted.add(Addresses.origin(URI.create(host))));
  }

  /** Whether {@code address} may be asked with the connection's credentials. */
  boolean trusts(URI address) {
    return this.trusted.contains(Addresses.origin(address));
  }

  /** The answer; {@code follow}: behind redirections, if there are any that are trusted. */
  Answer send(ApiRequest request, boolean follow) throws IOException {
    ApiRequest next = request;
    for (int i = 0; ; i++) {
      Answer answer = this.once(next);
      boolean moved =
          answer.status() == 307
              || answer.status() == 308
              || (next.method().equals("GET")
                  && (answer.status() == 301 || answer.status() == 302));
      URI to = moved ? location(answer) : null;
      if (!follow || to == null || !this.trusts(to) || i == MOST_REDIRECTIONS) {
        return answer;
      }
      next = next.at(to);
    }
  }

  private static @Nullable URI location(Answer answer) {
    try {
      return answer.header("Location").map(answer.address()::resolve).orElse(null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Answer once(ApiRequest request) throws IOException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(request.address());
    builder.setHeader("Accept-Encoding", "gzip");
    request.headers().forEach((name, value) -> header(builder, name, value));
    if (request.method().equals("POST")) {
      builder.POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
    }
    CompletableFuture<HttpResponse<byte[]>> coming =
        this.client.sendAsync(builder.build(), answer -> new Bounded(this.longest));
    HttpResponse<byte[]> response = this.await(coming);
    boolean zip =
        response.headers().firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip");
    byte[] bytes = zip ? unzipped(response.body(), this.longest) : response.body();
    return new Answer(request.address(), response.statusCode(), response.headers(), bytes);
  }

  /** The client's own message would show the value. */
  private static void header(HttpRequest.Builder builder, String name, String value) {
    try {
      builder.setHeader(name, value);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "Cannot send the header %s: it is one that the client sends itself, or its name or value has characters that headers can't have (a line end in a secret?)"
              .formatted(name));
    }
  }

  /** The client's own timeout ends at the first byte of the body. */
  private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> coming)
      throws IOException {
    try {
      return coming.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      coming.cancel(true);
      throw new HttpTimeoutException("no whole answer in " + this.timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof LongAnswerException) {
          throw new LongAnswerException(this.longest);
        }
      }
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      coming.cancel(true);
      Thread.currentThread().interrupt();
      throw new DataException("Cannot go on reading: the run was stopped", e);
    }
  }

  private static byte[] unzipped(byte[] body, int longest) throws IOException {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream((int) Math.min(longest, body.length * 4L));
    if (body.length == 0) {
      return body;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 1 << 16)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (bytes.size() + n > longest) {
          throw new LongAnswerException(longest);
        }
        bytes.write(buffer, 0, n);
      }
    }
    return bytes.toByteArray();
  }
}
