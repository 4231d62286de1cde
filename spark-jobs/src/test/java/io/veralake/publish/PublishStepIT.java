package io.veralake.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PublishStepIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private static final String FACT = "SELECT id, day, region, amount FROM %s.fact ORDER BY id";
  private static final String TWO_MONTHS =
      "(1, '2026-01-05', 'north', 10.50), (2, '2026-01-06', null, 0.25), (3, '2026-02-01', 'south', -3)";

  private SmallStar star;

  @BeforeEach
  void newStar(TestInfo test) {
    String name =
        "p_" + test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    this.star = new SmallStar(TestLake.fresh(), CLICKHOUSE.server(), name).create();
    this.star.fact(TWO_MONTHS);
    this.star.region("('north', 'North'), ('south', null)");
  }

  @Test
  void firstPublicationShowsAllAndASecondWithoutChangeIsNone() {
    Published first = this.star.publish();

    assertThat(first).isEqualTo(new Published(this.star.name, 1, 2, 3, 5, true));
    assertThat(this.star.query(FACT))
        .containsExactly(
            "1|2026-01-05|north|10.5", "2|2026-01-06|NULL|0.25", "3|2026-02-01|south|-3");
    assertThat(this.star.query("SELECT * FROM %s.region ORDER BY region"))
        .containsExactly("north|North", "south|NULL");
    assertThat(this.star.publish()).isEqualTo(Published.unchanged(this.star.name, 1));
    assertThat(this.star.query("SELECT max(number) FROM %s_data.switches")).containsExactly("1");
  }

  @Test
  void onlyChangedPartitionsAreLoadedAndUndoGoesBackAndForward() {
    this.star.publish();
    this.star.fact("(3, '2026-02-01', 'south', 7), (4, '2026-02-02', 'south', 1)");

    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 1, 1, 2, true));
    assertThat(this.star.query("SELECT id, amount FROM %s.fact ORDER BY id"))
        .containsExactly("1|10.5", "2|0.25", "3|7", "4|1");
    assertThat(UndoStep.run(this.star.context(), this.star.name).generation()).isEqualTo(1);
    assertThat(this.star.query("SELECT id, amount FROM %s.fact ORDER BY id"))
        .containsExactly("1|10.5", "2|0.25", "3|-3");
    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 0, 0, 0, true));
    assertThat(this.star.query("SELECT sum(amount) FROM %s.fact")).containsExactly("18.75");
  }

  @Test
  void undoGoesNoFurtherThanWhatIsKept() {
    assertThatThrownBy(() -> UndoStep.run(this.star.context(), this.star.name))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot undo star " + this.star.name + ": it was never published");
    this.star.publish();
    this.star.fact("(3, '2026-02-01', 'south', 7)");
    this.star.publish();
    this.star.fact("(3, '2026-02-01', 'south', 8)");
    this.star.publish();
    UndoStep.run(this.star.context(), this.star.name);
    assertThatThrownBy(() -> UndoStep.run(this.star.context(), this.star.name))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot undo star "
                + this.star.name
                + ": generation 2 has no earlier one that is kept (engine.publish.keep-generations = 1)");
    assertThat(this.star.query("SELECT DISTINCT _version FROM %s_data.fact ORDER BY _version"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void emptiedPartitionVanishes() {
    this.star.publish();
    this.star.sql("DELETE FROM %s.mart.fact WHERE day >= DATE'2026-02-01'");
    assertThat(this.star.publish().generation()).isEqualTo(2);
    assertThat(this.star.query("SELECT id FROM %s.fact ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void rewrittenFilesWithTheSameRowsAreNotLoaded() {
    this.star.publish();
    this.star.fact(TWO_MONTHS);
    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 0, 0, 0, true));
    assertThat(this.star.query("SELECT id FROM %s.fact ORDER BY id"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void rowsLostInClickHouseAreLoadedAgain() {
    this.star.publish();
    this.star.execute("ALTER TABLE %s_data.fact DROP PARTITION (202601, 1)");
    this.star.region("('north', 'The north')");
    assertThat(this.star.publish()).isEqualTo(new Published(this.star.name, 2, 2, 2, 3, true));
    assertThat(this.star.query("SELECT id FROM %s.fact ORDER BY id"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void stagedRowsThatWereTamperedWithStopThePublication() {
    this.star.publish();
    this.star.fact("(3, '2026-02-01', 'south', 7), (4, '2026-02-02', 'south', 1)");
    WritePath losing =
        load -> {
          new PushPath(this.star.server).write(load);
          this.star.execute("DELETE FROM " + load.stagingName() + " WHERE id = 4");
        };
    assertThatThrownBy(
            () -> PublishStep.run(this.star.context(), this.star.name, null, losing, move -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "(?s)Failed to verify .*fact__staging_run_\\d+` against mart.fact snapshot \\d+: 1 of 1 partitions differ;"
                + " nothing was published .*\npartition \\[202602\\]: Iceberg 2 rows, checksum \\d+/\\d+, amount 8.00,"
                + " ClickHouse 1 rows, checksum \\d+/\\d+, amount 7.00");
    assertThat(this.star.query("SELECT sum(amount) FROM %s.fact")).containsExactly("7.75");
    assertThat(this.star.publish().generation()).isEqualTo(2);
    assertThat(this.star.query("SELECT sum(amount) FROM %s.fact")).containsExactly("18.75");
    assertThat(
            this.star.query(
                "SELECT name FROM system.tables WHERE database = '%s_data' AND name LIKE '%staging%'"))
        .isEmpty();
  }

  @Test
  void crashBeforeAnyMoveThenRerunEqualsACleanRun() {
    List<String> moves = new ArrayList<>();
    PublishStep.run(this.star.context(), this.star.name, null, moves::add);
    assertThat(moves)
        .containsExactly(
            "load fact",
            "load region",
            "attach fact",
            "attach region",
            "record",
            "views",
            "switch",
            "clean up");
    int generation = 7;
    for (String crash : moves) {
      List<String> before = this.star.query(FACT);
      String values = "(3, '2026-02-01', 'south', " + generation + "), (9, '2026-03-01', 'x', 1)";
      this.star.fact(values);
      this.star.region("('north', '" + generation + "')");
      generation++;
      assertThatThrownBy(
              () ->
                  PublishStep.run(
                      this.star.context(),
                      this.star.name,
                      null,
                      move -> {
                        if (move.equals(crash)) {
                          throw new IllegalStateException("crash");
                        }
                      }))
          .hasMessage("crash");
      if (!crash.equals("clean up")) {
        assertThat(this.star.query(FACT)).as(crash).isEqualTo(before);
      }
      this.star.publish();
      String expected = Integer.toString(generation - 1);
      assertThat(this.star.query("SELECT amount FROM %s.fact WHERE id = 3"))
          .as(crash)
          .containsExactly(expected);
      assertThat(this.star.query("SELECT name FROM %s.region")).as(crash).containsExactly(expected);
      assertThat(this.star.query("SELECT count(), uniqExact(id) FROM %s.fact"))
          .as(crash)
          .containsExactly("4|4");
      assertThat(
              this.star.query(
                  "SELECT count() FROM %s_data.fact WHERE _version NOT IN (SELECT version FROM %s_data.pointers WHERE table = 'fact')"))
          .as(crash)
          .containsExactly("0");
    }
  }

  @Test
  void addedColumnWidensTheTableAndAnotherTypeMakesANewOne() {
    this.star.keep(2).publish();
    this.star.sql("ALTER TABLE %s.mart.region ADD COLUMN size int");
    this.star.publications(
        this.star.publication(
            "region",
            TestModel.mart(
                "region",
                TestModel.columns("region string", "name string", "size int"),
                List.of("region")),
            List.of("region"),
            Map.of()));
    this.star.sql("INSERT INTO %s.mart.region VALUES ('east', 'East', 5)");
    assertThat(this.star.publish().rows()).isEqualTo(3);
    assertThat(this.star.query("SELECT * FROM %s.region ORDER BY region"))
        .containsExactly("east|East|5", "north|North|NULL", "south|NULL|NULL");

    this.star.publications(
        this.star.publication(
            "region",
            TestModel.mart(
                "region",
                TestModel.columns("region string", "name string", "size int"),
                List.of("region")),
            List.of("region"),
            Map.of("size", "Nullable(String)")));
    this.star.publish();
    assertThat(
            this.star.query("SELECT region, size, toTypeName(size) FROM %s.region ORDER BY region"))
        .containsExactly(
            "east|5|Nullable(String)",
            "north|NULL|Nullable(String)",
            "south|NULL|Nullable(String)");
    assertThat(
            this.star.query(
                "SELECT name FROM system.tables WHERE database = '%s_data' AND name LIKE 'region%' AND engine = 'MergeTree' ORDER BY name"))
        .containsExactly("region", "region__2");
    UndoStep.run(this.star.context(), this.star.name);
    assertThat(this.star.query("SELECT * FROM %s.region ORDER BY region"))
        .containsExactly("east|East|5", "north|North|NULL", "south|NULL|NULL");
    for (int i = 0; i < 3; i++) {
      this.star.sql("INSERT INTO %s.mart.region VALUES ('r" + i + "', 'R', 1)");
      this.star.publish();
    }
    assertThat(
            this.star.query(
                "SELECT name FROM system.tables WHERE database = '%s_data' AND name LIKE 'region%' AND engine = 'MergeTree' ORDER BY name"))
        .containsExactly("region__2");
    assertThat(this.star.query("SELECT count() FROM %s.region")).containsExactly("6");
  }

  @Test
  void missingMartIsSaid() {
    this.star.sql("DROP TABLE %s.mart.region");
    assertThatThrownBy(() -> this.star.publish())
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Missing rows of mart.region, which star "
                + this.star.name
                + " publishes (run veralake mart first)");
  }
}
