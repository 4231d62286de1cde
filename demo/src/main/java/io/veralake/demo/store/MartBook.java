package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a mart should hold, as tab-separated text with a header; null is {@code \N}, times are UTC.
 */
final class MartBook {
  private static final String NULL = "\\N";

  private final String name;
  private final List<String> lines = new ArrayList<>();

  /**
   * A book without rows.
   *
   * @param columns their names, separated by blanks
   */
  MartBook(String name, String columns) {
    this.name = name;
    this.lines.add(String.join("\t", columns.strip().split("\\s+")));
  }

  /** Adds a row: texts, numbers and truth values; money and times as text. */
  void row(@Nullable Object... values) {
    this.lines.add(
        Arrays.stream(values)
            .map(value -> value == null ? NULL : value.toString())
            .collect(Collectors.joining("\t")));
  }

  /** Writes it into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(this.name + ".tsv"), this.lines);
  }

  /** Cents as text, with two decimals. */
  static @Nullable String money(@Nullable Object cents) {
    return cents == null ? null : new ByteText().cents((Long) cents).toString();
  }

  /** An instant as text. */
  static @Nullable String time(@Nullable Object micros) {
    return micros == null ? null : new ByteText().time((Long) micros, ' ').toString();
  }

  /** The day of an instant as text. */
  static String date(@Nullable Object micros) {
    return new ByteText().date((Long) Objects.requireNonNull(micros)).toString();
  }
}
