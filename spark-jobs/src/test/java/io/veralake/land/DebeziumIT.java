package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestCapture;
import io.veralake.fixture.TestKafka;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestPostgres;
import io.veralake.fixture.TestRegistry;
import io.veralake.lake.Lake;
import io.veralake.land.TypeCases.Mode;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandSource.OnGap;
import io.veralake.spec.LandTable;
import io.veralake.spec.LandTable.OnLoss;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgreSQL, a real Debezium in each of its modes, a real broker, and what is landed. */
final class DebeziumIT {
  private static final long SEED = Seed.of(20260302);
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();
  @RegisterExtension static final TestKafka KAFKA = new TestKafka();
  @RegisterExtension static final TestRegistry REGISTRY = new TestRegistry();
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static ShopDatabase shop;

  /** The connectors begin amid operations, are ended in the middle, and go on. */
  @BeforeAll
  static void operateAndCapture() throws SQLException {
    shop = new ShopDatabase(POSTGRES);
    Random random = new Random(SEED);
    shop.transactions(random, 60);
    TestCapture capture = new TestCapture(POSTGRES);
    DebeziumConnectors connectors =
        new DebeziumConnectors(KAFKA.servers(), REGISTRY, LAKE.folder().resolve("files"));
    connectors.addTo(capture);
    capture.start();
    shop.transactions(random, 60);
    connectors.await(1, shop, KAFKA, capture);
    shop.run("update shop.types set touched = 1");
    shop.transactions(random, 60);
    capture.stop();
    shop.transactions(random, 60);
    capture.start();
    connectors.await(1000, shop, KAFKA, capture);
    change();
    connectors.await(2000, shop, KAFKA, capture);
    capture.stop();
  }

  private static void change() throws SQLException {
    shop.run("insert into shop.changing values (1, 1, 1.25, 'c1'), (2, 2, 2.25, 'c2')");
    shop.run("alter table shop.changing add column d timestamptz");
    shop.run("update shop.changing set d = '2024-02-29 12:00:00+00' where id = 1");
    shop.run("alter table shop.changing alter a type bigint");
    shop.run("insert into shop.changing values (3, 9007199254740993, 3.25, 'c3', null)");
    shop.run("alter table shop.changing alter b type numeric(12,2)");
    shop.run("update shop.changing set b = 9999999999.99 where id = 2");
    shop.run("alter table shop.changing drop column c");
    shop.run("insert into shop.changing values (4, null, null, '9999-12-31 23:59:59.999999+00')");
    shop.run("update shop.changing set id = 5 where id = 1");
    shop.run("delete from shop.changing where id = 3");
  }

  static List<Mode> modes() {
    return DebeziumConnectors.MODES;
  }

  /** With the same envelopes, once as a model lands them that accepts losses, once as others do. */
  static Stream<Mode> modesAndModels() {
    Mode strict = new Mode("connect", "double", "connect", "numeric", false);
    Mode avro = new Mode("avro_connect", "double", "connect", "numeric", false);
    return Stream.concat(DebeziumConnectors.MODES.stream(), Stream.of(strict, avro));
  }

  @ParameterizedTest
  @MethodSource("modesAndModels")
  void everyValueLandsExactlyOrIsQuarantined(Mode mode) throws SQLException {
    String table = "types_" + mode.name() + (mode.accepts() ? "" : "_exact");
    Landed landed = land(table, mode, "types");
    Map<String, String> values = new HashMap<>();
    StructType rowType = after(table);
    for (Row row : rows("select _op, %s from raw.%s", ColumnTexts.of("after", rowType), table)) {
      for (int i = 2; i < row.length(); i++) {
        values.put(row.getString(0) + row.get(1) + rowType.fieldNames()[i - 1], row.getString(i));
      }
    }
    List<String> wrong = new ArrayList<>();
    long refused = 0;
    int id = 0;
    for (TypeCases.Column column : TypeCases.COLUMNS) {
      for (String value : column.values()) {
        id++;
        String expected = TypeCases.expected(column, value, shop.type(column.name(), id), mode);
        for (String op : List.of("r", "u")) {
          String found = values.getOrDefault(op + id + column.name(), TypeCases.REFUSED);
          boolean number = TypeCases.isNumber(column) && mode.exactText(found);
          if (!expected.equals(number ? TypeCases.plain(found) : found)) {
            wrong.add(
                op + " " + column.name() + " " + value + ": " + found + " instead of " + expected);
          }
          refused += found.equals(TypeCases.REFUSED) ? 1 : 0;
        }
      }
    }
    assertThat(wrong).isEmpty();
    // A connector that is ended may send its last batch again.
    assertThat(landed.quarantined()).isGreaterThanOrEqualTo(refused);
    assertThat(landed.appended()).isEqualTo(2 * (id + 1) - refused);
  }

  /** The same changes, by two connectors that differ in nothing but their converters. */
  @ParameterizedTest
  @ValueSource(strings = {"adaptive avro", "iso avro_iso", "connect avro_connect"})
  void avroLandsAsJsonDoes(String pair) {
    List<Mode> both = Stream.of(pair.split(" ")).map(DebeziumIT::mode).toList();
    List<String> topics =
        pair.startsWith("adaptive") ? List.of("types", "whole", "changing") : List.of("types");
    long snapshots = 0;
    for (Mode mode : both) {
      for (String topic : topics) {
        String table = "same_" + topic + mode.name();
        land(table, mode, topic);
        String sql = "select coalesce(max(_position.major), 0) from raw.%s where _op = 'r'";
        snapshots = Math.max(snapshots, rows(sql, table).get(0).getLong(0));
      }
    }
    for (String topic : topics) {
      String json = "same_" + topic + both.get(0).name();
      String avro = "same_" + topic + both.get(1).name();
      assertThat(after(avro)).isEqualTo(after(json));
      String sql =
          "select _op, _position, _commit_time, _unavailable, to_json(struct(before, after)) from raw.%s where _position.major > %d";
      List<String> rows = rows(sql, json, snapshots).stream().map(Row::toString).toList();
      assertThat(rows(sql, avro, snapshots).stream().map(Row::toString))
          .as("%s, seed %d", avro, SEED)
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(rows);
    }
  }

  private static Mode mode(String name) {
    return DebeziumConnectors.MODES.stream()
        .filter(mode -> mode.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void theCurrentRowsAreTheDatabases(Mode mode) throws SQLException {
    if (mode.decimals().equals("double")) {
      return;
    }
    for (String table : List.of("kept", "whole")) {
      Landed landed = land(table + "_" + mode.name(), mode, table);
      assertThat(landed.quarantined()).isZero();
      assertThat(current(table + "_" + mode.name()))
          .as("%s, seed %d", mode, SEED)
          .isEqualTo(shop.rows(ShopDatabase.ORDER, table));
    }
  }

  @Test
  void columnsAreAddedWidenedAndDropped() throws SQLException {
    land("changing", DebeziumConnectors.MODES.get(0), "changing");

    assertThat(after("changing").simpleString())
        .isEqualTo("struct<id:int,a:bigint,b:decimal(12,2),c:string,d:timestamp>");
    TreeMap<Long, String> database =
        shop.rows(
            "id, coalesce(a::text, 'null'), coalesce(b::text, 'null'), coalesce(to_char(d at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'null')",
            "changing");
    TreeMap<Long, String> current = current("changing");
    current.replaceAll((id, row) -> row.replaceFirst("\\|[^|]*(\\|[^|]*)$", "$1"));
    assertThat(current).isEqualTo(database);
  }

  @ParameterizedTest
  @MethodSource("plainModes")
  void withoutSchemasRowsLandAsDeclared(Mode mode) throws SQLException {
    for (String table : List.of("kept", "whole")) {
      String name = table + "_" + mode.name();
      Landed landed =
          landPlain(
              name,
              mode,
              table,
              "id bigint, amount decimal(20,4), note string, at timestamp, day date, flag boolean, raw binary");
      assertThat(landed.quarantined()).isZero();
      assertThat(current(name)).as("seed %d", SEED).isEqualTo(shop.rows(ShopDatabase.ORDER, table));
    }
    Landed changing =
        landPlain(
            "changing_" + mode.name(),
            mode,
            "changing",
            "id int, a int, b decimal(12,2), c string");
    assertThat(changing.appended()).isEqualTo(2);
    assertThat(
            rows("select distinct reason from raw.quarantine where source_table like 'changing%%'"))
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            "Cannot land column a: 9007199254740993 (an integer of 32 bits)",
            "Unknown column d (declare it in the land model)");
  }

  @Test
  void filesLandAsTopicsDo() throws SQLException {
    for (String table : List.of("kept", "whole")) {
      Landed landed =
          LandStep.run(
              Landing.context(LAKE.lake(), LAKE.folder(), "r1"),
              Landing.debezium("files_" + table, "files/files.shop." + table));
      assertThat(landed.files()).isPositive();
      assertThat(landed.quarantined()).isZero();
      assertThat(current("files_" + table))
          .as("seed %d", SEED)
          .isEqualTo(shop.rows(ShopDatabase.ORDER, table));
    }
  }

  static List<Mode> plainModes() {
    return DebeziumConnectors.PLAIN;
  }

  private static Landed landPlain(String table, Mode mode, String topic, String columns) {
    List<Column> declared =
        Stream.of(columns.split(", "))
            .map(column -> column.split(" "))
            .map(words -> new Column(words[0], ColumnType.parse(words[1]).orElseThrow()))
            .toList();
    ConnectorModes modes =
        new ConnectorModes(
            ConnectorModes.Decimals.valueOf(mode.decimals().toUpperCase(Locale.ROOT)),
            ConnectorModes.Times.valueOf(mode.times().toUpperCase(Locale.ROOT)),
            ConnectorModes.Binaries.BYTES);
    LandSource.Topics topics =
        new LandSource.Topics(List.of(mode.name() + ".shop." + topic), OnGap.STOP);
    return nothingMissing(
        LandStep.audited(
            Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers()),
            Landing.topics(table, topics, declared, modes)));
  }

  /** The newest row of each key by source position, without those deleted or truncated away. */
  private static TreeMap<Long, String> current(String table) {
    StructType type = after(table);
    TreeMap<Long, List<String>> rows = new TreeMap<>();
    for (Row row :
        rows(
            "select _op, before.id, _unavailable, %s from raw.%s order by _position.major, _position.minor, _op desc",
            ColumnTexts.of("after", type), table)) {
      switch (row.getString(0)) {
        case "t" -> rows.clear();
        case "d" -> rows.remove(((Number) row.get(1)).longValue());
        default -> {
          Long id = Long.valueOf(row.getString(3));
          List<String> values = new ArrayList<>();
          for (int i = 4; i < row.length(); i++) {
            values.add(row.getString(i));
          }
          if (!row.isNullAt(2)) {
            for (Object name : row.getList(2)) {
              List<String> held = rows.get(id);
              int place = type.fieldIndex(name.toString().replace("before.", "")) - 1;
              if (!name.toString().startsWith("before.") && held != null) {
                values.set(place, held.get(place));
              }
            }
          }
          rows.put(id, values);
        }
      }
    }
    TreeMap<Long, String> joined = new TreeMap<>();
    rows.forEach((id, values) -> joined.put(id, String.join("|", values)));
    return joined;
  }

  private static Landed land(String table, Mode mode, String topic) {
    String name = mode.name() + ".shop." + topic;
    LandSource.Topics topics = new LandSource.Topics(List.of(name), OnGap.STOP);
    LandTable model =
        Landing.topics(
            table,
            mode.avro() ? LandTable.Format.DEBEZIUM_AVRO : LandTable.Format.DEBEZIUM_JSON,
            topics,
            mode.accepts() ? OnLoss.ACCEPT : OnLoss.QUARANTINE);
    return nothingMissing(
        LandStep.audited(
            Landing.context(LAKE.lake(), LAKE.folder(), "r1", KAFKA.servers(), REGISTRY.url()),
            mode.avro() ? Landing.registered(model, DebeziumConnectors.digits(mode)) : model));
  }

  /** The audit finds no hole in what a real connector numbered, not even where it was restarted. */
  private static Landed nothingMissing(LandAudit audit) {
    assertThat(audit.doubts()).noneMatch(doubt -> doubt.contains("are missing between"));
    return audit.landed();
  }

  private static StructType after(String table) {
    return (StructType) LAKE.lake().rows("raw." + table).schema().apply("after").dataType();
  }

  private static List<Row> rows(String sql, Object... arguments) {
    Lake lake = LAKE.lake();
    return lake.spark()
        .sql(sql.formatted(arguments).replace("raw.", lake.catalog() + ".raw."))
        .collectAsList();
  }
}
