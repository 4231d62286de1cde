package io.veralake.docs;

import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import io.veralake.spec.ModelNotes;
import io.veralake.spec.Publication;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What is said of marts, and of the streaming tables that they are compared with. */
final class MartDocs {
  private MartDocs() {}

  /** What is said of {@code mart}, compared by {@code compared}, published as {@code published}. */
  static TableDoc mart(
      Mart mart, ModelNotes.Note note, List<Reconciliation> compared, List<Publication> published) {
    Set<String> partitions = new HashSet<>();
    mart.partitionBy().forEach(field -> partitions.add(field.column()));
    List<ColumnDoc> columns = new ArrayList<>();
    for (Column column : mart.columns()) {
      List<String> marks = new ArrayList<>();
      if (mart.grain().contains(column.name())) {
        marks.add("grain");
      }
      if (partitions.contains(column.name())) {
        marks.add("partition");
      }
      if (compared.stream().anyMatch(r -> r.measures().contains(column.name()))) {
        marks.add("measure");
      }
      columns.add(
          new ColumnDoc(
              column.name(),
              column.type().sql(),
              marks,
              note.columns().getOrDefault(column.name(), ""),
              false));
    }
    return new TableDoc(
        "mart." + mart.name(),
        Layer.MART,
        word(mart.kind()),
        note.description(),
        columns,
        facts(mart, compared, published),
        List.of(checks(mart), new TableDoc.Section("SQL", sql(mart.sql()))));
  }

  /** What is said of the streaming table of {@code reconciliation}. */
  static TableDoc stream(Reconciliation reconciliation, ModelNotes.Note note) {
    Mart mart = reconciliation.mart();
    Map<String, String> types = new LinkedHashMap<>();
    for (Column column : mart.columns()) {
      boolean compared = reconciliation.compare().stream().anyMatch(c -> c.column().equals(column));
      if (compared || reconciliation.key().contains(column.name())) {
        types.put(column.name(), column.type().sql());
      }
    }
    List<ColumnDoc> columns = new ArrayList<>();
    types.forEach(
        (name, type) -> {
          List<String> marks = new ArrayList<>();
          if (reconciliation.key().contains(name)) {
            marks.add("key");
          }
          if (reconciliation.measures().contains(name)) {
            marks.add("measure");
          }
          columns.add(new ColumnDoc(name, type, marks, tolerance(reconciliation, name), false));
        });
    columns.add(
        new ColumnDoc(
            reconciliation.stream().commitTime(),
            "timestamp",
            List.of(),
            "When the source committed the event that the row shows.",
            true));
    columns.add(
        new ColumnDoc(
            reconciliation.stream().receivedTime(),
            "timestamp",
            List.of(),
            "When the streaming layer got it.",
            true));
    List<TableDoc.Fact> facts =
        List.of(
            new TableDoc.Fact("Compared with", Html.table("mart." + mart.name())),
            new TableDoc.Fact("Table", Html.code(reconciliation.stream().table())),
            new TableDoc.Fact("By key", Html.codes(reconciliation.key())),
            new TableDoc.Fact("Partition", Html.code(reconciliation.partition())),
            new TableDoc.Fact("Measures", Html.codes(reconciliation.measures())),
            new TableDoc.Fact(
                "Late after", reconciliation.stream().latency().toSeconds() + " seconds"),
            new TableDoc.Fact("Watermark of", Html.codes(reconciliation.systems())));
    return new TableDoc(
        "stream." + reconciliation.name(),
        Layer.STREAM,
        "streaming table",
        note.description(),
        columns,
        facts,
        List.of(
            new TableDoc.Section(
                "Live rows (ClickHouse SQL)", sql(reconciliation.stream().rows()))));
  }

  private static String tolerance(Reconciliation reconciliation, String column) {
    return reconciliation.compare().stream()
        .filter(c -> c.column().name().equals(column) && !c.tolerance().equals("0"))
        .map(c -> "Counts as equal up to a difference of " + c.tolerance() + ".")
        .findFirst()
        .orElse("");
  }

  private static List<TableDoc.Fact> facts(
      Mart mart, List<Reconciliation> compared, List<Publication> published) {
    List<TableDoc.Fact> facts = new ArrayList<>();
    facts.add(new TableDoc.Fact("Grain", Html.codes(mart.grain())));
    if (!mart.partitionBy().isEmpty()) {
      List<String> fields = new ArrayList<>();
      for (Mart.PartitionField field : mart.partitionBy()) {
        fields.add(
            field.transform() == Mart.PartitionField.Transform.IDENTITY
                ? field.column()
                : word(field.transform()) + "(" + field.column() + ")");
      }
      facts.add(new TableDoc.Fact("Partitioned by", Html.codes(fields)));
    }
    facts.add(
        new TableDoc.Fact(
            "Recomputed",
            mart.refresh().key().isEmpty()
                ? "as a whole, when an input changes"
                : "by " + Html.codes(mart.refresh().key()) + ", where an input changes"));
    for (Reconciliation one : compared) {
      facts.add(new TableDoc.Fact("Reconciled with", Html.table("stream." + one.name())));
    }
    for (Publication one : published) {
      String live =
          one.live() == null ? "" : ", " + Html.code(one.star() + "." + one.name() + "_live");
      facts.add(
          new TableDoc.Fact(
              "In ClickHouse",
              Html.code(one.star() + "." + one.name())
                  + live
                  + " by "
                  + Html.codes(one.orderBy())));
    }
    return facts;
  }

  private static TableDoc.Section checks(Mart mart) {
    StringBuilder html = new StringBuilder("<ul class=\"checks\">");
    html.append("<li><b>grain</b> <span class=\"mark stop\">stop</span> ")
        .append(Html.codes(mart.grain()))
        .append(" unique and never null</li>");
    for (Mart.Check check : mart.checks()) {
      String severity = word(check.severity());
      html.append(
          "<li><b>%s</b> <span class=\"mark %s\">%s</span><details><summary>SQL</summary>%s</details></li>"
              .formatted(Html.text(check.name()), severity, severity, sql(check.sql())));
    }
    return new TableDoc.Section("Checks", html.append("</ul>").toString());
  }

  private static String sql(String sql) {
    return "<pre class=\"sql\"><code>" + Html.text(sql.stripIndent().strip()) + "</code></pre>";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
