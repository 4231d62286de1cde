package io.veralake.demo.s3;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Just enough of S3 to fill a bucket, with the JDK's HTTP client: for demos and tests, independent
 * of the clients that the engine uses.
 */
public final class S3Client {
  private static final String REGION = "us-east-1";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String endpoint;
  private final Signature signature;

  /** For a store whose buckets are path elements, as MinIO has them. */
  public S3Client(String endpoint, String accessKey, String secretKey) {
    this.endpoint = endpoint;
    this.signature = new Signature(accessKey, secretKey, REGION);
  }

  /** Whether a request to the path, without signature, is answered with 200. */
  public boolean answers(String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(this.endpoint + path)).build();
      return this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Creates a bucket, unless this account has it already. */
  public void createBucket(String bucket) {
    HttpResponse<byte[]> response = send("PUT", bucket, "", BodyPublishers.noBody());
    boolean there = text(response).contains("BucketAlreadyOwnedByYou");
    if (!there) {
      check("create the bucket " + bucket, response);
    }
  }

  /** Writes an object. */
  public void put(String bucket, String key, byte[] content) {
    check(
        "write s3://" + bucket + "/" + key,
        send("PUT", bucket, key, BodyPublishers.ofByteArray(content)));
  }

  /** Writes a file as an object, without holding it in memory. */
  public void put(String bucket, String key, Path file) throws IOException {
    check(
        "write s3://" + bucket + "/" + key, send("PUT", bucket, key, BodyPublishers.ofFile(file)));
  }

  /** The object's content. */
  public byte[] read(String bucket, String key) {
    HttpResponse<byte[]> response = send("GET", bucket, key, BodyPublishers.noBody());
    check("read s3://" + bucket + "/" + key, response);
    return response.body();
  }

  /**
   * The object's entity tag, which is the MD5 of what one request wrote; empty if there is no such
   * object.
   */
  public Optional<String> entityTag(String bucket, String key) {
    HttpResponse<byte[]> response = send("HEAD", bucket, key, BodyPublishers.noBody());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    check("look for s3://" + bucket + "/" + key, response);
    return response.headers().firstValue("ETag").map(tag -> tag.replace("\"", ""));
  }

  private HttpResponse<byte[]> send(String method, String bucket, String key, BodyPublisher body) {
    String path =
        Stream.of((bucket + "/" + key).split("/", -1))
            .map(S3Client::escape)
            .collect(Collectors.joining("/"));
    URI url = URI.create(this.endpoint + "/" + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, body);
    this.signature.sign(request, method, url, Instant.now());
    try {
      return this.http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new S3Exception(
          "Cannot reach the object store at " + this.endpoint + ": " + e + " (is it running?)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new S3Exception("Interrupted while talking to " + this.endpoint, e);
    }
  }

  private static void check(String what, HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new S3Exception(
          "Failed to " + what + ": HTTP " + response.statusCode() + " " + text(response));
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static String escape(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
