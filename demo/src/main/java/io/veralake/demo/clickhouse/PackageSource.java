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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gets a package's archive from an npm registry: through npm with the user's own settings, or
 * plainly over HTTP where npm is missing.
 */
final class PackageSource {
  /** Registry to ask where npm is missing; npm itself has its own settings. */
  static final String REGISTRY = "VERALAKE_NPM_REGISTRY";

  private static final String PUBLIC_REGISTRY = "https://registry.npmjs.org";
  private static final Duration REPORT_EVERY = Duration.ofSeconds(2);

  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private long reported;

  PackageSource(Map<String, String> environment, Consumer<String> progress) {
    this.environment = environment;
    this.progress = progress;
  }

  /** Downloads {@code name@version} into the empty folder and returns the archive. */
  Path download(String name, String version, long size, Path folder)
      throws IOException, InterruptedException {
    String registry = this.environment.getOrDefault(REGISTRY, "");
    Optional<Path> npm = onPath("npm");
    if (registry.isEmpty() && npm.isPresent()) {
      return withNpm(npm.get(), name + "@" + version, size, folder);
    }
    if (registry.isEmpty()) {
      registry = this.environment.getOrDefault("npm_config_registry", PUBLIC_REGISTRY);
    }
    return overHttp(registry, name, version, size, folder);
  }

  private Optional<Path> onPath(String program) {
    String path = this.environment.getOrDefault("PATH", "");
    return Stream.of(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * npm's cache lies in the folder too: its size is the progress, and nothing is stored twice
   * afterwards.
   */
  private Path withNpm(Path npm, String what, long size, Path folder)
      throws IOException, InterruptedException {
    Path errors = folder.resolve("npm.err");
    Path target = Files.createDirectory(folder.resolve("packed"));
    ProcessBuilder builder =
        new ProcessBuilder(
            npm.toString(), "pack", "--cache", folder.resolve("npm").toString(), what);
    builder.environment().clear();
    builder.environment().putAll(this.environment);
    Process process =
        builder
            .directory(target.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      while (!process.waitFor(REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        report(sizeOf(folder), size);
      }
    } finally {
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new ServerException(
          "Failed to fetch "
              + what
              + " with npm (check the network and 'npm config get registry', or set "
              + REGISTRY
              + " to the base URL of a registry you can reach):\n"
              + Files.readString(errors).strip());
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
    long megabytes = megabytes(Math.min(done, size));
    if (megabytes > this.reported) {
      this.reported = megabytes;
      this.progress.accept("  " + megabytes + " of " + megabytes(size) + " MB");
    }
  }

  /** Rounded as download pages show it. */
  static long megabytes(long bytes) {
    return Math.round(bytes / 1e6);
  }

  /** Bytes below a folder whose files come and go meanwhile. */
  private static long sizeOf(Path folder) {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
    return files.stream()
        .map(Path::toFile)
        .filter(f -> f.isFile())
        .mapToLong(f -> f.length())
        .sum();
  }
}
