package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.HashText;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
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
  private final VaultTable parent;
  private final String hashKey;
  private final List<Part> ends = new ArrayList<>();
  private final List<Part> dependent = new ArrayList<>();

  /**
   * One part.
   *
   * @param end the end's hash key column; the hub's own for a hub
   * @param name column of the staged rows
   * @param names under which a source may declare it
   * @param column what is declared
   */
  private record Part(String end, String name, List<String> names, Column column) {
    HashText.Part hashed() {
      return new HashText.Part(this.name, this.column.type(), col(this.name));
    }
  }

  /** Parts of {@code table}'s key, or of its parent's. */
  KeyParts(VaultTable table) {
    this.hashKey = table.hashKey();
    this.parent = table instanceof Satellite satellite ? satellite.parent() : table;
    if (this.parent instanceof Hub hub) {
      for (Column column : hub.businessKey()) {
        this.ends.add(
            new Part(hub.hashKey(), "_key_" + column.name(), List.of(column.name()), column));
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
                  column));
        }
      }
      for (Column column : link.dependentKey()) {
        this.dependent.add(new Part("", "_key_" + column.name(), List.of(column.name()), column));
      }
    }
  }

  /** The parts as {@code source} gives them. */
  List<RowValues.Value> values(VaultSource source) {
    return this.parts()
        .map(
            part ->
                new RowValues.Value(
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
    return when(this.known(hash), hash.key(this.parts().map(Part::hashed).toList()))
        .as(this.hashKey);
  }

  /** Whether the hub, or each end of the link, is named. */
  org.apache.spark.sql.Column known(HashText hash) {
    Map<String, List<HashText.Part>> byEnd = new LinkedHashMap<>();
    this.ends.forEach(
        part -> byEnd.computeIfAbsent(part.end(), end -> new ArrayList<>()).add(part.hashed()));
    return byEnd.values().stream()
        .map(hash::names)
        .reduce(org.apache.spark.sql.Column::and)
        .orElseThrow();
  }

  /** What a source may declare under {@code name}, as a part of a hash. */
  Optional<HashText.Part> part(String name) {
    return this.parts()
        .filter(part -> part.names().contains(name))
        .findFirst()
        .map(part -> new HashText.Part(name, part.column().type(), col(part.name())));
  }

  /**
   * Hub: the business key. Link: the ends' hash keys, then the dependent key. Named as in the
   * table.
   */
  List<org.apache.spark.sql.Column> tableColumns(HashText hash) {
    List<org.apache.spark.sql.Column> result = new ArrayList<>();
    if (this.parent instanceof Hub) {
      this.ends.forEach(part -> result.add(col(part.name()).as(part.column().name())));
    } else if (this.parent instanceof Link link) {
      for (Link.End end : link.ends()) {
        List<HashText.Part> parts =
            this.ends.stream()
                .filter(part -> part.end().equals(end.hashKey()))
                .map(Part::hashed)
                .toList();
        result.add(hash.key(parts).as(end.hashKey()));
      }
      this.dependent.forEach(part -> result.add(col(part.name()).as(part.column().name())));
    }
    return result;
  }

  private Stream<Part> parts() {
    return Stream.concat(this.ends.stream(), this.dependent.stream());
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
