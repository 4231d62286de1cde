package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Gets a package's archive from an npm registry: through npm with the user's own settings, or plainly over HTTP where npm is missing. */
final class PackageSource {
  /** Registry to ask where npm is missing; npm itself has its own settings. */
  static final String REGISTRY = "VERALAKE_NPM_REGISTRY";

  private static final String PUBLIC_REGISTRY = "https://registry.npmjs.org";
  private static final Duration REPORT_EVERY = Duration.ofSeconds(2);

  private final Map<String, String> environment;
  private final Consumer<String> progress;

  PackageSource(Map<String, String> environment, Consumer<String> progress) {
    this.environment = environment;
    this.progress = progress;
  }

  /** Downloads {@code name@version} into the empty folder and returns the archive. */
  Path download(String name, String version, long size, Path folder)
      throws IOException, InterruptedException {
    String registry = this.environment.getOrDefault(REGISTRY, "");
    if (registry.isEmpty() && onPath("npm")) {
      return withNpm(name, version, size, folder);
    }
    if (registry.isEmpty()) {
      registry = this.environment.getOrDefault("npm_config_registry", PUBLIC_REGISTRY);
    }
    return overHttp(registry, name, version, size, folder);
  }

  private boolean onPath(String program) {
    String path = this.environment.getOrDefault("PATH", "");
    return Stream.of(path.split(":"))
        .filter(p -> !p.isEmpty())
        .anyMatch(p -> Files.isExecutable(Path.of(p, program)));
  }

  /** npm's cache lies in the folder too: its size is the progress, and nothing is stored twice afterwards. */
  private Path withNpm(String name, String version, long size, Path folder)
      throws IOException, InterruptedException {
    Path errors = folder.resolve("npm.err");
    Path target = Files.createDirectory(folder.resolve("packed"));
    ProcessBuilder builder =
        new ProcessBuilder(
            "npm",
            "pack",
            "--cache",
            folder.resolve("npm").toString(),
            "--pack-destination",
            target.toString(),
            name + "@" + version);
    builder.environment().clear();
    builder.environment().putAll(this.environment);
    Process npm =
        builder
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      while (!npm.waitFor(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        report(sizeOf(folder), size);
      }
    } finally {
      npm.destroy();
    }
    if (npm.exitValue() != 0) {
      throw new ServerException(
          "Failed to fetch " + name + "@" + version + " with npm: \n" + Files.readString(errors));
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.findFirst().orElseThrow();
    }
  }

  private Path overHttp(String registry, String name, String version, long size, Path folder)
      throws IOException, InterruptedException {
    String base = registry.endsWith("/") ? registry : registry + "/";
    String file = name.substring(name.indexOf('/') + 1) + "-" + version + ".tgz";
    URI url = URI.create(base + name + "/-/" + file);
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    HttpResponse<InputStream> response;
    try {
      response =
          client.send(
              HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new ServerException("Failed to fetch " + url + ": " + e + advice(), e);
    }
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw new ServerException(
            "Failed to fetch " + url + ": HTTP " + response.statusCode() + advice());
      }
      return copy(in, size, folder.resolve(file));
    }
  }

  private static String advice() {
    return " (install npm, or set " + REGISTRY + " to the base URL of a registry you can reach)";
  }

  private Path copy(InputStream in, long size, Path file) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long done = 0;
    long next = System.nanoTime() + REPORT_EVERY.toNanos();
    try (var out = Files.newOutputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        done += count;
        if (System.nanoTime() > next) {
          report(done, size);
          next += REPORT_EVERY.toNanos();
        }
      }
    }
    return file;
  }

  private void report(long done, long size) {
    long percent = Math.min(99, done * 100 / size);
    this.progress.accept(
        "  " + done / 1_000_000 + " of " + size / 1_000_000 + " MB (" + percent + " %)");
  }

  /** Bytes below a folder whose files come and go meanwhile. */
  private static long sizeOf(Path folder) {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
    return files.stream().map(Path::toFile).filter(f -> f.isFile()).mapToLong(f -> f.length()).sum();
  }
}
