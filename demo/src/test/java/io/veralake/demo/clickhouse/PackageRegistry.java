package io.veralake.demo.clickhouse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** An npm registry that has one package, and may break off in the middle. */
final class PackageRegistry implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private final byte[] archive;
  private volatile boolean breaksOff;

  PackageRegistry(byte[] library) throws IOException {
    this.archive = archive("package/libchdb.so", library);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.server.createContext("/", this::answer);
    this.server.start();
  }

  String url() {
    return "http://127.0.0.1:" + this.server.getAddress().getPort();
  }

  int requests() {
    return this.requests.get();
  }

  void breakOff(boolean value) {
    this.breaksOff = value;
  }

  String sha512() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(this.archive);
      return Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    this.requests.incrementAndGet();
    String path = "/@chdb/lib-linux-x64-gnu/-/lib-linux-x64-gnu-" + EngineLibrary.VERSION + ".tgz";
    if (!exchange.getRequestURI().getPath().equals(path)) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(200, this.archive.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(this.archive, 0, this.breaksOff ? this.archive.length / 2 : this.archive.length);
    }
  }

  /** A gzipped tar archive with another file before the one that counts. */
  private static byte[] archive(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      write(out, "package/package.json", "{}".getBytes(StandardCharsets.UTF_8));
      write(out, name, content);
      out.write(new byte[1024]);
    }
    return bytes.toByteArray();
  }

  private static void write(OutputStream out, String name, byte[] content) throws IOException {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "000755 ");
    put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
    put(header, 156, "0");
    out.write(header);
    out.write(content);
    out.write(new byte[(512 - content.length % 512) % 512]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() {
    this.server.stop(0);
  }
}
