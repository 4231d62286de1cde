package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/**
 * Promise 1: however the input is split, ordered and repeated, the vault answers as the oracle
 * does. Each run holds hundreds of histories, each with keys of its own.
 */
final class ConvergenceTest {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), sources("one", "two", "three"));
  private static final Hub PRODUCT =
      new Hub("hub_product", List.of(column("other", "string")), sources("one", "two"));
  private static final Link LINE =
      new Link(
          "link_line",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("product", PRODUCT)),
          List.of(column("line", "int")),
          true,
          List.of(),
          sources("one", "two"));
  private static final Link EVENT =
      new Link(
          "link_event",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("product", PRODUCT)),
          List.of(),
          false,
          List.of(column("line", "int"), column("name", "string")),
          sources("one", "two"),
          otherNames("EVENT_PK"));
  private static final List<Column> PAYLOAD = List.of(column("name", "string"), column("n", "int"));
  private static final Satellite BY_POSITION =
      new Satellite("sat_position", CUSTOMER, PAYLOAD, List.of(), sources("one", "two"));
  private static final Satellite BY_TIME =
      new Satellite(
          "sat_time",
          CUSTOMER,
          PAYLOAD,
          List.of(),
          sources("one", "three"),
          SatelliteForm.PLAIN,
          otherNames("Customer_PK"));
  private static final Satellite ON_LINK =
      new Satellite("sat_line", LINE, List.of(column("n", "int")), List.of(), sources("one"));

  /** As other tools call such columns. */
  private static VaultNames otherNames(String hashKey) {
    return new VaultNames(
        hashKey,
        "HASHDIFF",
        "LOAD_DATE",
        "SOURCE",
        "EFFECTIVE_FROM",
        "IsGone",
        List.of("P1", "P2", "P3"),
        "VALID_FROM",
        "VALID_TO");
  }

  private static List<VaultSource> sources(String... names) {
    return List.of(names).stream().map(VaultFixture::source).toList();
  }

  @Test
  void someRowsAreLate() throws Exception {
    this.vaultAnswersAsTheOracle(new RandomHistories(seed(7), 400, 2, 0.3, 0));
  }

  @Test
  void allRowsAreInDisorderAndSourcesAreTruncated() throws Exception {
    this.vaultAnswersAsTheOracle(new RandomHistories(seed(8), 400, 3, 1.0, 3));
  }

  @Test
  void rowsComeInOrder() throws Exception {
    this.vaultAnswersAsTheOracle(new RandomHistories(seed(9), 300, 2, 0.0, 0));
  }

  private static long seed(long usual) {
    return Long.getLong("veralake.seed", usual);
  }

  private void vaultAnswersAsTheOracle(RandomHistories random) throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .raw("erp", "three")
            .vault(CUSTOMER, PRODUCT, LINE, EVENT, BY_POSITION, BY_TIME, ON_LINK);
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String name : RandomHistories.SOURCES) {
        List<RawRow> rows = random.batch(name, batch);
        if (!rows.isEmpty()) {
          vault.land(name, rows);
        }
      }
      vault.load();
    }
    this.check(vault, random, "seed " + random.seed());
  }

  private void check(VaultFixture vault, RandomHistories random, String what) {
    VaultOracle oracle = new VaultOracle(RandomHistories.COLUMNS);
    for (VaultTable table : List.of(CUSTOMER, PRODUCT, LINE)) {
      List<String> keys = List.copyOf(oracle.keys(shape(table), rows(random, table)));
      assertSame(what + " " + table.name(), this.hashKeys(vault, table), keys);
    }
    List<String> events = oracle.events(shape(EVENT), rows(random, EVENT), true);
    assertSame(what + " link_event", this.events(vault), events);
    for (Satellite satellite : List.of(BY_POSITION, BY_TIME, ON_LINK)) {
      boolean byPosition = satellite != BY_TIME;
      assertSame(
          what + " " + satellite.name(),
          this.history(vault, satellite),
          oracle.history(shape(satellite), rows(random, satellite), byPosition));
      this.checkInstants(vault, random, satellite, byPosition);
    }
  }

  private void checkInstants(
      VaultFixture vault, RandomHistories random, Satellite satellite, boolean byPosition) {
    VaultOracle oracle = new VaultOracle(RandomHistories.COLUMNS);
    Map<String, List<VaultOracle.Version>> versions =
        oracle.versions(shape(satellite), rows(random, satellite), byPosition);
    List<Long> instants = List.of(0L, 13L, 27L, 40L, 1000L);
    String sql =
        """
        SELECT concat(second, ' ', lower(hex(%s)), ' ',
          if(%s, 'null', concat('[', concat_ws(', ', %s), ']')))
        FROM %s JOIN (SELECT explode(array(%s)) AS second)
          ON %6$s <= timestamp_seconds(second)
            AND (%7$s IS NULL OR %7$s > timestamp_seconds(second))"""
            .formatted(
                satellite.hashKey(),
                satellite.names().deleted(),
                texts(satellite),
                vault.lake().sqlName("vault." + satellite.name() + VaultViews.HISTORY),
                instants.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                satellite.names().effectiveFrom(),
                satellite.names().effectiveTo());
    List<String> found =
        vault.lake().spark().sql(sql).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertSame(
        satellite.name() + " at instants",
        found,
        instants.stream()
            .flatMap(second -> oracle.at(versions, second).stream().map(t -> second + " " + t))
            .toList());
  }

  /** Compares sorted rows and shows only those that differ. */
  private static void assertSame(String what, List<String> found, List<String> expected) {
    List<String> extra = new ArrayList<>(found);
    expected.forEach(extra::remove);
    List<String> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    assertThat(expected).as(what).isNotEmpty();
    assertThat(extra).as(what + ": rows too many; missing: " + missing).isEmpty();
    assertThat(missing).as(what + ": rows missing").isEmpty();
  }

  private static String texts(Satellite satellite) {
    return satellite.payload().stream()
        .map(column -> "coalesce(cast(" + column.name() + " as string), 'null')")
        .collect(Collectors.joining(", "));
  }

  private List<String> history(VaultFixture vault, Satellite satellite) {
    String sql =
        new VaultViews(vault.model())
            .history(satellite, vault.lake().sqlName("vault." + satellite.name()));
    int width = satellite.payload().size();
    return vault.lake().spark().sql(sql).collectAsList().stream()
        .map(row -> historyText(row, width))
        .sorted()
        .toList();
  }

  private static String historyText(Row row, int width) {
    List<Object> values = new ArrayList<>();
    for (int i = 1; i <= width; i++) {
      values.add(row.get(i));
    }
    return "%s %s deleted=%s %s..%s applied %s %s"
        .formatted(
            hex(row.getAs(0)),
            values,
            row.getBoolean(width + 1),
            second(row, width + 2),
            row.isNullAt(width + 3) ? null : second(row, width + 3),
            second(row, width + 4),
            row.getString(width + 5));
  }

  private List<String> hashKeys(VaultFixture vault, VaultTable table) {
    return vault
        .lake()
        .rows("vault." + table.name())
        .select(table.hashKey())
        .collectAsList()
        .stream()
        .map(row -> hex(row.getAs(0)))
        .sorted()
        .toList();
  }

  private List<String> events(VaultFixture vault) {
    return vault
        .lake()
        .rows("vault.link_event")
        .select("EVENT_PK", "line", "name", "EFFECTIVE_FROM", "P1", "SOURCE")
        .collectAsList()
        .stream()
        .map(
            row ->
                hex(row.getAs(0))
                    + " ["
                    + row.get(1)
                    + ", "
                    + row.get(2)
                    + "] "
                    + second(row, 3)
                    + " "
                    + row.getLong(4)
                    + " "
                    + row.getString(5))
        .sorted()
        .toList();
  }

  private static String hex(Object bytes) {
    return java.util.HexFormat.of().formatHex((byte[]) bytes);
  }

  private static long second(Row row, int column) {
    return row.getTimestamp(column).toInstant().getEpochSecond();
  }

  private static Collection<List<RawRow>> rows(RandomHistories random, VaultTable table) {
    return table.sources().stream().map(source -> random.all(source.from())).toList();
  }

  private static VaultOracle.Shape shape(VaultTable table) {
    VaultTable keyed = table instanceof Satellite satellite ? satellite.parent() : table;
    List<Column> payload = table instanceof Satellite satellite ? satellite.payload() : List.of();
    if (keyed instanceof Hub hub) {
      return new VaultOracle.Shape(hub.businessKey(), List.of(), payload);
    }
    Link link = (Link) keyed;
    List<Column> ends =
        link.ends().stream().flatMap(end -> end.hub().businessKey().stream()).toList();
    return new VaultOracle.Shape(
        ends, link.dependentKey(), table == EVENT ? link.payload() : payload);
  }
}
