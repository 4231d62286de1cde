package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.HashText;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What identifies a row of a hub or link: its business key parts by end, then its dependent key
 * parts, each a column of its own of the staged rows.
 */
final class KeyParts {
  private final VaultTable table;
  private final VaultTable parent;
  private final List<Part> ends = new ArrayList<>();
  private final List<Part> dependent = new ArrayList<>();
  private final List<Part> members = new ArrayList<>();

  /**
   * One part.
   *
   * @param end the end's hash key column; the hub's own for a hub
   * @param name column of the staged rows
   * @param names under which a source may declare it
   * @param column what is declared
   * @param whenNull what a null leads to
   */
  private record Part(
      String end, String name, List<String> names, Column column, VaultRules.NullKey whenNull) {
    /** A part of no end, or of a hub's own key. */
    Part(String end, String name, Column column) {
      this(end, name, List.of(column.name()), column, VaultRules.NullKey.SKIP);
    }

    boolean mustBeThere() {
      return this.whenNull == VaultRules.NullKey.SKIP;
    }

    HashText.Part hashed() {
      return new HashText.Part(this.name, this.column.type(), col(this.name));
    }
  }

  /** Parts of {@code table}'s key, or of its parent's. */
  KeyParts(VaultTable table) {
    this.table = table;
    this.parent = table instanceof Satellite satellite ? satellite.parent() : table;
    if (this.parent instanceof Hub hub) {
      for (Column column : hub.businessKey()) {
        this.ends.add(new Part(hub.hashKey(), "_key_" + column.name(), column));
      }
    } else if (this.parent instanceof Link link) {
      for (Link.End end : link.ends()) {
        for (Column column : end.hub().businessKey()) {
          String name = end.role() + "." + column.name();
          this.ends.add(
              new Part(
                  end.hashKey(),
                  "_key_" + end.role() + "_" + column.name(),
                  List.of(name, column.name()),
                  column,
                  link.rules().nullKey(end.role(), column.name())));
        }
      }
      for (Column column : link.dependentKey()) {
        this.dependent.add(new Part("", "_key_" + column.name(), column));
      }
    }
    if (table instanceof Satellite satellite
        && satellite.form() instanceof SatelliteForm.Members several) {
      for (Column column : several.key()) {
        this.members.add(new Part("", "_member_" + column.name(), column));
      }
    }
  }

  /** The parts as {@code source} gives them. */
  List<RowValues.Value> values(VaultSource source) {
    return this.parts()
        .map(
            part ->
                RowValues.Value.of(
                    part.name(),
                    part.names().get(0),
                    part.column().type(),
                    expression(part, source)))
        .toList();
  }

  /** Names of the parts' columns of the staged rows. */
  List<String> names() {
    return this.parts().map(Part::name).toList();
  }

  /** The hash key, null where a business key part is. */
  org.apache.spark.sql.Column hashKey(HashText hash) {
    List<HashText.Part> parts =
        Stream.concat(this.ends.stream(), this.dependent.stream()).map(Part::hashed).toList();
    return when(this.allEnds(hash), hash.key(parts)).as(this.table.hashKey());
  }

  /** Whether the row says which key it is of. */
  org.apache.spark.sql.Column known(HashText hash) {
    if (this.driving().isEmpty()) {
      return this.allEnds(hash);
    }
    SatelliteForm.Effectivity effectivity = this.driving().orElseThrow();
    org.apache.spark.sql.Column ends =
        named(
            this.ends.stream().filter(p -> effectivity.columns().contains(p.end())).toList(), hash);
    return this.dependent.stream()
        .filter(part -> isDriving(effectivity, part))
        .map(part -> col(part.name()).isNotNull())
        .reduce(ends, org.apache.spark.sql.Column::and);
  }

  /** Whether the hub, or each end of the link, is named or leads to a ghost record. */
  private org.apache.spark.sql.Column allEnds(HashText hash) {
    return named(this.ends, hash);
  }

  /**
   * Whether a null in a key leads to a ghost record. Of a hub it names no key; the record is there.
   */
  org.apache.spark.sql.Column ghosted() {
    return this.ends.stream()
        .filter(
            part ->
                this.table instanceof Hub hub
                    ? hub.rules().nullKey("", part.column().name()) != VaultRules.NullKey.SKIP
                    : !part.mustBeThere())
        .map(part -> col(part.name()).isNull())
        .reduce(org.apache.spark.sql.Column::or)
        .orElse(lit(false));
  }

  private static org.apache.spark.sql.Column named(List<Part> ends, HashText hash) {
    Map<String, List<HashText.Part>> byEnd = new LinkedHashMap<>();
    ends.stream()
        .filter(Part::mustBeThere)
        .forEach(
            part -> byEnd.computeIfAbsent(part.end(), end -> new ArrayList<>()).add(part.hashed()));
    return byEnd.values().stream()
        .map(hash::names)
        .reduce(org.apache.spark.sql.Column::and)
        .orElse(lit(true));
  }

  private static boolean isDriving(SatelliteForm.Effectivity effectivity, Part part) {
    return effectivity.dependent().contains(part.column());
  }

  private Optional<SatelliteForm.Effectivity> driving() {
    return this.table instanceof Satellite satellite
            && satellite.form() instanceof SatelliteForm.Effectivity effectivity
        ? Optional.of(effectivity)
        : Optional.empty();
  }

  /** What a source may declare under {@code name}, as a part of a hash. */
  Optional<HashText.Part> part(String name) {
    return this.parts()
        .filter(part -> part.names().contains(name))
        .findFirst()
        .map(part -> new HashText.Part(name, part.column().type(), col(part.name())));
  }

  /**
   * Hub: the business key. Link: the ends' hash keys, then the dependent key. Satellite: what tells
   * members apart, or the driving key. Named as in the table.
   */
  List<org.apache.spark.sql.Column> tableColumns(HashText hash) {
    List<org.apache.spark.sql.Column> result = new ArrayList<>();
    if (this.table instanceof Satellite) {
      this.driving()
          .ifPresent(
              effectivity -> {
                effectivity.driving().forEach(end -> result.add(this.endKey(end, hash)));
                this.dependent.stream()
                    .filter(part -> isDriving(effectivity, part))
                    .forEach(part -> result.add(named(part)));
              });
      this.members.forEach(part -> result.add(named(part)));
    } else if (this.parent instanceof Hub) {
      this.ends.forEach(part -> result.add(named(part)));
    } else if (this.parent instanceof Link link) {
      link.ends().forEach(end -> result.add(this.endKey(end, hash)));
      this.dependent.forEach(part -> result.add(named(part)));
    }
    return result;
  }

  private org.apache.spark.sql.Column endKey(Link.End end, HashText hash) {
    List<Part> parts = this.ends.stream().filter(part -> part.end().equals(end.hashKey())).toList();
    org.apache.spark.sql.Column key = hash.key(parts.stream().map(Part::hashed).toList());
    for (VaultRules.Ghost ghost : VaultRules.Ghost.values()) {
      String word = ghost.name();
      for (Part part : parts) {
        if (part.whenNull().name().equals(word)) {
          key = when(col(part.name()).isNull(), expr(hash.ghostKey(ghost))).otherwise(key);
        }
      }
    }
    return key.as(end.hashKey());
  }

  private static org.apache.spark.sql.Column named(Part part) {
    return col(part.name()).as(part.column().name());
  }

  private Stream<Part> parts() {
    return Stream.of(this.ends, this.dependent, this.members).flatMap(List::stream);
  }

  /**
   * The expression under the first of the part's names that the source declares, else the raw
   * column of its last name.
   */
  private static String expression(Part part, VaultSource source) {
    return part.names().stream()
        .filter(source.columns()::containsKey)
        .findFirst()
        .map(source::expression)
        .orElseGet(() -> source.expression(part.column().name()));
  }
}
