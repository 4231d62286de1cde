package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestCapture;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMariaDb;
import io.veralake.lake.Lake;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.LandTable.OnLoss;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debezium's connector for MySQL in its modes, the binlog of a real MariaDB that calls itself a
 * MySQL, and what is landed.
 */
final class MySqlIT {
  private static final long SEED = Seed.of(20260303);

  /** What tables of random operations are compared by: the database's own texts. */
  private static final String ROW =
      """
      id, coalesce(amount, 'null'), coalesce(note, 'null'), coalesce(concat(at, ''), 'null'),
      coalesce(flag, 'null'), coalesce(hex(raw), 'null')""";

  @RegisterExtension static final TestMariaDb MARIADB = TestMariaDb.asMySql();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static Connection connection;

  /** The connectors begin amid operations, are ended in the middle, and go on; files change. */
  @BeforeAll
  static void operateAndCapture() throws SQLException, IOException {
    connection = DriverManager.getConnection(MARIADB.url(), MARIADB.user(), MARIADB.password());
    run("set sql_mode = '', time_zone = '+00:00'");
    run("alter database %s character set utf8mb4".formatted(MARIADB.database()));
    run("create table marker (id int primary key)");
    run(
        "create table kept (id bigint primary key, amount decimal(20,4), note text, at timestamp(6) null, flag tinyint, raw varbinary(8))");
    MySqlCases.create(MySqlIT::run);
    Random random = new Random(SEED);
    transactions(random, 40);
    for (int file = 0; file < 8; file++) {
      run("flush binary logs");
    }
    TestCapture capture = new TestCapture(MARIADB);
    for (MySqlCases.Mode mode : MySqlCases.MODES) {
      Map<String, String> settings = new HashMap<>(mode.settings());
      settings.put("files.folder", LAKE.folder().resolve("files").toString());
      capture.with(mode.name(), settings);
    }
    capture.start();
    await(1, capture);
    run("update types set touched = 1");
    transactions(random, 40);
    run("flush binary logs");
    transactions(random, 40);
    capture.stop();
    transactions(random, 40);
    run("flush binary logs");
    capture.start();
    transactions(random, 40);
    await(1000, capture);
    capture.stop();
  }

  static List<MySqlCases.Mode> modes() {
    return MySqlCases.MODES;
  }

  @ParameterizedTest
  @MethodSource("modes")
  void everyValueLandsExactlyOrIsQuarantined(MySqlCases.Mode mode) {
    String table = "types_" + mode.name();
    land(table, mode, "types");
    StructType rowType =
        (StructType) LAKE.lake().rows("raw." + table).schema().apply("after").dataType();
    Map<String, String> values = new HashMap<>();
    for (Row row : rows("select _op, %s from raw.%s", ColumnTexts.of("after", rowType), table)) {
      for (int i = 2; i < row.length(); i++) {
        values.put(row.getString(0) + row.get(1) + rowType.fieldNames()[i - 1], row.getString(i));
      }
    }
    List<String> wrong = new ArrayList<>();
    int id = 0;
    for (MySqlCases.Value value : MySqlCases.VALUES) {
      id++;
      for (String op : List.of("r", "u")) {
        String found = values.getOrDefault(op + id + value.column(), MySqlCases.REFUSED);
        if (!found.equals(value.expected(mode))) {
          wrong.add(op + " " + value + ": " + found + " instead of " + value.expected(mode));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Several changes of a row in one transaction, changed keys and truncates among them. */
  @ParameterizedTest
  @MethodSource("modes")
  void theCurrentRowsAreTheDatabases(MySqlCases.Mode mode) throws SQLException {
    if (mode.decimals().equals("double")) {
      return;
    }
    Landed landed = land("kept_" + mode.name(), mode, "kept");
    assertThat(landed.quarantined()).isZero();
    assertThat(current("kept_" + mode.name())).as("%s, seed %d", mode, SEED).isEqualTo(database());
  }

  @Test
  void placesAreNumbersOfFilesNotTheirNames() {
    MySqlCases.Mode mode = MySqlCases.MODES.get(0);
    land("marked", mode, "marker");

    assertThat(
            rows(
                "select count(distinct _position.major) > 1, min(_position.major) <= 9, max(_position.major) >= 10 from raw.marked"))
        .extracting(Row::toString)
        .containsExactly("[true,true,true]");
    assertThat(LAKE.lake().positions("raw.marked").value("binlogs").orElseThrow())
        .contains("\"0/1/binlog\":[");
  }

  private static Landed land(String table, MySqlCases.Mode mode, String topic) {
    String path = "files/%s.%s.%s".formatted(mode.name(), MARIADB.database(), topic);
    LandTable model =
        new LandTable(
            table,
            LandTable.Format.DEBEZIUM_JSON,
            new LandSource.Folder(path),
            "shop",
            ValueOrigin.constant("shop"),
            List.of(),
            List.of(),
            List.of(),
            ValueOrigin.SOURCE,
            ValueOrigin.RUN,
            CsvDialect.DEFAULT,
            null,
            OnLoss.QUARANTINE,
            Map.of(),
            ChangeEvents.PLAIN);
    return LandStep.run(Landing.context(LAKE.lake(), LAKE.folder(), "r1"), model);
  }

  /** The newest row of each key by its place, without those deleted or truncated away. */
  private static TreeMap<Long, String> current(String table) {
    TreeMap<Long, String> rows = new TreeMap<>();
    for (Row row :
        rows(
            """
            select _op, before.id, after.id, concat_ws('|', coalesce(cast(after.amount as string), 'null'),
            coalesce(after.note, 'null'), coalesce(date_format(after.at, 'yyyy-MM-dd HH:mm:ss.SSSSSS'), 'null'),
            coalesce(cast(after.flag as string), 'null'), coalesce(%s, 'null'))
            from raw.%s order by _position.major, _position.minor, _position.row""",
            table.endsWith("iso")
                ? "hex(unbase64(after.raw))"
                : table.endsWith("nanos") ? "upper(after.raw)" : "hex(after.raw)",
            table)) {
      switch (row.getString(0)) {
        case "t" -> rows.clear();
        case "d" -> rows.remove(row.getLong(1));
        default -> rows.put(row.getLong(2), row.getString(3));
      }
    }
    return rows;
  }

  private static TreeMap<Long, String> database() throws SQLException {
    TreeMap<Long, String> rows = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select " + ROW + " from kept")) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 2; i <= 6; i++) {
          values.add(result.getString(i));
        }
        rows.put(result.getLong(1), String.join("|", values));
      }
    }
    return rows;
  }

  private static void transactions(Random random, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      run("begin");
      for (int j = random.nextInt(5); j >= 0; j--) {
        run(operation(random));
      }
      run(random.nextInt(6) == 0 ? "rollback" : "commit");
    }
  }

  private static String operation(Random random) {
    int id = random.nextInt(20);
    return switch (random.nextInt(10)) {
      case 0, 1, 2 ->
          "replace into kept values (%d, %d.%04d, 'n%d', '2024-02-%02d 12:34:56.%06d', %d, x'%08x')"
              .formatted(
                  id,
                  random.nextInt(),
                  random.nextInt(10_000),
                  random.nextInt(100),
                  1 + random.nextInt(29),
                  random.nextInt(1_000_000),
                  random.nextInt(100),
                  random.nextInt());
      case 3, 4, 5 -> "update kept set flag = (flag + 1) % 100 where id = " + id;
      case 6 -> "update kept set note = null, at = null, raw = '' where id % 5 = " + id % 5;
      case 7 -> "update ignore kept set id = id + 1000 where id < 1000 order by id desc limit 3";
      case 8 -> "delete from kept where id % 1000 = " + id;
      // A statement that ends its transaction.
      default -> random.nextInt(10) == 0 ? "truncate kept" : "delete from kept where id = " + id;
    };
  }

  private static void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns when all connectors have sent what was done before: as in {@link DebeziumIT}. */
  private static void await(int first, TestCapture capture) throws SQLException, IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    int id = first;
    for (MySqlCases.Mode mode : MySqlCases.MODES) {
      Path folder =
          LAKE.folder().resolve("files/%s.%s.marker".formatted(mode.name(), MARIADB.database()));
      for (int least : new int[] {first, -1}) {
        int from = least < 0 ? id : least;
        while (!follows(folder, from)) {
          run("insert into marker values (" + id++ + ")");
          assertThat(System.nanoTime()).as("%s: %s", mode, capture.output()).isLessThan(deadline);
          pause();
        }
      }
    }
  }

  /** Whether a row that was inserted since {@code first} came out of the binlog. */
  private static boolean follows(Path folder, int first) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9]*")) {
      for (Path file : files) {
        Matcher marker =
            Pattern.compile("\"after\":\\{\"id\":(\\d+)\\},\"source\".*?\"op\":\"c\"")
                .matcher(Files.readString(file, StandardCharsets.UTF_8));
        while (marker.find()) {
          if (Integer.parseInt(marker.group(1)) >= first) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<Row> rows(String sql, Object... arguments) {
    Lake lake = LAKE.lake();
    return lake.spark()
        .sql(sql.formatted(arguments).replace("raw.", lake.catalog() + ".raw."))
        .collectAsList();
  }
}
