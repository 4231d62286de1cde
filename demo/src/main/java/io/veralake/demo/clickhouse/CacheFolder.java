package io.veralake.demo.clickhouse;

import java.nio.file.Path;
import java.util.Map;

/** Where things that are fetched once are kept: outside the project, one folder a user. */
final class CacheFolder {
  private CacheFolder() {}

  /**
   * {@code VERALAKE_CACHE}, else {@code XDG_CACHE_HOME/veralake}, else {@code ~/.cache/veralake}.
   */
  static Path of(Map<String, String> environment) {
    String own = environment.getOrDefault("VERALAKE_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own).toAbsolutePath();
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path parent = xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return parent.resolve("veralake").toAbsolutePath();
  }
}
