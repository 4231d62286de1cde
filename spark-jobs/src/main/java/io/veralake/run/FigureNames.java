package io.veralake.run;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.mart.MartTrace;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Finds what people name when they speak of a figure, or says what they may have meant. */
final class FigureNames {
  private final Model model;

  FigureNames(Model model) {
    this.model = model;
  }

  /** The mart {@code name}. */
  Mart mart(String name) {
    List<String> known = this.model.marts().stream().map(Mart::name).toList();
    return this.model.marts().stream()
        .filter(mart -> mart.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UsageException("Unknown mart: " + name + hint(name, known)));
  }

  /** Checks that {@code mart} has the columns {@code names}. */
  void columns(Mart mart, Collection<String> names) {
    List<String> columns = mart.columns().stream().map(Column::name).toList();
    for (String column : names) {
      if (!columns.contains(column)) {
        throw new UsageException(
            "Unknown column of mart %s: %s%s"
                .formatted(mart.name(), column, hint(column, columns)));
      }
    }
  }

  /** The values {@code texts} (by column of {@code mart}) as SQL of their columns' types. */
  static Map<String, String> literals(Lake lake, Mart mart, Map<String, String> texts) {
    try {
      return MartTrace.literals(lake, mart, texts);
    } catch (DataException e) {
      throw new UsageException(Objects.toString(e.getMessage()));
    }
  }

  /**
   * The values {@code texts} as their types write them: ClickHouse takes {@code 2026-03-01} for a
   * date, where Spark takes {@code 2026-3-1} too.
   */
  static Map<String, String> written(Lake lake, Mart mart, Map<String, String> texts) {
    Map<String, String> written = new TreeMap<>();
    literals(lake, mart, texts)
        .forEach(
            (column, literal) ->
                written.put(
                    column,
                    lake.spark()
                        .sql("SELECT CAST(" + literal + " AS string)")
                        .head()
                        .getString(0)));
    return written;
  }

  /** Checks that either a row is named, or a partition with a measure. */
  void figure(Mart mart, boolean key, boolean partition, boolean measure) {
    if (key == partition) {
      throw new UsageException(
          "Missing --key, or --partition with --measure (the grain of mart %s is %s)"
              .formatted(mart.name(), mart.grain()));
    }
    if (partition != measure) {
      throw new UsageException("Missing --partition or --measure (they go together)");
    }
  }

  private static String hint(String wrong, List<String> known) {
    return Nearest.hint(wrong, known).map(hint -> " (" + hint + ")").orElse("");
  }
}
