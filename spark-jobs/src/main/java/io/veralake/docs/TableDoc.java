package io.veralake.docs;

import java.util.List;

/**
 * What is said of a table.
 *
 * @param id {@code namespace.table}
 * @param layer where it belongs
 * @param kind what it is there: {@code hub}, {@code fact}
 * @param about in words; may be empty
 * @param columns its columns, in order
 * @param facts what is declared of the whole, as HTML by label
 * @param sections what needs more room
 */
record TableDoc(
    String id,
    Layer layer,
    String kind,
    String about,
    List<ColumnDoc> columns,
    List<Fact> facts,
    List<Section> sections) {
  /** A line of the declaration. */
  record Fact(String label, String html) {}

  /** A part of the page. */
  record Section(String title, String html) {}

  TableDoc {
    columns = List.copyOf(columns);
    facts = List.copyOf(facts);
    sections = List.copyOf(sections);
  }

  /** Its name without the namespace. */
  String name() {
    return this.id.substring(this.id.indexOf('.') + 1);
  }

  /** The same with other columns. */
  TableDoc with(List<ColumnDoc> other) {
    return new TableDoc(
        this.id, this.layer, this.kind, this.about, other, this.facts, this.sections);
  }
}
