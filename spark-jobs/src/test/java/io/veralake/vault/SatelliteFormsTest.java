package io.veralake.vault;

import static io.veralake.vault.FormsFixture.assertSame;
import static io.veralake.vault.FormsFixture.history;
import static io.veralake.vault.FormsFixture.loaded;
import static io.veralake.vault.FormsFixture.rows;
import static io.veralake.vault.FormsFixture.unit;
import static io.veralake.vault.VaultFixture.column;

import io.veralake.fixture.Seed;
import io.veralake.lake.PlainHashText;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Promise 1 for satellites that aren't plain: their views show what the oracle says. */
final class SatelliteFormsTest {
  private static final List<Column> ID = List.of(column("id", "bigint"));
  private static final List<Column> OTHER = List.of(column("other", "string"));
  private static final List<Column> LINE_NUMBER = List.of(column("line", "int"));
  private static final List<Column> PAYLOAD = List.of(column("name", "string"), column("n", "int"));
  private static final Hub CUSTOMER = new Hub("hub_customer", ID, sources("one"));
  private static final Hub PRODUCT = new Hub("hub_product", OTHER, sources("one"));
  private static final Link.End TO_CUSTOMER = new Link.End("customer", CUSTOMER);
  private static final Link.End TO_PRODUCT = new Link.End("product", PRODUCT);
  private static final Link LINE =
      new Link(
          "link_line",
          List.of(TO_CUSTOMER, TO_PRODUCT),
          LINE_NUMBER,
          true,
          List.of(),
          sources("one"));
  private static final String EXPLODE = "array_compact(array(name, cast(n AS string)))";

  private static final Satellite SINGLE =
      satellite(
          "sat_single", CUSTOMER, PAYLOAD, new SatelliteForm.Members(LINE_NUMBER), "one", "two");
  private static final Satellite SINGLE_BY_TIME =
      satellite(
          "sat_single_time",
          LINE,
          PAYLOAD.subList(0, 1),
          new SatelliteForm.Members(List.of(column("n", "int"))),
          "one",
          "three");
  private static final Satellite EXPLODED =
      new Satellite(
          "sat_exploded",
          CUSTOMER,
          List.of(column("value", "string")),
          List.of(),
          List.of(
              new VaultSource("one", Map.of("value", "item"), "true", EXPLODE),
              new VaultSource("two", Map.of("value", "item"), "true", EXPLODE)),
          new SatelliteForm.Sets(true));
  private static final Satellite WHOLE =
      satellite("sat_whole", CUSTOMER, PAYLOAD, new SatelliteForm.Sets(false), "one", "two");
  private static final Satellite DRIVEN =
      satellite(
          "sat_driven",
          LINE,
          List.of(),
          new SatelliteForm.Effectivity(List.of(TO_CUSTOMER), List.of()),
          "one",
          "two");
  private static final Satellite DRIVEN_BY_TWO =
      satellite(
          "sat_driven_two",
          LINE,
          List.of(),
          new SatelliteForm.Effectivity(List.of(TO_CUSTOMER), LINE_NUMBER),
          "one",
          "three");
  private static final Satellite STATUS =
      satellite("sat_status", CUSTOMER, List.of(), new SatelliteForm.Status(), "one", "two");
  private static final Satellite ONCE =
      satellite("sat_once", CUSTOMER, PAYLOAD, new SatelliteForm.Once(), "one", "two");
  private static final Satellite SEEN =
      satellite(
          "sat_seen",
          CUSTOMER,
          List.of(),
          new SatelliteForm.Sightings(SatelliteForm.Period.HOUR),
          "one",
          "three");

  private static Satellite satellite(
      String name, VaultTable parent, List<Column> payload, SatelliteForm form, String... from) {
    return new Satellite(name, parent, payload, List.of(), sources(from), form);
  }

  private static List<VaultSource> sources(String... names) {
    return List.of(names).stream().map(VaultFixture::source).toList();
  }

  private final FormsOracle byPosition = new FormsOracle(RandomHistories.COLUMNS, true);
  private final FormsOracle byTime = new FormsOracle(RandomHistories.COLUMNS, false);

  @Test
  void someRowsAreLate() throws Exception {
    RandomHistories random = new RandomHistories(seed(17), 300, 2, 0.3, 0);
    VaultFixture vault = loaded(random, SINGLE, EXPLODED, DRIVEN, ONCE, SEEN);
    this.check(vault, random, SINGLE, "line, name, n, deleted", this.single(random));
    this.check(vault, random, EXPLODED, "value, member_count, deleted", this.exploded(random));
    this.check(vault, random, DRIVEN, "lower(hex(customer_hk))", this.driven(random));
    this.checkOnce(vault, random);
    this.checkSeen(vault, random);
  }

  @Test
  void allRowsAreInDisorderAndSourcesAreTruncated() throws Exception {
    RandomHistories random = new RandomHistories(seed(18), 250, 2, 1.0, 2);
    VaultFixture vault = loaded(random, SINGLE_BY_TIME, WHOLE, DRIVEN_BY_TWO, STATUS);
    this.check(vault, random, SINGLE_BY_TIME, "n, name, deleted", this.singleByTime(random));
    this.check(vault, random, WHOLE, "name, n, member_count, deleted", this.whole(random));
    this.check(
        vault, random, DRIVEN_BY_TWO, "lower(hex(customer_hk)), line", this.drivenByTwo(random));
    this.check(vault, random, STATUS, "status, deleted", this.status(random));
  }

  private static long seed(long usual) {
    return Seed.of(usual);
  }

  private void check(
      VaultFixture vault,
      RandomHistories random,
      Satellite satellite,
      String columns,
      List<String> expected) {
    String what = "seed " + random.seed() + " " + satellite.name();
    assertSame(what, history(vault, satellite, columns), expected);
  }

  private List<String> single(RandomHistories random) {
    FormsOracle oracle = this.byPosition;
    return oracle.history(
        oracle.versions(
            oracle.seen(
                rows(random, SINGLE),
                row -> unit(oracle.key(ID, List.of(), row), oracle.value("line", row)),
                row -> null,
                (row, updates) -> oracle.difference(PAYLOAD, row)),
            (before, seen) -> seen.tie()),
        version -> List.of(payload(oracle, version)));
  }

  private List<String> singleByTime(RandomHistories random) {
    FormsOracle oracle = this.byTime;
    List<Column> ends = List.of(ID.get(0), OTHER.get(0));
    return oracle.history(
        oracle.versions(
            oracle.seen(
                rows(random, SINGLE_BY_TIME),
                row -> unit(oracle.key(ends, LINE_NUMBER, row), oracle.value("n", row)),
                row -> null,
                (row, updates) -> oracle.difference(PAYLOAD.subList(0, 1), row)),
            (before, seen) -> seen.tie()),
        version ->
            List.of(
                "%s,%s,%s"
                    .formatted(
                        String.join(",", version.seen().unit()),
                        version.seen().row() == null
                            ? null
                            : oracle.value("name", version.seen().row()),
                        version.seen().row() == null)));
  }

  private static String payload(FormsOracle oracle, FormsOracle.Version version) {
    List<@Nullable Object> row = version.seen().row();
    return "%s,%s,%s,%s"
        .formatted(
            String.join(",", version.seen().unit()),
            row == null ? null : oracle.value("name", row),
            row == null ? null : oracle.value("n", row),
            row == null);
  }

  private List<String> exploded(RandomHistories random) {
    FormsOracle oracle = this.byPosition;
    return oracle.history(
        oracle.versions(
            oracle.seen(
                rows(random, EXPLODED),
                row -> unit(oracle.key(ID, List.of(), row)),
                row -> null,
                (row, updates) ->
                    PlainHashText.set(
                        "MD5",
                        items(oracle, row).stream()
                            .map(item -> Map.of("value", new Value(TEXT, item)))
                            .toList())),
            (before, seen) -> seen.tie()),
        version -> {
          String key = version.seen().unit().get(0);
          List<@Nullable Object> row = version.seen().row();
          TreeSet<String> items = row == null ? new TreeSet<>() : items(oracle, row);
          return items.isEmpty()
              ? List.of(key + ",null,0," + (row == null))
              : items.stream()
                  .map(item -> key + "," + item + "," + items.size() + ",false")
                  .toList();
        });
  }

  private static TreeSet<String> items(FormsOracle oracle, List<@Nullable Object> row) {
    TreeSet<String> items = new TreeSet<>();
    for (String column : List.of("name", "n")) {
      Object value = oracle.value(column, row);
      if (value != null) {
        items.add(value.toString());
      }
    }
    return items;
  }

  @SuppressWarnings("unchecked")
  private List<String> whole(RandomHistories random) {
    FormsOracle oracle = this.byTime;
    List<FormsOracle.Seen> rows =
        oracle.seen(
            rows(random, WHOLE),
            row -> unit(oracle.key(ID, List.of(), row)),
            row -> null,
            (row, updates) -> "");
    return oracle.history(
        oracle.versions(
            oracle.together(
                rows,
                members ->
                    PlainHashText.set(
                        "MD5", members.stream().map(row -> oracle.parts(PAYLOAD, row)).toList())),
            (before, seen) -> seen.tie()),
        version -> {
          String key = version.seen().unit().get(0);
          if (version.seen().row() == null) {
            return List.of(key + ",null,null,0,true");
          }
          TreeSet<String> members = new TreeSet<>();
          ((List<List<@Nullable Object>>) Objects.requireNonNull(version.seen().row().get(0)))
              .forEach(
                  row -> members.add(oracle.value("name", row) + "," + oracle.value("n", row)));
          return members.stream()
              .map(member -> key + "," + member + "," + members.size() + ",false")
              .toList();
        });
  }

  private List<String> driven(RandomHistories random) {
    FormsOracle oracle = this.byPosition;
    return this.driven(oracle, rows(random, DRIVEN), row -> unit(oracle.key(ID, List.of(), row)));
  }

  private List<String> drivenByTwo(RandomHistories random) {
    FormsOracle oracle = this.byTime;
    return this.driven(
        oracle,
        rows(random, DRIVEN_BY_TWO),
        row ->
            oracle.value("line", row) == null
                ? null
                : unit(oracle.key(ID, List.of(), row), oracle.value("line", row)));
  }

  private List<String> driven(
      FormsOracle oracle, Collection<List<RawRow>> rows, FormsOracle.Unit unit) {
    List<Column> ends = List.of(ID.get(0), OTHER.get(0));
    List<FormsOracle.Seen> seen =
        oracle.seen(rows, unit, row -> oracle.key(ends, LINE_NUMBER, row), (row, updates) -> "");
    // Of one place, what ends comes first.
    List<FormsOracle.Seen> ordered =
        seen.stream()
            .map(
                s ->
                    new FormsOracle.Seen(
                        s.unit(),
                        s.link(),
                        s.row(),
                        s.updates(),
                        (s.row() == null || s.link() == null ? "0" : "1")
                            + (s.link() == null ? "" : s.link()),
                        s.major(),
                        s.second(),
                        s.source()))
            .toList();
    return oracle.history(
        oracle.versions(
            ordered,
            (before, s) -> {
              if (s.row() != null && s.link() != null) {
                return s.link();
              }
              return s.link() == null || s.link().equals(before) ? "" : before;
            }),
        version ->
            version.state().isEmpty()
                ? List.of()
                : List.of(version.state() + "," + String.join(",", version.seen().unit())));
  }

  private List<String> status(RandomHistories random) {
    FormsOracle oracle = this.byPosition;
    return oracle.history(
        oracle.versions(
            oracle.seen(
                rows(random, STATUS),
                row -> unit(oracle.key(ID, List.of(), row)),
                row -> null,
                (row, updates) ->
                    PlainHashText.difference(
                        "MD5", Map.of("status", new Value(TEXT, updates ? "updated" : "created")))),
            (before, seen) -> {
              if (seen.row() == null) {
                return "deleted";
              }
              return seen.updates() || before.equals("updated") ? "updated" : "created";
            }),
        version ->
            List.of(
                version.seen().unit().get(0)
                    + ","
                    + version.state()
                    + ","
                    + version.state().equals("deleted")));
  }

  private void checkOnce(VaultFixture vault, RandomHistories random) {
    List<String> expected =
        new VaultOracle(RandomHistories.COLUMNS)
            .events(new VaultOracle.Shape(ID, List.of(), PAYLOAD), rows(random, ONCE), true);
    List<String> found =
        vault
            .lake()
            .spark()
            .sql(
                "SELECT concat(lower(hex(customer_hk)), ' [', coalesce(name, 'null'), ', ', coalesce(cast(n AS string), 'null'), '] ', unix_seconds(applied_time), ' ', position_major, ' ', record_source) FROM "
                    + vault.lake().sqlName("vault.sat_once"))
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    assertSame("once", found, expected);
  }

  private void checkSeen(VaultFixture vault, RandomHistories random) {
    TreeSet<String> expected = new TreeSet<>();
    for (List<RawRow> rows : rows(random, SEEN)) {
      for (RawRow raw : rows) {
        String key = raw.after() == null ? null : this.byTime.key(ID, List.of(), raw.after());
        if (key != null && !raw.op().equals("d")) {
          expected.add("[%s,%s,%s]".formatted(key, raw.source(), raw.second() / 3600 * 3600));
        }
      }
    }
    List<String> found =
        vault
            .lake()
            .spark()
            .sql(
                "SELECT lower(hex(customer_hk)), record_source, unix_seconds(seen_in) FROM "
                    + vault.lake().sqlName("vault.sat_seen"))
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
    assertSame("seen", found, List.copyOf(expected));
  }

  private static final io.veralake.spec.ColumnType TEXT =
      io.veralake.spec.ColumnType.parse("string").orElseThrow();
}
