package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a vault table.
 *
 * @param text separated by blanks: {@code name}, {@code name:nameAtSource} or {@code name=constant}
 */
record BookColumns(String text) {
  List<String> names() {
    return words().map(word -> word.replaceFirst("[:=].*", "")).toList();
  }

  /** Their values in a row of {@code table}, as text. */
  List<String> of(SourceTable table, @Nullable Object[] row) {
    List<String> known = table.columns().stream().map(SourceColumn::name).toList();
    List<String> values = new ArrayList<>();
    for (String word : words().toList()) {
      int constant = word.indexOf('=');
      int i = known.indexOf(word.replaceFirst(".*:", ""));
      values.add(constant < 0 ? table.columns().get(i).text(row[i]) : word.substring(constant + 1));
    }
    return values;
  }

  private Stream<String> words() {
    return Arrays.stream(text.split(" "));
  }
}
