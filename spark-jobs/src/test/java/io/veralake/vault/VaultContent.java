package io.veralake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.lake.VaultViews;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** What a vault holds, in the words of {@link VaultOracle}. */
final class VaultContent {
  private VaultContent() {}

  /** What the oracle takes of rows for {@code table}. */
  static VaultOracle.Shape shape(VaultTable table) {
    VaultTable keyed = table instanceof Satellite satellite ? satellite.parent() : table;
    List<Column> ends =
        keyed instanceof Hub hub
            ? hub.businessKey()
            : ((Link) keyed).ends().stream().flatMap(e -> e.hub().businessKey().stream()).toList();
    List<Column> dependent = keyed instanceof Link link ? link.dependentKey() : List.of();
    return new VaultOracle.Shape(ends, dependent, VaultTables.payload(table));
  }

  /** Hash keys of {@code table}, sorted. */
  static List<String> hashKeys(VaultFixture vault, VaultTable table) {
    return vault
        .lake()
        .rows("vault." + table.name())
        .select(table.hashKey())
        .collectAsList()
        .stream()
        .map(row -> java.util.HexFormat.of().formatHex((byte[]) row.get(0)))
        .sorted()
        .toList();
  }

  /** The history view of {@code satellite}, sorted, as the oracle writes it. */
  static List<String> history(VaultFixture vault, Satellite satellite) {
    String sql =
        new VaultViews(vault.model())
            .history(satellite, vault.lake().sqlName("vault." + satellite.name()));
    int width = satellite.payload().size();
    List<String> result = new ArrayList<>();
    for (Row row : vault.lake().spark().sql(sql).collectAsList()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 1; i <= width; i++) {
        values.add(row.get(i));
      }
      result.add(
          "%s %s deleted=%s %s..%s applied %s %s"
              .formatted(
                  java.util.HexFormat.of().formatHex((byte[]) row.get(0)),
                  values,
                  row.getBoolean(width + 1),
                  second(row, width + 2),
                  row.isNullAt(width + 3) ? null : second(row, width + 3),
                  second(row, width + 4),
                  row.getString(width + 5)));
    }
    assertThat(result).isNotEmpty();
    result.sort(Comparator.naturalOrder());
    return result;
  }

  private static long second(Row row, int column) {
    return row.getTimestamp(column).toInstant().getEpochSecond();
  }
}
