package io.veralake.docs;

import io.veralake.lineage.ColumnRef;
import io.veralake.lineage.Dependency;
import io.veralake.lineage.TableLineage;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the pictures and the search of the pages work on: a script that sets one value. */
final class GraphData {
  private static final int TECHNICAL = 1;
  private static final int PERSONAL = 2;

  /** After all ways to depend on a column: it is compared with it. */
  private static final int COMPARED = Dependency.Kind.values().length;

  private final Site.Content content;
  private final List<TableDoc> tables;
  private final Map<ColumnRef, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> places = new HashMap<>();

  GraphData(Site.Content content, List<TableDoc> tables) {
    this.content = content;
    this.tables = tables;
    int number = 0;
    for (TableDoc table : tables) {
      this.places.put(table.id(), this.places.size());
      for (ColumnDoc column : table.columns()) {
        this.numbers.putIfAbsent(new ColumnRef(table.id(), column.name()), number);
        number++;
      }
    }
  }

  String script() {
    List<String> edges = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (TableLineage lineage : this.content.lineage().tables().values()) {
      lineage
          .columns()
          .forEach(
              (column, from) -> this.edges(new ColumnRef(lineage.table(), column), from, edges));
      for (Dependency one : lineage.rows()) {
        Integer from = this.numbers.get(one.from());
        if (from != null) {
          rows.add("[%d,%d]".formatted(from, this.places.get(lineage.table())));
        }
      }
    }
    for (Reconciliation one : this.content.model().reconciliations()) {
      one.compare().forEach(c -> this.compared(one, c.column().name(), edges));
      one.key().forEach(column -> this.compared(one, column, edges));
    }
    List<String> kinds = new ArrayList<>();
    for (Dependency.Kind kind : Dependency.Kind.values()) {
      kinds.add(Html.json(word(kind)));
    }
    kinds.add(Html.json("compared"));
    return "window.VERALAKE={\nkinds:[%s],weak:%d,compared:%d,\ntables:[\n%s],\nedges:[%s],\nrows:[%s]};\n"
        .formatted(
            String.join(",", kinds),
            Dependency.Kind.CONDITION.ordinal(),
            COMPARED,
            String.join(",\n", this.tables()),
            String.join(",", edges),
            String.join(",", rows.stream().distinct().toList()));
  }

  /** How a dependency is called. */
  static String word(Dependency.Kind kind) {
    return switch (kind) {
      case IDENTITY -> "as it is";
      case TRANSFORMATION -> "computed";
      case AGGREGATION -> "aggregated";
      case CONDITION -> "decides by condition";
      case WINDOW -> "decides by window";
      case JOIN -> "joined by";
      case FILTER -> "filtered by";
      case GROUP_BY -> "grouped by";
      case SORT -> "sorted by";
    };
  }

  private void edges(ColumnRef to, Set<Dependency> from, List<String> edges) {
    Integer target = this.numbers.get(to);
    Map<Integer, Integer> nearest = new LinkedHashMap<>();
    for (Dependency one : from) {
      Integer source = this.numbers.get(one.from());
      if (source != null && target != null) {
        nearest.merge(source, one.kind().ordinal(), Math::min);
      }
    }
    nearest.forEach((source, kind) -> edges.add("[%d,%d,%d]".formatted(source, target, kind)));
  }

  private void compared(Reconciliation one, String column, List<String> edges) {
    Integer from = this.numbers.get(new ColumnRef("mart." + one.mart().name(), column));
    Integer to = this.numbers.get(new ColumnRef("stream." + one.name(), column));
    if (from != null && to != null) {
      edges.add("[%d,%d,%d]".formatted(from, to, COMPARED));
    }
  }

  private List<String> tables() {
    Map<String, Integer> ranks = this.ranks();
    List<String> result = new ArrayList<>();
    for (TableDoc table : this.tables) {
      List<String> columns = new ArrayList<>();
      for (ColumnDoc column : table.columns()) {
        columns.add(
            "[%s,%s,%d,%s]"
                .formatted(
                    Html.json(column.name()),
                    Html.json(column.type()),
                    flags(column),
                    Html.json(column.about())));
      }
      result.add(
          "{id:%s,kind:%s,short:%s,layer:%s,rank:%d,page:%s,about:%s,columns:[%s]}"
              .formatted(
                  Html.json(table.id()),
                  Html.json(table.kind()),
                  Html.json(shortKind(table.kind())),
                  Html.json(table.layer().word()),
                  ranks.getOrDefault(table.id(), 0),
                  Html.json(Html.page(table.id())),
                  Html.json(table.about()),
                  String.join(",", columns)));
    }
    return result;
  }

  private static String shortKind(String kind) {
    return kind.replace("point-in-time table", "pit")
        .replace("reference table", "ref")
        .replace("effectivity", "eff")
        .replace(" satellite", " sat")
        .replaceFirst("^satellite$", "sat")
        .replace("non-historised", "nh")
        .replace("multi-active", "multi")
        .replace("streaming table", "stream")
        .replace("record tracking", "tracking")
        .replace("dimension", "dim")
        .replace("aggregate", "agg")
        .replace("debezium", "cdc");
  }

  private static int flags(ColumnDoc column) {
    boolean hash = column.marks().contains("hash key");
    boolean end =
        column.marks().stream()
            .anyMatch(mark -> mark.startsWith("end: ") || mark.startsWith("link: "));
    return (column.bookkeeping() || hash || end ? TECHNICAL : 0)
        + (column.marks().contains(ColumnDoc.PERSONAL) ? PERSONAL : 0);
  }

  /** How many tables data go through at most to get there. */
  private Map<String, Integer> ranks() {
    Map<String, Integer> ranks = new HashMap<>();
    for (TableDoc table : this.tables) {
      TableLineage lineage = this.content.lineage().tables().get(table.id());
      int rank = table.layer().ordinal();
      if (lineage != null) {
        for (String input : lineage.inputs()) {
          rank = Math.max(rank, ranks.getOrDefault(input, 0) + 1);
        }
      }
      ranks.put(table.id(), rank);
    }
    int last = ranks.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (Reconciliation one : this.content.model().reconciliations()) {
      int mart = ranks.getOrDefault("mart." + one.mart().name(), last);
      ranks.put("stream." + one.name(), mart + 1);
    }
    return ranks;
  }
}
