package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.flag.Answer.Verdict;
import io.veralake.flag.Flag;
import io.veralake.flag.FlagTables;
import io.veralake.lake.RunContext;
import io.veralake.land.LandStep;
import io.veralake.mart.MartStep;
import io.veralake.publish.PublishStep;
import io.veralake.spec.Configured;
import io.veralake.spec.LandTable;
import io.veralake.spec.Mart;
import io.veralake.spec.ModelReader;
import io.veralake.spec.VaultTable;
import io.veralake.vault.VaultStep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Loans of a library, doubted by its readers: each doubt gets the answer that it deserves. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FlagIT {
  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  private ClickHouse clickHouse;
  private FlagTables tables;

  @BeforeAll
  static void aPublishedDay() {
    try (ClickHouse clickHouse = ClickHouse.connect(CLICKHOUSE.server())) {
      clickHouse.execute("DROP DATABASE IF EXISTS recon SYNC");
    }
    marts(1);
    PublishStep.run(run(1), "library");
  }

  private static void marts(int day) {
    RunContext run = run(day);
    for (LandTable table : run.model().land()) {
      LandStep.run(run, table);
    }
    for (VaultTable table : run.model().vault()) {
      VaultStep.run(run, table);
    }
    for (Mart mart : run.model().marts()) {
      MartStep.run(run, mart);
    }
  }

  private static RunContext run(int day) {
    Configured configured =
        ModelReader.read(
            LibraryBooks.EXAMPLE.resolve("conf"),
            "local",
            Map.of(
                "VERALAKE_INPUT", "data/day" + day, "VERALAKE_CLICKHOUSE_URL", CLICKHOUSE.url()));
    return new RunContext(
        "library-" + day,
        Instant.parse("2026-05-0%dT00:00:00Z".formatted(day + 1)),
        LAKE.lake(),
        configured.engine(),
        configured.model());
  }

  @BeforeEach
  void connect() {
    this.clickHouse = ClickHouse.connect(CLICKHOUSE.server());
    this.tables = new FlagTables(this.clickHouse);
    this.clickHouse.execute("TRUNCATE TABLE recon.flag");
    this.clickHouse.execute("TRUNCATE TABLE recon.answer");
  }

  @AfterEach
  void disconnect() {
    this.clickHouse.close();
  }

  private void flag(String mart, Map<String, String> key, Map<String, String> seen) {
    Instant now = Instant.parse("2026-05-02T08:00:00.123456Z");
    this.tables.add(new Flag(UUID.randomUUID(), now, "ada", mart, key, "", "", seen, "strange"));
  }

  /** What the next night answers to the only open flag. */
  private FlagTables.Told answered() {
    Map<Verdict, Long> verdicts = FlagStep.run(run(1));
    assertThat(verdicts.values()).containsExactly(1L);
    List<FlagTables.Told> told = this.tables.latest(10);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).state())
        .isEqualTo(verdicts.keySet().iterator().next().name().toLowerCase(java.util.Locale.ROOT));
    return told.get(0);
  }

  private String answer(String mart, Map<String, String> key, Map<String, String> seen) {
    this.flag(mart, key, seen);
    FlagTables.Told told = this.answered();
    return told.state() + ": " + told.answer();
  }

  @Test
  @Order(1)
  void aDashboardWritesAndReadsIt() {
    this.clickHouse.execute(
        "INSERT INTO recon.flag (mart, key, doubt) VALUES ('fact_loan', map('loan_id', '101'), 'it''s\n\"odd\"')");
    assertThat(this.tables.latest(10)).extracting(FlagTables.Told::state).containsExactly("open");
    FlagTables.Told told = this.answered();
    assertThat(told.flag().doubt()).isEqualTo("it's\n\"odd\"");
    assertThat(told.flag().reader()).isEqualTo("default");
    assertThat(told.state()).isEqualTo("right");
    assertThat(told.answer()).isEqualTo("The row is what the records of the sources give.");
    assertThat(
            this.clickHouse.value(
                "SELECT explanation FROM recon.flag_answered WHERE state = 'right'"))
        .contains("\"raw.loans\"")
        .contains("data/day1/loans/2026-05-01.csv");
    assertThat(LAKE.lake().rows("recon.answer").collectAsList())
        .extracting(row -> row.getAs("verdict"), row -> row.getAs("mart"))
        .containsExactly(org.assertj.core.groups.Tuple.tuple("right", "fact_loan"));
  }

  @Test
  @Order(2)
  void anAnsweredFlagIsNotAnsweredAgain() {
    this.flag("fact_loan", Map.of("loan_id", "102"), Map.of());
    assertThat(FlagStep.run(run(1))).containsOnly(Map.entry(Verdict.RIGHT, 1L));
    assertThat(FlagStep.run(run(1))).isEmpty();
  }

  @Test
  @Order(3)
  void whatWasSeenIsCompared() {
    assertThat(
            this.answer(
                "fact_loan", Map.of("loan_id", "103"), Map.of("fee", "0", "status", "lent")))
        .isEqualTo("right: The row is what the records of the sources give.");
    this.connect();
    assertThat(
            this.answer(
                "fact_loan", Map.of("loan_id", "103"), Map.of("fee", "1.50", "desk", "south")))
        .isEqualTo(
            "corrected: The row is what the records of the sources give. fee is 0.00, and was seen as 1.50.");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_id", "999"), Map.of("fee", "1.50")))
        .isEqualTo(
            "corrected: There is no such row, neither for readers nor by the records of the sources. fee was seen as 1.50.");
  }

  @Test
  @Order(4)
  void aFlagThatNamesNoFigureIsToldSo() {
    assertThat(this.answer("fact_loans", Map.of("loan_id", "1"), Map.of()))
        .isEqualTo("unclear: Unknown mart: fact_loans (did you mean \"fact_loan\"?)");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_idd", "1"), Map.of()))
        .isEqualTo(
            "unclear: Unknown column of mart fact_loan: loan_idd (did you mean \"loan_id\"?)");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_id", "x' OR 1=1 --"), Map.of()))
        .isEqualTo("unclear: Invalid value of column loan_id: x' OR 1=1 -- (its type is bigint)");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of(), Map.of()))
        .isEqualTo(
            "unclear: Missing key, or partition and measure (the grain of mart fact_loan is [loan_id])");
  }

  /** A flag that only one of both engines can read must not stop the night. */
  @Test
  @Order(4)
  void whatSparkReadsIsAskedOfClickHouseInItsOwnWords() {
    assertThat(
            this.answer("fact_loan", Map.of("loan_id", " 101 ", "lent_on", "2026-5-1"), Map.of()))
        .isEqualTo("right: The row is what the records of the sources give.");
  }

  @Test
  @Order(5)
  void whatReadersSeeWrongIsFound() {
    String table =
        this.clickHouse.value(
            "SELECT name FROM system.tables WHERE database = 'library_data' AND name LIKE 'fact_loan%' AND engine LIKE '%MergeTree' LIMIT 1");
    this.clickHouse.execute(
        "ALTER TABLE library_data.`%s` UPDATE status = 'lost' WHERE loan_id = 102 SETTINGS mutations_sync = 2"
            .formatted(table));
    assertThat(this.answer("fact_loan", Map.of("loan_id", "102"), Map.of()))
        .startsWith("wrong: ClickHouse shows something else than was published");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_id", "101"), Map.of())).startsWith("right: ");
    this.clickHouse.execute(
        "ALTER TABLE library_data.`%s` UPDATE status = 'lent' WHERE loan_id = 102 SETTINGS mutations_sync = 2"
            .formatted(table));
  }

  @Test
  @Order(6)
  void whatIsNotPublishedYetIsSaid() {
    marts(2);
    assertThat(this.answer("fact_loan", Map.of("loan_id", "101"), Map.of("status", "lent")))
        .isEqualTo(
            "behind: The mart holds other values since it was published; the next publication shows them. status is returned, and was seen as lent.");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_id", "102"), Map.of())).startsWith("right: ");
    PublishStep.run(run(2), "library");
    this.connect();
    assertThat(this.answer("fact_loan", Map.of("loan_id", "101"), Map.of("status", "lent")))
        .isEqualTo(
            "corrected: The row is what the records of the sources give. status is returned, and was seen as lent.");
  }
}
