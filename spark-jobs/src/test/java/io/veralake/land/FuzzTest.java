package io.veralake.land;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.land.decode.CarefulDecoder;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A hundred thousand broken records between good ones, in each format: the night goes on, read =
 * appended + duplicate + quarantined exactly, good records land as if they were alone, and what is
 * quarantined is there byte for byte.
 */
final class FuzzTest {
  private static final long SEED = Seed.of(22);
  private static final int EACH = Integer.getInteger("veralake.fuzz", 40_000);
  private static final int GOOD_ONE_IN = 10;

  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static long quarantined;

  private final Path input = TestLake.newFolder("fuzz");
  private final Random random = new Random(SEED);
  private final Mutants mutants = new Mutants(this.random);

  /** Lines of a file and which of them weren't touched. */
  private static final class Offered {
    private final List<byte[]> all = new ArrayList<>();
    private final List<byte[]> good = new ArrayList<>();
  }

  @Test
  void changeEvents() throws IOException {
    String schema =
        Envelopes.schema(
            "id int32",
            "a string",
            "n " + Envelopes.decimal(12, 2),
            "d double",
            "b boolean",
            "t {\"name\":\"io.debezium.time.MicroTimestamp\"}"
                .replace("{\"name\"", "{\"x\":\"\",\"name\""));
    this.lands(
        Models.debezium("events", "events", "shop"),
        i ->
            Envelopes.line(
                schema,
                i % 3 == 0 ? "u" : "c",
                "null",
                String.format(
                    Locale.ROOT,
                    "{\"id\":%d,\"a\":\"ä%d\",\"n\":\"AQ==\",\"d\":%d.25,\"b\":true,\"t\":null}",
                    i,
                    i,
                    i),
                1000L + i,
                1));
  }

  @Test
  void documents() throws IOException {
    this.lands(
        Models.files("documents", LandTable.Format.JSON_LINES, "documents", "web"),
        i ->
            "{\"id\":%d,\"user\":{\"name\":\"Ünal\",\"tags\":[1,2.5e3,null,true]},\"t\":\"2026-03-01T00:00:00Z\"}"
                .formatted(i));
  }

  @Test
  void commaSeparatedValues() throws IOException {
    List<Column> columns =
        List.of(
            new Column("id", ColumnType.parse("int").orElseThrow()),
            new Column("name", ColumnType.parse("string").orElseThrow()),
            new Column("price", ColumnType.parse("decimal(8,2)").orElseThrow()),
            new Column("at", ColumnType.parse("timestamp").orElseThrow()));
    this.lands(
        Landing.csv("values", "values", columns, ""),
        i -> "%d,Ünal %d,%d.50,2026-03-01T00:00:00Z".formatted(i, i, i % 1000));
  }

  @Test
  void changeEventsWithoutSchema() throws IOException {
    List<Column> columns =
        List.of(
            new Column("id", ColumnType.parse("int").orElseThrow()),
            new Column("a", ColumnType.parse("string").orElseThrow()),
            new Column("n", ColumnType.parse("decimal(12,2)").orElseThrow()),
            new Column("at", ColumnType.parse("timestamp").orElseThrow()));
    ConnectorModes modes =
        new ConnectorModes(
            ConnectorModes.Decimals.STRING,
            ConnectorModes.Times.ISOSTRING,
            ConnectorModes.Binaries.BYTES);
    this.lands(
        table("plain", columns, modes, ChangeEvents.PLAIN),
        i ->
            "{\"key\":{\"id\":%1$d},\"value\":{\"before\":null,\"after\":{\"id\":%1$d,\"a\":\"ä%1$d\",\"n\":\"%1$d.25\",\"at\":\"2026-03-01T00:00:00Z\"},\"source\":{\"connector\":\"mysql\",\"ts_ms\":1772323200000,\"db\":\"shop\",\"table\":\"a\",\"server_id\":1,\"gtid\":null,\"file\":\"binlog.000001\",\"pos\":%1$d,\"row\":0},\"op\":\"c\",\"ts_ms\":1}}"
                .formatted(i));
  }

  @Test
  void changeEventsOfDocuments() throws IOException {
    this.lands(
        table("carts", List.of(), null, new ChangeEvents(null, true, "")),
        i ->
            "{\"key\":{\"id\":\"%1$d\"},\"value\":{\"before\":null,\"after\":\"{\\\"_id\\\": %1$d,\\\"n\\\": {\\\"$numberDecimal\\\": \\\"1.50\\\"}}\",\"updateDescription\":null,\"source\":{\"connector\":\"mongodb\",\"ts_ms\":1772323200000,\"db\":\"shop\",\"collection\":\"carts\",\"ord\":%1$d,\"txnNumber\":null},\"op\":\"c\",\"ts_ms\":1,\"transaction\":null}}"
                .formatted(i));
  }

  private static LandTable table(
      String name, List<Column> columns, ConnectorModes modes, ChangeEvents events) {
    return Models.events(name, new LandSource.Folder(name), columns, modes, events);
  }

  @AfterAll
  static void aHundredThousandOfThemWereBad() {
    assertThat(quarantined).as("seed %d", SEED).isGreaterThan(2L * EACH);
  }

  private interface Line {
    String of(int i);
  }

  private void lands(LandTable table, Line line) throws IOException {
    boolean header = table.format() == LandTable.Format.CSV;
    Offered offered = new Offered();
    for (int i = 0; i < EACH; i++) {
      byte[] record = line.of(i).getBytes(UTF_8);
      // Where schemas contradict each other, a new table's columns are those of the first record.
      if (i == 0 || this.random.nextInt(GOOD_ONE_IN) == 0) {
        offered.good.add(record);
        offered.all.add(record);
      } else {
        byte[] mutant = this.mutants.of(record);
        offered.all.add(header ? unquoted(mutant) : mutant);
      }
    }
    this.write(table.name(), offered.all, header);
    Landed landed = this.land(table);

    assertThat(landed.read()).as("seed %d", SEED).isEqualTo(offered.all.size() - landed.skipped());
    assertThat(landed.appended() + landed.duplicate() + landed.quarantined())
        .as("seed %d", SEED)
        .isEqualTo(landed.read());
    assertThat(landed.quarantined()).as("seed %d", SEED).isGreaterThan(EACH / 2);
    quarantined += landed.quarantined();
    this.quarantinedByteForByte(table.name(), offered.all, header ? 1 : 0);
    this.goodOnesAsIfAlone(table, offered.good, header);
    assertThat(this.land(table)).isEqualTo(Landed.nothing(table.name()));
  }

  private void quarantinedByteForByte(String table, List<byte[]> all, int headers) {
    TreeMap<Long, byte[]> kept = new TreeMap<>();
    for (Row row :
        rows(
            "SELECT row, bytes, reason FROM raw.quarantine WHERE source_table = '" + table + "'")) {
      assertThat(kept.put(row.getLong(0), row.getAs(1))).as("seed %d: twice", SEED).isNull();
      assertThat(row.getString(2))
          .as("seed %d", SEED)
          .isNotBlank()
          .doesNotStartWith(CarefulDecoder.REASON);
    }
    kept.forEach(
        (row, bytes) -> {
          byte[] sent = all.get((int) (row - 1));
          int length = sent[sent.length - 1] == '\r' ? sent.length - 1 : sent.length;
          assertThat(bytes)
              .as("seed %d, %s, record %d, %d headers", SEED, table, row, headers)
              .isEqualTo(Arrays.copyOf(sent, length));
        });
  }

  /** Every good record's row is there, as it is when it is landed without the others. */
  private void goodOnesAsIfAlone(LandTable table, List<byte[]> good, boolean header)
      throws IOException {
    String alone = table.name() + "_alone";
    this.write(alone, good, header);
    LandTable other =
        header
            ? Landing.csv(alone, alone, table.columns(), "")
            : table.format() == LandTable.Format.DEBEZIUM_JSON
                ? table(alone, table.columns(), table.connector(), table.events())
                : Models.files(alone, table.format(), alone, table.system());
    assertThat(this.land(other).appended()).as("seed %d", SEED).isEqualTo(good.size());
    List<String> there = texts("SELECT to_json(after) FROM raw." + table.name());
    List<String> expected = texts("SELECT to_json(after) FROM raw." + alone);
    assertThat(expected).hasSize(good.size());
    assertThat(new HashSet<>(there)).as("seed %d", SEED).containsAll(expected);
  }

  private void write(String folder, List<byte[]> records, boolean header) throws IOException {
    Path file = Files.createDirectories(this.input.resolve(folder)).resolve("1.txt");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      if (header) {
        out.write("id,name,price,at\n".getBytes(UTF_8));
      }
      for (byte[] record : records) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(record.length + 1);
        line.writeBytes(record);
        line.write('\n');
        out.write(line.toByteArray());
      }
    }
  }

  /**
   * A quote may hide the line feeds behind it: which records there are would be another question.
   */
  private static byte[] unquoted(byte[] record) {
    for (int i = 0; i < record.length; i++) {
      record[i] = record[i] == '"' ? (byte) '\'' : record[i];
    }
    return record;
  }

  private Landed land(LandTable table) {
    return LandStep.run(Landing.context(LAKE.lake(), this.input, "r1"), table);
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(row -> row.getString(0)).toList();
  }

  private static List<Row> rows(String sql) {
    return LAKE.lake()
        .spark()
        .sql(sql.replace("raw.", LAKE.lake().catalog() + ".raw."))
        .collectAsList();
  }
}
