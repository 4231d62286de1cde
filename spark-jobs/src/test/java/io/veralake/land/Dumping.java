package io.veralake.land;

import io.veralake.fixture.TestPostgres;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Connection;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.DumpMode;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Secret;
import io.veralake.spec.ValueOrigin;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Models of tables that are landed from dumps. */
final class Dumping {
  private Dumping() {}

  /** The connection {@code db}. */
  static Connection postgres(TestPostgres server) {
    return connection(server.url(), server.user(), server.password());
  }

  static Connection connection(String url, String user, String password) {
    return new Connection("db", url, user, new Secret(password), Map.of());
  }

  /** All of {@code table}, read by one. */
  static LandSource.Jdbc jdbc(String table, DumpMode mode) {
    return new LandSource.Jdbc(
        "db", table, "", new LandSource.KeyRanges("", 0, LandSource.SnapshotOf.DUMP), 100, mode);
  }

  static LandTable table(String name, List<String> key, LandSource source, String... columns) {
    return table(name, LandTable.Format.ROWS, key, source, columns);
  }

  static LandTable table(
      String name,
      LandTable.Format format,
      List<String> key,
      LandSource source,
      String... columns) {
    return new LandTable(
        name,
        format,
        source,
        "shop",
        ValueOrigin.constant("shop"),
        key,
        Stream.of(columns)
            .map(column -> column.split(" ", 2))
            .map(words -> new Column(words[0], ColumnType.parse(words[1]).orElseThrow()))
            .toList(),
        List.of(),
        ValueOrigin.SOURCE,
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }
}
