package io.veralake.lineage;

import io.veralake.lake.FormColumns;
import io.veralake.lake.RawColumns;
import io.veralake.lake.VaultColumns;
import io.veralake.lineage.Dependency.Kind;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the columns of vault tables depend on, as their sources are declared. */
final class VaultLineage {
  private final VaultTable table;
  private final Map<String, Set<Dependency>> columns = new LinkedHashMap<>();
  private final Set<Dependency> rows = new LinkedHashSet<>();

  private VaultLineage(VaultTable table) {
    this.table = table;
    VaultColumns.types(table, "binary")
        .keySet()
        .forEach(column -> this.columns.put(column, new LinkedHashSet<>()));
  }

  /** What {@code table} depends on. */
  static TableLineage of(VaultTable table) {
    VaultLineage lineage = new VaultLineage(table);
    if (table instanceof Pit pit) {
      lineage.snapshots(pit);
    } else if (table instanceof Bridge bridge) {
      lineage.walk(bridge);
    } else {
      table.sources().forEach(lineage::source);
    }
    return new TableLineage("vault." + table.name(), lineage.columns, lineage.rows);
  }

  private void snapshots(Pit pit) {
    for (Satellite satellite : pit.satellites()) {
      String from = "vault." + satellite.name();
      this.add(pit.hashKey(), new ColumnRef(from, satellite.hashKey()), Kind.IDENTITY);
      this.add(
          Pit.from(satellite),
          new ColumnRef(from, satellite.names().appliedTime()),
          Kind.AGGREGATION);
    }
  }

  private void walk(Bridge bridge) {
    for (Bridge.Shown one : bridge.shown()) {
      this.add(
          one.name(), new ColumnRef("vault." + one.table().name(), one.column()), Kind.IDENTITY);
    }
    for (Bridge.Step step : bridge.walk()) {
      String link = "vault." + step.link().name();
      this.rows.add(new Dependency(new ColumnRef(link, step.from().hashKey()), Kind.JOIN));
    }
    for (Satellite satellite : bridge.satellites()) {
      ColumnRef from = new ColumnRef("vault." + satellite.name(), satellite.names().appliedTime());
      this.rows.add(new Dependency(from, Kind.FILTER));
    }
  }

  private void source(VaultSource source) {
    SourceExpression expressions = new SourceExpression(source);
    VaultTable keyed = this.table instanceof Satellite satellite ? satellite.parent() : this.table;
    Set<Dependency> whole = new LinkedHashSet<>();
    if (keyed instanceof Hub hub) {
      for (Column column : hub.businessKey()) {
        Set<Dependency> from = expressions.of(source.expression(column.name()));
        whole.addAll(from);
        this.addAll(column.name(), from);
      }
    } else if (keyed instanceof Link link) {
      for (Link.End end : link.ends()) {
        for (Column column : end.hub().businessKey()) {
          Set<Dependency> from = expressions.of(expression(source, end, column));
          whole.addAll(from);
          this.addAll(end.hashKey(), hashed(from));
        }
      }
      for (Column column : link.dependentKey()) {
        Set<Dependency> from = expressions.of(source.expression(column.name()));
        whole.addAll(from);
        this.addAll(column.name(), from);
      }
      link.payload()
          .forEach(
              column ->
                  this.addAll(column.name(), expressions.of(source.expression(column.name()))));
    }
    this.addAll(this.table.hashKey(), hashed(whole));
    if (this.table instanceof Satellite satellite) {
      this.describe(satellite, source, expressions);
    }
    this.bookkeeping(source, expressions);
    expressions.conditions().forEach(from -> this.rows.add(from.then(Kind.FILTER)));
    expressions.of(source.where()).forEach(from -> this.rows.add(from.then(Kind.FILTER)));
  }

  private void describe(Satellite satellite, VaultSource source, SourceExpression expressions) {
    Map<String, Set<Dependency>> payload = new LinkedHashMap<>();
    for (Column column : satellite.payload()) {
      payload.put(column.name(), expressions.of(source.expression(column.name())));
    }
    if (satellite.form() instanceof SatelliteForm.Members several) {
      several
          .key()
          .forEach(
              column ->
                  this.addAll(column.name(), expressions.of(source.expression(column.name()))));
    }
    if (satellite.form() instanceof SatelliteForm.Sets) {
      payload.forEach(
          (column, from) -> {
            this.columns.put(member(column), new LinkedHashSet<>());
            this.addAll(member(column), from);
            from.forEach(one -> this.add(FormColumns.MEMBERS, one.from(), Kind.TRANSFORMATION));
            from.forEach(one -> this.add(FormColumns.MEMBER_COUNT, one.from(), Kind.AGGREGATION));
          });
    } else {
      payload.forEach(this::addAll);
    }
    for (String column : satellite.hashdiff()) {
      this.addAll(satellite.names().hashdiff(), hashed(payload.getOrDefault(column, Set.of())));
    }
  }

  private void bookkeeping(VaultSource source, SourceExpression expressions) {
    VaultNames names = this.table.names();
    String raw = "raw." + source.from();
    ColumnRef operation = new ColumnRef(raw, RawColumns.OP);
    this.add(names.deleted(), operation, Kind.TRANSFORMATION);
    this.add(FormColumns.STATUS, operation, Kind.TRANSFORMATION);
    if (this.table instanceof Satellite satellite
        && satellite.form() instanceof SatelliteForm.Status) {
      this.addAll(names.hashdiff(), hashed(Set.of(new Dependency(operation, Kind.TRANSFORMATION))));
    }
    this.add(FormColumns.UNSENT, new ColumnRef(raw, RawColumns.UNAVAILABLE), Kind.TRANSFORMATION);
    this.origin(
        names.appliedTime(),
        raw,
        RawColumns.COMMIT_TIME,
        source.origins().appliedTime(),
        expressions);
    this.origin(
        FormColumns.SEEN_IN,
        raw,
        RawColumns.COMMIT_TIME,
        source.origins().appliedTime(),
        expressions);
    this.origin(
        names.loadTime(), raw, RawColumns.LOAD_TIME, source.origins().loadTime(), expressions);
    this.origin(
        names.recordSource(),
        raw,
        RawColumns.RECORD_SOURCE,
        source.origins().recordSource(),
        expressions);
    names
        .position()
        .forEach(
            column -> this.add(column, new ColumnRef(raw, RawColumns.POSITION), Kind.IDENTITY));
  }

  private void origin(
      String column, String raw, String usual, String declared, SourceExpression expressions) {
    if (declared.isEmpty()) {
      this.add(column, new ColumnRef(raw, usual), Kind.IDENTITY);
    } else {
      this.addAll(column, expressions.of(declared));
    }
  }

  /** How {@code source} calls the end's column: with its role in front, or alone. */
  private static String expression(VaultSource source, Link.End end, Column column) {
    String full = end.role() + "." + column.name();
    return source.columns().containsKey(full)
        ? source.expression(full)
        : source.expression(column.name());
  }

  /** How the payload column of a set's members is called. */
  static String member(String column) {
    return FormColumns.MEMBERS + "." + column;
  }

  private static Set<Dependency> hashed(Set<Dependency> from) {
    Set<Dependency> result = new LinkedHashSet<>();
    from.forEach(
        one -> result.add(new Dependency(one.from(), one.kind().then(Kind.TRANSFORMATION), true)));
    return result;
  }

  private void add(String column, ColumnRef from, Kind kind) {
    this.addAll(column, Set.of(new Dependency(from, kind)));
  }

  private void addAll(String column, Set<Dependency> from) {
    Set<Dependency> known = this.columns.get(column);
    if (known != null) {
      known.addAll(from);
    }
  }
}
