package io.veralake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Random histories in the raw tables of satellites, and what their views show. */
final class FormsFixture {
  /** Seconds of the histories are stretched, so that they fall into several hours. */
  private static final long STRETCH = 1000;

  private FormsFixture() {}

  static VaultFixture loaded(RandomHistories random, Satellite... satellites) throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), RandomHistories.DDL)
            .raw("shop", "one", "two")
            .raw("erp", "three")
            .vault(satellites);
    for (int batch = 0; batch < random.batches(); batch++) {
      for (String name : RandomHistories.SOURCES) {
        List<RawRow> rows = stretched(random.batch(name, batch));
        if (!rows.isEmpty()) {
          vault.land(name, rows);
        }
      }
      vault.load();
    }
    return vault;
  }

  static List<String> history(VaultFixture vault, Satellite satellite, String columns) {
    String sql =
        "SELECT lower(hex(%s)), %s, unix_seconds(effective_from), unix_seconds(effective_to), unix_seconds(applied_time), record_source FROM %s"
            .formatted(
                satellite.hashKey(),
                columns,
                vault.lake().sqlName("vault." + satellite.name() + VaultViews.HISTORY));
    return vault.lake().spark().sql(sql).collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  static @Nullable List<String> unit(@Nullable String key, @Nullable Object... more) {
    if (key == null) {
      return null;
    }
    List<String> unit = new ArrayList<>(List.of(key));
    Arrays.stream(more).forEach(part -> unit.add(String.valueOf(part)));
    return unit;
  }

  static Collection<List<RawRow>> rows(RandomHistories random, VaultTable table) {
    return table.sources().stream().map(source -> stretched(random.all(source.from()))).toList();
  }

  static List<RawRow> stretched(List<RawRow> rows) {
    return rows.stream()
        .map(
            r ->
                new RawRow(
                    r.op(), r.before(), r.after(), r.major(), r.second() * STRETCH, r.source()))
        .toList();
  }

  /** Compares rows and shows only those that differ. */
  static void assertSame(String what, List<String> found, List<String> expected) {
    List<String> extra = new ArrayList<>(found);
    expected.forEach(extra::remove);
    List<String> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    assertThat(expected).as(what).isNotEmpty();
    assertThat(extra).as(what + ": rows too many; missing: " + missing).isEmpty();
    assertThat(missing).as(what + ": rows missing").isEmpty();
  }
}
