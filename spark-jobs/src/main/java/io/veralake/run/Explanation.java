package io.veralake.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way of a figure, stage by stage, as lines to read or as JSON. */
final class Explanation {
  private final List<Part> parts = new ArrayList<>();

  /**
   * What one table says.
   *
   * @param stage the stage's word
   * @param table its name
   * @param note what has to be known of it
   * @param rows by column
   */
  private record Part(
      String stage, String table, String note, List<Map<String, @Nullable String>> rows) {}

  /** Adds what {@code table} says. */
  void add(String stage, String table, String note, List<Map<String, @Nullable String>> rows) {
    this.parts.add(new Part(stage, table, note, List.copyOf(rows)));
  }

  /** Lines to read: a heading a table, a line a row, values that are null left out. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String stage = "";
    for (Part part : this.parts) {
      if (!part.stage().equals(stage)) {
        if (!lines.isEmpty()) {
          lines.add("");
        }
        stage = part.stage();
        lines.add(stage);
      }
      lines.add("  " + part.table() + (part.note().isEmpty() ? "" : "  " + part.note()));
      for (Map<String, @Nullable String> row : part.rows()) {
        lines.add(
            row.entrySet().stream()
                .filter(value -> value.getValue() != null)
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining("  ", "    ", "")));
      }
    }
    return lines;
  }

  /** The same as an array of objects {@code stage}, {@code table}, {@code note}, {@code rows}. */
  String json() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Part part : this.parts) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("stage", part.stage());
      one.put("table", part.table());
      one.put("note", part.note());
      one.put("rows", part.rows());
      all.add(one);
    }
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
