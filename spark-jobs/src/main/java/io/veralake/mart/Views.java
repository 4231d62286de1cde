package io.veralake.mart;

import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Mart;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names that a mart's SQL may use, put in front of it as common table expressions: no temporary
 * views, so that builds side by side in one session don't meet, and every query is one text that
 * can be run by hand. Tables are read at one snapshot for the whole build.
 */
final class Views {
  private final RunContext context;
  private final VaultViews satellites;
  private final Map<String, Input> inputs;
  private final Map<String, String> own = new LinkedHashMap<>();

  /**
   * Views over {@code inputs}, each at its snapshot, and over any other table of the model as it
   * stands.
   */
  Views(RunContext context, Map<String, Input> inputs) {
    this.context = context;
    this.satellites = new VaultViews(context.model());
    this.inputs = Map.copyOf(inputs);
  }

  /**
   * These views and the view {@code name}, defined by {@code sql}, in the place of a table's own
   * rows if it has a table's name.
   */
  Views with(String name, String sql) {
    Views result = new Views(this.context, this.inputs);
    result.own.putAll(this.own);
    result.own.put(name, sql);
    return result;
  }

  /** {@code sql} with the views that it names in front. */
  String query(String sql) {
    Map<String, String> views = new LinkedHashMap<>();
    String words = sql + "\n" + String.join("\n", this.own.values());
    this.context.model().vault().forEach(table -> this.vault(table, words, views));
    for (Mart mart : this.context.model().marts()) {
      if (mentions(words, mart.name()) && !this.own.containsKey(mart.name())) {
        views.put(mart.name(), this.mart(mart.name()));
      }
    }
    this.own.forEach(views::putIfAbsent);
    return views.isEmpty()
        ? sql
        : views.entrySet().stream()
            .map(view -> "`" + view.getKey() + "` AS (\n" + view.getValue() + "\n)")
            .collect(Collectors.joining(",\n", "WITH ", "\nSELECT * FROM (\n" + sql + "\n)"));
  }

  private String mart(String name) {
    String table = MartTable.name(name);
    if (!this.context.lake().exists(table)) {
      throw new DataException("Missing table %s (build mart %s first)".formatted(table, name));
    }
    return "SELECT * FROM " + this.at(name, table);
  }

  /** The table of the input or model table {@code name}, for SQL, at the build's snapshot. */
  private String at(String name, String table) {
    Lake lake = this.context.lake();
    Input input = this.inputs.get(name);
    return input == null || input.snapshot().isEmpty()
        ? lake.sqlName(table)
        : lake.sqlName(table) + " VERSION AS OF " + input.snapshot().getAsLong();
  }

  private void vault(VaultTable table, String words, Map<String, String> views) {
    String history = table.name() + VaultViews.HISTORY;
    String current = table.name() + VaultViews.CURRENT;
    boolean both = table instanceof Satellite described && described.versions();
    boolean needsHistory = both && mentions(words, history);
    boolean needsCurrent = both && mentions(words, current);
    if (!needsHistory && !needsCurrent && !mentions(words, table.name())) {
      return;
    }
    views.put(
        table.name(),
        this.own.getOrDefault(
            table.name(), "SELECT * FROM " + this.at(table.name(), "vault." + table.name())));
    if (table instanceof Satellite satellite) {
      if (needsHistory) {
        views.put(history, this.satellites.history(satellite, satellite.name()));
      }
      if (needsCurrent) {
        views.put(current, this.satellites.current(satellite, satellite.name()));
      }
    }
  }

  private static boolean mentions(String words, String name) {
    return Pattern.compile("(?i)(?<![\\w])" + Pattern.quote(name) + "(?![\\w])")
        .matcher(words)
        .find();
  }
}
