package io.veralake.reconcile;

import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType.Kind;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The typed columns of a comparison.
 *
 * @param key columns that identify a row
 * @param values columns that must agree: the partition column first, then the declared ones
 * @param tolerances for each of {@code values} the largest difference that counts as equal
 * @param measures places in {@code values} of the columns that the ledger sums
 * @param personal names of columns that must not be printed
 */
record Shape(
    List<Column> key,
    List<Column> values,
    List<BigDecimal> tolerances,
    List<Integer> measures,
    Set<String> personal)
    implements Serializable {
  /** The measure that every ledger has: a row counts one. */
  static final String ROWS = "rows";

  /** Digits after the point that the ledger keeps. */
  static final int LEDGER_SCALE = 9;

  private static final Set<Kind> SUMMABLE = Set.of(Kind.INT, Kind.BIGINT, Kind.DECIMAL);
  private static final Set<Kind> INEXACT = Set.of(Kind.FLOAT, Kind.DOUBLE);

  /** The columns of {@code reconciliation}, of which the vault tables tell the personal ones. */
  static Shape of(Reconciliation reconciliation, List<VaultTable> vault) {
    Mart mart = reconciliation.mart();
    List<Column> values = new ArrayList<>();
    List<BigDecimal> tolerances = new ArrayList<>();
    values.add(column(mart, reconciliation.partition()));
    tolerances.add(BigDecimal.ZERO);
    for (Reconciliation.CompareColumn compare : reconciliation.compare()) {
      if (!compare.column().name().equals(reconciliation.partition())) {
        values.add(column(mart, compare.column().name()));
        tolerances.add(new BigDecimal(compare.tolerance()));
      }
    }
    List<Column> key = reconciliation.key().stream().map(name -> column(mart, name)).toList();
    refuseInexact(reconciliation, "key", key);
    refuseInexact(reconciliation, "partition", values.subList(0, 1));
    List<Integer> measures = new ArrayList<>();
    for (String measure : reconciliation.measures()) {
      measures.add(place(reconciliation, values, measure));
    }
    return new Shape(key, List.copyOf(values), List.copyOf(tolerances), measures, personal(vault));
  }

  /** Names of the ledger's measures: {@link #ROWS}, then the declared ones. */
  List<String> measureNames() {
    List<String> names = new ArrayList<>();
    names.add(ROWS);
    this.measures.forEach(place -> names.add(this.values.get(place).name()));
    return names;
  }

  /** Key and values: what a row's checksum covers. */
  List<Column> all() {
    List<Column> all = new ArrayList<>(this.key);
    all.addAll(this.values);
    return all;
  }

  private static Column column(Mart mart, String name) {
    return mart.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Missing column " + name));
  }

  private static void refuseInexact(
      Reconciliation reconciliation, String role, List<Column> columns) {
    for (Column column : columns) {
      if (INEXACT.contains(column.type().kind())) {
        throw new DataException(
            "Invalid %s of reconciliation %s: %s is %s (must be of an exact type)"
                .formatted(role, reconciliation.name(), column.name(), column.type()));
      }
    }
  }

  private static int place(Reconciliation reconciliation, List<Column> values, String measure) {
    for (int i = 0; i < values.size(); i++) {
      Column column = values.get(i);
      if (column.name().equals(measure)) {
        if (!SUMMABLE.contains(column.type().kind()) || column.type().scale() > LEDGER_SCALE) {
          throw new DataException(
              "Invalid measure of reconciliation %s: %s is %s (int, bigint, or decimal of scale up to %d)"
                  .formatted(reconciliation.name(), measure, column.type(), LEDGER_SCALE));
        }
        return i;
      }
    }
    throw new DataException(
        "Invalid measure of reconciliation %s: %s (must be among compare)"
            .formatted(reconciliation.name(), measure));
  }

  private static Set<String> personal(List<VaultTable> vault) {
    Set<String> names = new HashSet<>();
    for (VaultTable table : vault) {
      if (table instanceof Satellite satellite) {
        names.addAll(satellite.personal());
      }
    }
    return Set.copyOf(names);
  }
}
