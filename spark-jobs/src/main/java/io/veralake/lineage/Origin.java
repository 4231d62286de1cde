package io.veralake.lineage;

import io.veralake.lineage.Dependency.Kind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an expression depends on.
 *
 * @param all as a whole
 * @param fields of a struct whose fields are known, by lower-case name; else empty
 */
record Origin(Set<Dependency> all, Map<String, Origin> fields) {
  /** Of a constant. */
  static final Origin NONE = new Origin(Set.of(), Map.of());

  Origin {
    all = Set.copyOf(all);
    fields = Map.copyOf(fields);
  }

  /** The column itself. */
  static Origin of(ColumnRef column) {
    return new Origin(Set.of(new Dependency(column, Kind.IDENTITY)), Map.of());
  }

  /** A struct. */
  static Origin struct(Map<String, Origin> fields) {
    Set<Dependency> all = new TreeSet<>();
    fields.values().forEach(field -> all.addAll(field.all));
    return new Origin(all, fields);
  }

  /** One of {@code some}. Fields are known where each of those that come from anywhere has them. */
  static Origin any(List<Origin> some) {
    Set<Dependency> all = new LinkedHashSet<>();
    Map<String, Origin> fields = new LinkedHashMap<>();
    boolean known = true;
    for (Origin one : some) {
      all.addAll(one.all);
      known &= one.all.isEmpty() || !one.fields.isEmpty();
      one.fields.forEach(
          (name, origin) -> fields.merge(name, origin, (a, b) -> any(List.of(a, b))));
    }
    return new Origin(all, known ? fields : Map.of());
  }

  /** With what {@code other} depends on beside it. */
  Origin and(Origin other) {
    if (other.all.isEmpty()) {
      return this;
    }
    Set<Dependency> both = new LinkedHashSet<>(this.all);
    both.addAll(other.all);
    Map<String, Origin> longer = new LinkedHashMap<>();
    this.fields.forEach((name, field) -> longer.put(name, field.and(other)));
    return new Origin(both, longer);
  }

  /** The same after {@code next}. */
  Origin then(Kind next) {
    Set<Dependency> changed = new LinkedHashSet<>();
    this.all.forEach(from -> changed.add(from.then(next)));
    Map<String, Origin> inner = new LinkedHashMap<>();
    this.fields.forEach((name, field) -> inner.put(name, field.then(next)));
    return new Origin(changed, inner);
  }

  /** All of it as one value that no longer has fields. */
  Origin whole() {
    return new Origin(this.all, Map.of());
  }

  /** Without what only decides about it. */
  Origin directly() {
    Set<Dependency> direct = new LinkedHashSet<>(this.all);
    direct.removeIf(from -> !from.kind().direct());
    return new Origin(direct, Map.of());
  }

  /** What a hash of it depends on. */
  Origin masked() {
    Set<Dependency> changed = new LinkedHashSet<>();
    for (Dependency from : this.all) {
      boolean hidden = from.masked() || from.kind().direct();
      changed.add(new Dependency(from.from(), from.kind(), hidden));
    }
    return new Origin(changed, Map.of());
  }

  /** The field {@code name}; the whole if it isn't known. */
  Origin field(String name) {
    return this.fields.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), this);
  }
}
