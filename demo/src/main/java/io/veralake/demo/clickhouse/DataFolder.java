package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What the engine finds in its folder when it starts: {@code conf}, {@code data} and an own working
 * directory {@code files}.
 */
final class DataFolder {
  private static final String CONFIG =
      """
      <clickhouse>
        <users_config>users.xml</users_config>
        <display_name>veralake</display_name>
        <mark_cache_size>67108864</mark_cache_size>
        <max_connections>256</max_connections>
        <max_concurrent_queries>64</max_concurrent_queries>
        <query_log>
          <database>system</database>
          <table>query_log</table>
          <flush_interval_milliseconds>1000</flush_interval_milliseconds>
        </query_log>
      </clickhouse>
      """;

  /** The engine has no writeable store of users: they come from this file only. */
  private static final String USERS =
      """
      <clickhouse>
        <profiles><default/></profiles>
        <quotas><default/></quotas>
        <users>
          <default>
            <password></password>
            <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
          </default>
        </users>
      </clickhouse>
      """;

  private final Path root;

  private DataFolder(Path root) {
    this.root = root;
  }

  /** Creates what is missing; data of earlier runs stays. */
  static DataFolder prepare(Path root) throws IOException {
    DataFolder folder = new DataFolder(root);
    Files.createDirectories(folder.files());
    Path conf = Files.createDirectories(root.resolve("conf"));
    Files.writeString(conf.resolve("users.xml"), USERS);
    Files.writeString(folder.config(), CONFIG);
    folder.seedSystemDatabase();
    return folder;
  }

  Path data() {
    return this.root.resolve("data");
  }

  Path config() {
    return this.root.resolve("conf").resolve("config.xml");
  }

  /**
   * The engine shows the files of its working directory as tables of the database {@code default}:
   * an empty one hides nothing and shows nothing.
   */
  Path files() {
    return this.root.resolve("files");
  }

  /**
   * Without this the database {@code system} lives in memory, and its query log stops silently
   * after the first restart because the log's directory already exists.
   */
  private void seedSystemDatabase() throws IOException {
    Path metadata = Files.createDirectories(data().resolve("metadata"));
    Path statement = metadata.resolve("system.sql");
    if (Files.exists(statement)) {
      return;
    }
    String id = UUID.randomUUID().toString();
    Path store = Path.of("store", id.substring(0, 3), id);
    Files.createDirectories(data().resolve(store));
    Files.deleteIfExists(metadata.resolve("system"));
    Files.createSymbolicLink(metadata.resolve("system"), Path.of("..").resolve(store));
    Files.writeString(statement, "ATTACH DATABASE _ UUID '" + id + "'\nENGINE = Atomic\n");
  }
}
