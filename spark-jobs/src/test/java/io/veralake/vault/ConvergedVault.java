package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;

import io.veralake.fixture.Lakes;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * A vault that was loaded with random histories, batch by batch, and how it differs from the
 * oracle's.
 */
final class ConvergedVault {
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

  private final RandomHistories random;
  private final VaultFixture vault;
  private final VaultOracle oracle = new VaultOracle(RandomHistories.COLUMNS);
  private final Map<Integer, List<String>> differences = new TreeMap<>();

  private ConvergedVault(RandomHistories random) throws Exception {
    this.random = random;
    this.vault =
        new VaultFixture(Lakes.fresh(Lakes.sessionOfTests()), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .raw("erp", "three")
            .vault(CUSTOMER, PRODUCT, LINE, EVENT, BY_POSITION, BY_TIME, ON_LINK);
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String name : RandomHistories.SOURCES) {
        List<RawRow> rows = random.batch(name, batch);
        if (!rows.isEmpty()) {
          this.vault.land(name, rows);
        }
      }
      this.vault.load();
    }
  }

  /**
   * In what the vault answers otherwise than the oracle, by history; {@link RandomHistories#NONE}:
   * in a key that no history has.
   */
  static Map<Integer, List<String>> differences(RandomHistories random) throws Exception {
    ConvergedVault converged = new ConvergedVault(random);
    converged.compare();
    return converged.differences;
  }

  private void compare() {
    for (VaultTable table : List.of(CUSTOMER, PRODUCT, LINE)) {
      List<String> keys = List.copyOf(this.oracle.keys(shape(table), this.rows(table)));
      this.note(table, "", this.hashKeys(table), keys);
    }
    this.note(EVENT, "", this.events(), this.oracle.events(shape(EVENT), this.rows(EVENT), true));
    for (Satellite satellite : List.of(BY_POSITION, BY_TIME, ON_LINK)) {
      boolean byPosition = satellite != BY_TIME;
      this.note(
          satellite,
          "",
          this.history(satellite),
          this.oracle.history(shape(satellite), this.rows(satellite), byPosition));
      this.compareInstants(satellite, byPosition);
    }
  }

  private void compareInstants(Satellite satellite, boolean byPosition) {
    Map<String, List<VaultOracle.Version>> versions =
        this.oracle.versions(shape(satellite), this.rows(satellite), byPosition);
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
                this.vault.lake().sqlName("vault." + satellite.name() + VaultViews.HISTORY),
                instants.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                satellite.names().effectiveFrom(),
                satellite.names().effectiveTo());
    List<String> found =
        this.vault.lake().spark().sql(sql).collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    this.note(
        satellite,
        "at second ",
        found,
        instants.stream()
            .flatMap(second -> this.oracle.at(versions, second).stream().map(t -> second + " " + t))
            .toList());
  }

  /** Notes which rows of {@code table} are too many, and which are missing. */
  private void note(VaultTable table, String what, List<String> found, List<String> expected) {
    if (expected.isEmpty() && this.random.dealt().size() > 1000) {
      throw new AssertionError("The oracle expects nothing of " + table.name());
    }
    Map<String, Integer> counts = new TreeMap<>();
    found.forEach(row -> counts.merge(row, 1, Integer::sum));
    expected.forEach(row -> counts.merge(row, -1, Integer::sum));
    counts.values().removeIf(count -> count == 0);
    if (counts.isEmpty()) {
      return;
    }
    Map<String, Integer> histories = this.histories(table);
    counts.forEach(
        (row, count) -> {
          int history =
              java.util.Arrays.stream(row.split("[^0-9a-f]+"))
                  .filter(histories::containsKey)
                  .map(histories::get)
                  .findFirst()
                  .orElse(RandomHistories.NONE);
          this.differences
              .computeIfAbsent(history, h -> new ArrayList<>())
              .add(
                  "%s: %s %s%s"
                      .formatted(table.name(), count > 0 ? "too many" : "missing", what, row));
        });
  }

  /** Which history has which key of {@code table}. */
  private Map<String, Integer> histories(VaultTable table) {
    Map<Integer, List<RawRow>> rows = new HashMap<>();
    this.random
        .dealt()
        .forEach(one -> rows.computeIfAbsent(one.history(), h -> new ArrayList<>()).add(one.row()));
    rows.remove(RandomHistories.NONE);
    VaultTable keyed = table instanceof Satellite satellite ? satellite.parent() : table;
    Map<String, Integer> result = new HashMap<>();
    rows.forEach(
        (history, all) ->
            this.oracle.keys(shape(keyed), List.of(all)).forEach(key -> result.put(key, history)));
    return result;
  }

  private static String texts(Satellite satellite) {
    return satellite.payload().stream()
        .map(column -> "coalesce(cast(" + column.name() + " as string), 'null')")
        .collect(Collectors.joining(", "));
  }

  private List<String> history(Satellite satellite) {
    String sql =
        new VaultViews(this.vault.model())
            .history(satellite, this.vault.lake().sqlName("vault." + satellite.name()));
    int width = satellite.payload().size();
    return this.vault.lake().spark().sql(sql).collectAsList().stream()
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

  private List<String> hashKeys(VaultTable table) {
    return this.vault
        .lake()
        .rows("vault." + table.name())
        .select(table.hashKey())
        .collectAsList()
        .stream()
        .map(row -> hex(row.getAs(0)))
        .sorted()
        .toList();
  }

  private List<String> events() {
    return this.vault
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

  private Collection<List<RawRow>> rows(VaultTable table) {
    return table.sources().stream().map(source -> this.random.all(source.from())).toList();
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
