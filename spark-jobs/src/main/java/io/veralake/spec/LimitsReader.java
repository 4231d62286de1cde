package io.veralake.spec;

import io.veralake.spec.Limits.Limit;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how much a publication may change without approval. */
final class LimitsReader {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*(%?)");

  private final Node node;

  LimitsReader(Node node) {
    this.node = node;
  }

  /** The limits; {@code summable} are the columns that may be measures. */
  Limits read(List<Column> columns, List<String> summable) {
    Map<String, Limit> measures = new TreeMap<>();
    this.node
        .textMap("measures")
        .forEach(
            (name, text) -> {
              if (measure(this.node, "measures", name, columns, summable)) {
                Limit limit = this.limit("measures", name + " = ", text, true);
                if (limit != null) {
                  measures.put(name, limit);
                }
              }
            });
    Limits limits =
        new Limits(
            this.count("rows"),
            this.count("rows-added"),
            this.count("rows-removed"),
            this.count("rows-changed"),
            this.count("partitions"),
            this.node.has("partitions-emptied")
                ? this.count("partitions-emptied")
                : new Limit(BigDecimal.ZERO, false),
            measures);
    this.node.end();
    return limits;
  }

  /** Reports a name that is no measure; whether it is one. */
  static boolean measure(
      Node node, String key, String name, List<Column> columns, List<String> summable) {
    if (summable.contains(name) || columns.isEmpty()) {
      return true;
    }
    columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .ifPresentOrElse(
            column ->
                node.invalid(
                    key,
                    name + ", a " + column.type(),
                    "a whole number, or a decimal with at most 9 digits after the point: its totals are exact"),
            () -> node.unknown(key, "column", name, summable));
    return false;
  }

  private @Nullable Limit count(String key) {
    return this.node.has(key) ? this.limit(key, "", this.node.text(key), false) : null;
  }

  private @Nullable Limit limit(String key, String what, String text, boolean fraction) {
    Matcher parts = FORM.matcher(text.strip());
    boolean valid = parts.matches();
    if (valid) {
      boolean relative = !parts.group(2).isEmpty();
      if (relative || fraction || !parts.group(1).contains(".")) {
        return new Limit(new BigDecimal(parts.group(1)), relative);
      }
    }
    this.node.invalid(
        key,
        what + text,
        fraction
            ? "a number, or per cent of what readers see: 1000.00 or 5 %"
            : "a whole number, or per cent of what readers see: 1000 or 5 %");
    return null;
  }
}
