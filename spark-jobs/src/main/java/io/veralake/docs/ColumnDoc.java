package io.veralake.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a column.
 *
 * @param name its name, or a path in documents
 * @param type in SQL; empty: not known
 * @param marks what it is, in a word each
 * @param about in words; may be empty
 * @param bookkeeping whether it is one of Veralake's own
 */
record ColumnDoc(String name, String type, List<String> marks, String about, boolean bookkeeping) {
  /** The mark of columns that hold personal data. */
  static final String PERSONAL = "personal";

  ColumnDoc {
    marks = List.copyOf(marks);
  }

  /** The same with one more mark, if it hasn't that already. */
  ColumnDoc with(String mark) {
    if (this.marks.contains(mark)) {
      return this;
    }
    List<String> more = new ArrayList<>(this.marks);
    more.add(mark);
    return new ColumnDoc(this.name, this.type, more, this.about, this.bookkeeping);
  }

  /** The same of type {@code other}. */
  ColumnDoc typed(String other) {
    return new ColumnDoc(this.name, other, this.marks, this.about, this.bookkeeping);
  }
}
