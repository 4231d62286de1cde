package io.veralake.docs;

import io.veralake.lake.FormColumns;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.ModelNotes;
import io.veralake.spec.Pit;
import io.veralake.spec.Prejoin;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is said of vault tables. */
final class VaultDocs {
  private final VaultTable table;
  private final ModelNotes.Note note;
  private final Map<String, String> types;

  private VaultDocs(VaultTable table, ModelNotes.Note note, String hash) {
    this.table = table;
    this.note = note;
    this.types = new LinkedHashMap<>();
    VaultColumns.types(table, hash)
        .forEach(
            (name, type) -> {
              this.types.put(name, type);
              if (name.equals(FormColumns.MEMBERS) && table instanceof Satellite satellite) {
                satellite
                    .payload()
                    .forEach(column -> this.types.put(member(column), column.type().sql()));
              }
            });
  }

  /**
   * What is said of {@code table}.
   *
   * @param hash type of hashes in SQL
   */
  static TableDoc of(VaultTable table, ModelNotes.Note note, String hash) {
    VaultDocs docs = new VaultDocs(table, note, hash);
    return new TableDoc(
        "vault." + table.name(),
        Layer.VAULT,
        docs.kind(),
        note.description(),
        docs.columns(),
        docs.facts(),
        docs.sections());
  }

  private static String member(Column column) {
    return FormColumns.MEMBERS + "." + column.name();
  }

  private String kind() {
    if (this.table instanceof Hub) {
      return "hub";
    } else if (this.table instanceof Link link) {
      return link.historised() ? "link" : "non-historised link";
    } else if (this.table instanceof Pit) {
      return "point-in-time table";
    } else if (this.table instanceof Bridge) {
      return "bridge";
    } else if (this.table instanceof Satellite satellite) {
      SatelliteForm form = satellite.form();
      if (satellite.parent().name().equals(satellite.name())) {
        return "reference table";
      } else if (form instanceof SatelliteForm.Members || form instanceof SatelliteForm.Sets) {
        return "multi-active satellite";
      } else if (form instanceof SatelliteForm.Effectivity) {
        return "effectivity satellite";
      } else if (form instanceof SatelliteForm.Status) {
        return "status satellite";
      } else if (form instanceof SatelliteForm.Sightings) {
        return "record tracking satellite";
      } else if (form instanceof SatelliteForm.Once) {
        return "non-historised satellite";
      }
      return "satellite";
    }
    return "vault table";
  }

  private List<ColumnDoc> columns() {
    Map<String, String> own = this.own();
    List<ColumnDoc> columns = new ArrayList<>();
    this.types.forEach(
        (name, type) -> {
          String about = this.note.columns().getOrDefault(name, own.getOrDefault(name, ""));
          columns.add(new ColumnDoc(name, type, this.marks(name), about, own.containsKey(name)));
        });
    return columns;
  }

  /** What the columns are for that every table of the family has. */
  private Map<String, String> own() {
    VaultNames names = this.table.names();
    Map<String, String> own = new TreeMap<>();
    own.put(names.hashdiff(), "Hash of what versions differ by.");
    own.put(names.loadTime(), "When the vault learned of the row.");
    own.put(names.recordSource(), "Where the row comes from.");
    own.put(names.appliedTime(), "When the source committed the row.");
    own.put(names.deleted(), "Whether the row says that its key is gone.");
    names.position().forEach(name -> own.put(name, "Place of the row in its source's order."));
    own.put(FormColumns.UNSENT, "Columns whose values the source kept back.");
    own.put(FormColumns.MEMBER_COUNT, "How many members the set has.");
    return own;
  }

  private List<String> marks(String name) {
    List<String> marks = new ArrayList<>();
    if (name.equals(this.table.hashKey())) {
      marks.add("hash key");
    }
    if (this.table instanceof Bridge bridge) {
      bridge.shown().stream()
          .filter(one -> one.name().equals(name))
          .forEach(one -> marks(one, marks));
    } else if (this.table instanceof Hub hub && named(hub.businessKey(), name)) {
      marks.add("business key");
    } else if (this.table instanceof Link link) {
      link.ends().stream()
          .filter(end -> end.hashKey().equals(name))
          .forEach(end -> marks.add("end: " + end.hub().name()));
      if (named(link.dependentKey(), name)) {
        marks.add("dependent key");
      }
    } else if (this.table instanceof Satellite satellite) {
      this.marks(satellite, name, marks);
    }
    return marks;
  }

  private static void marks(Bridge.Shown shown, List<String> marks) {
    if (shown.table() instanceof Link link) {
      link.ends().stream()
          .filter(end -> end.hashKey().equals(shown.column()))
          .forEach(end -> marks.add("end: " + end.hub().name()));
      if (named(link.dependentKey(), shown.column())) {
        marks.add("dependent key");
      } else if (shown.column().equals(link.hashKey())) {
        marks.add("link: " + link.name());
      }
    } else if (shown.type().isPresent()) {
      marks.add("business key");
    }
  }

  private void marks(Satellite satellite, String name, List<String> marks) {
    if (satellite.form() instanceof SatelliteForm.Members several && named(several.key(), name)) {
      marks.add("member key");
    }
    if (satellite.form() instanceof SatelliteForm.Effectivity effectivity
        && effectivity.columns().contains(name)) {
      marks.add("driving key");
    }
    if (name.equals(satellite.names().hashdiff())) {
      marks.add("hashdiff");
    }
    String inner = name.replace(FormColumns.MEMBERS + ".", "");
    if (satellite.personal().contains(inner)) {
      marks.add(ColumnDoc.PERSONAL);
    }
  }

  private static boolean named(List<Column> columns, String name) {
    return columns.stream().anyMatch(column -> column.name().equals(name));
  }

  private List<TableDoc.Fact> facts() {
    List<TableDoc.Fact> facts = new ArrayList<>();
    if (this.table instanceof Link link) {
      List<String> ends = new ArrayList<>();
      link.ends().forEach(end -> ends.add(Html.table("vault." + end.hub().name())));
      facts.add(new TableDoc.Fact("Connects", String.join(", ", ends)));
    } else if (this.table instanceof Satellite satellite
        && !satellite.parent().name().equals(satellite.name())) {
      facts.add(new TableDoc.Fact("Describes", Html.table("vault." + satellite.parent().name())));
      if (satellite.versions() && !satellite.payload().isEmpty()) {
        facts.add(new TableDoc.Fact("Versions differ by", Html.codes(satellite.hashdiff())));
      }
      if (satellite.versions()) {
        facts.add(
            new TableDoc.Fact(
                "Views",
                Html.code(satellite.name() + "_current")
                    + ", "
                    + Html.code(satellite.name() + "_history")));
      }
    } else if (this.table instanceof Pit pit) {
      this.snapshots(pit, facts);
    } else if (this.table instanceof Bridge bridge) {
      walk(bridge, facts);
    }
    if (!this.table.rules().ghosts().isEmpty()) {
      facts.add(new TableDoc.Fact("Ghost records", "unknown and error"));
    }
    return facts;
  }

  private void snapshots(Pit pit, List<TableDoc.Fact> facts) {
    List<String> satellites = new ArrayList<>();
    pit.satellites().forEach(s -> satellites.add(Html.table("vault." + s.name())));
    facts.add(new TableDoc.Fact("Keys of", Html.table("vault." + pit.parent().name())));
    facts.add(new TableDoc.Fact("Versions of", String.join(", ", satellites)));
    facts.add(new TableDoc.Fact("Snapshots", Html.text(calendar(pit.calendar()))));
  }

  private static void walk(Bridge bridge, List<TableDoc.Fact> facts) {
    List<String> links = new ArrayList<>();
    bridge.walk().forEach(step -> links.add(Html.table("vault." + step.link().name())));
    facts.add(new TableDoc.Fact("Walk from", Html.table("vault." + bridge.hub().name())));
    facts.add(new TableDoc.Fact("Over", String.join(", ", links)));
    facts.add(new TableDoc.Fact("Snapshots", Html.text(calendar(bridge.calendar()))));
  }

  /** How many snapshots of which kind. */
  static String calendar(SnapshotCalendar calendar) {
    List<String> parts = new ArrayList<>();
    add(parts, calendar.daily(), "daily");
    add(parts, calendar.weekly(), "weekly");
    add(parts, calendar.monthly(), "monthly");
    add(parts, calendar.yearly(), "yearly");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String word) {
    if (count > 0) {
      parts.add(count + " " + word);
    }
  }

  private List<TableDoc.Section> sections() {
    if (this.table instanceof Pit || this.table instanceof Bridge) {
      return List.of();
    }
    StringBuilder html =
        new StringBuilder(
            "<table class=\"plain\"><thead><tr><th>From</th><th>Column</th><th>Is</th></tr></thead><tbody>");
    for (VaultSource source : this.table.sources()) {
      Map<String, String> lines = new LinkedHashMap<>();
      new TreeMap<>(source.columns())
          .forEach((name, sql) -> lines.put(Html.code(name), expression(sql)));
      source.prejoin().ifPresent(joined -> joins(joined, lines));
      if (!source.where().equals("true")) {
        lines.put("only where", Html.code(source.where()));
      }
      if (!source.explode().isEmpty()) {
        lines.put("each item of", expression(source.explode()));
      }
      if (lines.isEmpty()) {
        lines.put("", "the columns of the same names");
      }
      int count = lines.size();
      boolean[] first = {true};
      lines.forEach(
          (name, value) -> {
            html.append("<tr>");
            if (first[0]) {
              html.append("<th scope=\"rowgroup\" rowspan=\"%d\">".formatted(count))
                  .append(Html.table("raw." + source.from()))
                  .append("</th>");
              first[0] = false;
            }
            html.append("<td>").append(name).append("</td><td>").append(value);
            html.append("</td></tr>");
          });
    }
    return List.of(new TableDoc.Section("Sources", html.append("</tbody></table>").toString()));
  }

  /** Which columns of other tables the rows take. */
  private static void joins(Prejoin prejoin, Map<String, String> lines) {
    prejoin.from().prejoin().ifPresent(before -> joins(before, lines));
    for (Prejoin.Partner partner : prejoin.partners()) {
      lines.put(
          "with " + Html.table("raw." + partner.from().from()),
          "%s, where %s"
              .formatted(pairs(partner.take(), "is its"), pairs(partner.on(), "equals its")));
    }
  }

  private static String pairs(List<Prejoin.Pair> pairs, String word) {
    return pairs.stream()
        .map(
            pair -> "%s %s %s".formatted(Html.code(pair.column()), word, Html.code(pair.partner())))
        .collect(Collectors.joining(", "));
  }

  /** The expression as it is written in the model: paths in documents are read by a long one. */
  private static String expression(String sql) {
    java.util.regex.Matcher path =
        java.util.regex.Pattern.compile(
                "get_json_object\\((document|item), '((?:[^'\\\\]|\\\\.)*)'\\)")
            .matcher(sql);
    if (sql.contains("get_json_object(") && path.find()) {
      String shown = path.group(2).replace("\\'", "'");
      boolean item = path.group(1).equals("item");
      return Html.code(item ? shown.replaceFirst("^\\$", "\\$item") : shown);
    }
    return Html.code(sql);
  }
}
