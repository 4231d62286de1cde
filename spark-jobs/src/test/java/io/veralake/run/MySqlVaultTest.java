package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.land.LandStep;
import io.veralake.land.Landed;
import io.veralake.land.ReplayStep;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.ChangeEvents.Binlog;
import io.veralake.spec.ChangeEvents.Unnamed;
import io.veralake.spec.Column;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.Hub;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultSource;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MySQL's changes through raw into a satellite, in any order, with any part repeated. */
final class MySqlVaultTest {
  private static final long SEED = Seed.of(31);
  private static final List<VaultSource> SOURCES =
      List.of(new VaultSource("kept", Map.of(), "true"));
  private static final Hub HUB = new Hub("hub_kept", TestModel.columns("id bigint"), SOURCES);
  private static final Satellite SATELLITE =
      new Satellite("sat_kept", HUB, TestModel.columns("note string"), List.of(), SOURCES);
  private static final ConnectorModes MODES =
      new ConnectorModes(
          ConnectorModes.Decimals.STRING,
          ConnectorModes.Times.ISOSTRING,
          ConnectorModes.Binaries.BYTES);

  private final Random random = new Random(SEED);
  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");
  private int files;
  private int runs;

  @ParameterizedTest
  @CsvSource({"true,false,true", "true,true,false", "false,true,true"})
  void theSatelliteHasWhatTheDatabaseHas(boolean schemas, boolean whole, boolean gtids)
      throws IOException {
    MySqlHistory history = new MySqlHistory(this.random, schemas, whole, gtids).of(40);
    List<String> lines = new ArrayList<>(history.lines());
    int distinct = lines.size();
    for (int i = 0; i < distinct / 4; i++) {
      lines.add(lines.get(this.random.nextInt(distinct)));
    }
    Collections.shuffle(lines, this.random);
    int third = lines.size() / 3;
    LandTable table = table(schemas, Binlog.ONE);
    long appended = 0;
    long read = 0;
    for (List<String> part :
        List.of(
            lines.subList(0, third),
            lines.subList(third, 2 * third),
            lines.subList(2 * third, lines.size()))) {
      Landed landed = this.land(part, table);
      assertThat(landed.quarantined()).as("seed %d", SEED).isZero();
      appended += landed.appended();
      read += landed.read();
      this.vault(table);
    }
    long tombstones = history.lines().stream().filter(l -> l.endsWith("\"value\":null}")).count();
    assertThat(read).as("seed %d", SEED).isEqualTo(lines.size());
    assertThat(appended).as("seed %d", SEED).isEqualTo(distinct - tombstones);
    assertThat(this.current(table)).as("seed %d", SEED).isEqualTo(history.rows());
  }

  /** Another server's numbers of files begin anew: 3 comes after 9. */
  @Test
  void changesOfAnotherServerWaitUntilTheModelTells() throws IOException {
    LandTable untold = table(true, Binlog.ONE);
    this.land(List.of(event(1, "mysql-bin.000009", 4000, 1000, "old")), untold);
    List<String> other = List.of(event(2, "mysql-bin.000003", 200, 9000, "new"));

    assertThat(this.land(other, untold).quarantined()).isOne();
    assertThat(this.reasons())
        .containsExactly(
            "Change of another binlog: mysql-bin of server 2, sent at 1970-01-01T00:00:09Z (the table has mysql-bin of server 1, the last sent at 1970-01-01T00:00:01Z: positions of two don't compare; if the connector went over from one to the other, binlog.anew = [\"…\"], an instant between its last change of the one and its first of the other; if the connector reads a replica, whose binlog has the changes of all, binlog.servers = [1, 2])");
    assertThat(ReplayStep.run(this.context(untold), List.of(untold)).get(0).quarantined()).isOne();

    LandTable told = table(true, new Binlog(List.of(), List.of(Instant.ofEpochSecond(5))));
    assertThat(ReplayStep.run(this.context(told), List.of(told)).get(0).appended()).isOne();
    this.vault(told);
    assertThat(this.current(told)).isEqualTo(Map.of(1L, "new"));
    assertThat(this.land(other, told).duplicate()).isOne();
    assertThat(this.land(List.of(event(2, "mysql-bin.000004", 4, 9500, "newest")), told).appended())
        .isOne();
  }

  @Test
  void changesOfSeveralServersInOneBinlogLandWhereTheModelNamesThem() throws IOException {
    LandTable table = table(true, new Binlog(List.of(1L, 2L), List.of()));
    this.land(
        List.of(
            event(2, "mysql-bin.000010", 4, 2000, "new"),
            event(1, "mysql-bin.000009", 4000, 1000, "old")),
        table);
    this.vault(table);
    assertThat(this.current(table)).isEqualTo(Map.of(1L, "new"));

    Landed third = this.land(List.of(event(3, "mysql-bin.000011", 4, 3000, "third")), table);
    assertThat(third.quarantined()).isOne();
    assertThat(this.reasons()).singleElement().asString().contains("binlog.servers = [1, 2, 3]");
  }

  /** In the first batch, what most changes are from counts. */
  @Test
  void binlogsOfOtherNamesWait() throws IOException {
    LandTable table = table(true, Binlog.ONE);
    Landed landed =
        this.land(
            List.of(
                event(1, "binlog.000009", 5000, 2000, "x"),
                event(1, "mysql-bin.000009", 4000, 1000, "y"),
                event(1, "mysql-bin.000009", 6000, 3000, "z")),
            table);

    assertThat(landed.appended()).isEqualTo(2);
    assertThat(landed.quarantined()).isOne();
    assertThat(this.reasons())
        .containsExactly(
            "Change of another binlog: binlog of server 1, sent at 1970-01-01T00:00:02Z (the table has mysql-bin of server 1: positions of two don't compare; if the connector went over from one to the other, binlog.anew = [\"…\"], an instant between its last change of the one and its first of the other)");
  }

  /** Without numbers in its transaction, a server may give all of its changes one place. */
  @Test
  void changesOfOnePlaceAreADoubt() throws IOException {
    LandTable table = table(true, Binlog.ONE);
    Path folder = Files.createDirectories(this.input.resolve("kept"));
    Files.write(
        folder.resolve("1.json"),
        List.of(
            event(1, "binlog.000001", 100, 1000, "a"),
            event(1, "binlog.000001", 100, 1000, "b"),
            event(1, "binlog.000001", 200, 1000, "c")));

    assertThat(LandStep.audited(this.context(table), table).doubts())
        .containsExactly(
            "2 changes have the place of another one in the source's order: which of them came first isn't known (provide.transaction.metadata = true at the connector numbers the changes of a transaction)");
  }

  private List<String> reasons() {
    return this.lake.rows("raw.quarantine").select("reason").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static String event(int server, String file, long pos, long sent, String note) {
    MySqlHistory one = new MySqlHistory(new Random(1), true, false, false).of(0);
    return one.lines()
        .get(0)
        .replaceFirst("\"note\":\"n\\d\"", "\"note\":\"" + note + "\"")
        .replace("\"server_id\":0", "\"server_id\":" + server)
        .replace("\"mysql-bin.000008\"", "\"" + file + "\"")
        .replace("\"pos\":157", "\"pos\":" + pos)
        .replace("\"snapshot\":\"first\"", "\"snapshot\":\"false\"")
        .replace("\"op\":\"r\"", "\"op\":\"u\"")
        .replaceFirst("\"ts_ms\":\\d+\\}\\}\\}$", "\"ts_ms\":" + sent + "}}}");
  }

  private static LandTable table(boolean schemas, Binlog binlog) {
    List<Column> columns = schemas ? List.of() : TestModel.columns("id bigint", "note string");
    return Models.events(
        "kept",
        new LandSource.Folder("kept"),
        columns,
        schemas ? null : MODES,
        new ChangeEvents(null, false, "", Unnamed.KEEP, binlog));
  }

  private Landed land(List<String> lines, LandTable table) throws IOException {
    Path folder = Files.createDirectories(this.input.resolve("kept"));
    Files.writeString(folder.resolve(this.files++ + ".json"), String.join("\n", lines));
    return LandStep.run(this.context(table), table);
  }

  private void vault(LandTable table) {
    this.runs++;
    VaultStep.run(this.context(table), HUB);
    VaultStep.run(this.context(table), SATELLITE);
  }

  private RunContext context(LandTable table) {
    Instant asOf = Models.asOf().plusSeconds(this.runs);
    return Models.context(this.lake, this.input, "r" + this.runs, asOf, model(table));
  }

  private static Model model(LandTable table) {
    return new Model(List.of(table), List.of(HUB, SATELLITE), List.of(), List.of(), List.of());
  }

  private Map<Long, String> current(LandTable table) {
    String rows =
        new VaultViews(model(table)).current(SATELLITE, this.lake.sqlName("vault.sat_kept"));
    String key = HUB.hashKey();
    Map<Long, String> current = new TreeMap<>();
    for (Row row :
        this.lake
            .spark()
            .sql(
                "SELECT h.id, s.note FROM (%s) s JOIN %s h ON s.%s = h.%s"
                    .formatted(rows, this.lake.sqlName("vault.hub_kept"), key, key))
            .collectAsList()) {
      assertThat(current.put(row.getLong(0), row.getString(1))).as("seed %d", SEED).isNull();
    }
    return current;
  }
}
