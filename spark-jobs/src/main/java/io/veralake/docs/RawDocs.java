package io.veralake.docs;

import io.veralake.lake.RawColumns;
import io.veralake.spec.Column;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ModelNotes;
import io.veralake.spec.Protection;
import io.veralake.spec.ValueOrigin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is said of raw tables. */
final class RawDocs {
  private static final Map<String, String> OWN = new LinkedHashMap<>();

  static {
    OWN.put(
        RawColumns.OP,
        "What happened: c insert, u update, d delete, r read in a snapshot or a file, t truncate.");
    OWN.put(RawColumns.POSITION, "Place in the source's order.");
    OWN.put(RawColumns.COMMIT_TIME, "When the change was committed at its source.");
    OWN.put(RawColumns.RECORD_SOURCE, "Where the row says it comes from.");
    OWN.put(RawColumns.LOAD_TIME, "When the vault is to say that it learned of the row.");
    OWN.put(RawColumns.FILE, "File or topic that the row was landed from.");
    OWN.put(RawColumns.ROW, "Number of the record in its file.");
    OWN.put(RawColumns.BATCH, "The run that landed the row.");
    OWN.put(RawColumns.UNAVAILABLE, "Columns whose values the source kept back.");
  }

  private RawDocs() {}

  /**
   * What is said of {@code table}.
   *
   * @param used columns and paths that the vault takes from it
   * @param stored types that the lake knows, by column
   */
  static TableDoc of(
      LandTable table, ModelNotes.Note note, Set<String> used, Map<String, String> stored) {
    return new TableDoc(
        "raw." + table.name(),
        Layer.RAW,
        word(table.format()),
        note.description(),
        columns(table, note, used, stored),
        facts(table),
        List.of());
  }

  private static List<ColumnDoc> columns(
      LandTable table, ModelNotes.Note note, Set<String> used, Map<String, String> stored) {
    Map<String, String> types = new LinkedHashMap<>();
    if (table.format().documents()) {
      types.put("document", "string");
    }
    for (Column column : table.columns()) {
      types.put(column.name(), column.type().sql());
    }
    stored.forEach(types::putIfAbsent);
    for (String name : new TreeSet<>(used)) {
      if (!name.startsWith("_")) {
        types.putIfAbsent(name, "");
      }
    }
    List<ColumnDoc> columns = new ArrayList<>();
    types.forEach(
        (name, type) ->
            columns.add(
                new ColumnDoc(
                    name, type, marks(table, name), note.columns().getOrDefault(name, ""), false)));
    OWN.forEach(
        (name, about) -> columns.add(new ColumnDoc(name, ownType(name), List.of(), about, true)));
    return columns;
  }

  private static String ownType(String name) {
    return switch (name) {
      case RawColumns.POSITION -> "struct<major, minor, row>";
      case RawColumns.COMMIT_TIME, RawColumns.LOAD_TIME -> "timestamp";
      case RawColumns.ROW -> "bigint";
      case RawColumns.UNAVAILABLE -> "array<string>";
      default -> "string";
    };
  }

  private static List<String> marks(LandTable table, String column) {
    List<String> marks = new ArrayList<>();
    if (table.key().contains(column)) {
      marks.add("key");
    }
    Protection protection = table.sensitive().get(column);
    if (protection != null) {
      marks.add(
          switch (protection) {
            case DROP -> "sensitive: not landed";
            case HASH -> "sensitive: hashed";
            case ENCRYPT -> "sensitive: encrypted";
          });
    }
    return marks;
  }

  private static List<TableDoc.Fact> facts(LandTable table) {
    List<TableDoc.Fact> facts = new ArrayList<>();
    facts.add(new TableDoc.Fact("Format", Html.text(word(table.format()))));
    facts.add(new TableDoc.Fact("Landed from", place(table.source())));
    facts.add(new TableDoc.Fact("System", Html.code(table.system())));
    if (!table.key().isEmpty()) {
      facts.add(new TableDoc.Fact("Key", Html.codes(table.key())));
    }
    if (!table.orderBy().isEmpty()) {
      facts.add(new TableDoc.Fact("Versions ordered by", Html.codes(table.orderBy())));
    }
    if (table.commitTime().kind() == ValueOrigin.Kind.COLUMN) {
      facts.add(new TableDoc.Fact("Commit time", Html.code(table.commitTime().text())));
    }
    if (!table.owner().isEmpty()) {
      facts.add(new TableDoc.Fact("Owner", Html.text(table.owner())));
    }
    if (!table.sensitive().isEmpty()) {
      List<String> sensitive = new ArrayList<>();
      table
          .sensitive()
          .forEach((name, how) -> sensitive.add(name + ": " + how.name().toLowerCase(Locale.ROOT)));
      facts.add(new TableDoc.Fact("Sensitive", Html.codes(sensitive)));
    }
    table
        .renamedFrom()
        .forEach(
            (today, earlier) ->
                facts.add(
                    new TableDoc.Fact(
                        "Named before", Html.code(today) + ": " + Html.codes(earlier))));
    return facts;
  }

  /** No address: those may hold what isn't everybody's. */
  private static String place(LandSource source) {
    if (source instanceof LandSource.Folder folder) {
      return "files in " + Html.code(withoutHost(folder.path()));
    } else if (source instanceof LandSource.Dumps dumps) {
      return "whole dumps in " + Html.code(withoutHost(dumps.folder().path()));
    } else if (source instanceof LandSource.Topics topics) {
      return "topics " + Html.code(topics.toString());
    } else if (source instanceof LandSource.Jdbc jdbc) {
      return jdbc.table().isEmpty()
          ? "a query of the database " + Html.code(jdbc.connection())
          : "table %s of the database %s"
              .formatted(Html.code(jdbc.table()), Html.code(jdbc.connection()));
    } else if (source instanceof LandSource.Mongo mongo) {
      return "collection %s of %s"
          .formatted(
              Html.code(mongo.database() + "." + mongo.collection()),
              Html.code(mongo.connection()));
    }
    return "a list that a server gives over HTTP";
  }

  /** A path without user, password and query, which addresses may carry. */
  private static String withoutHost(String path) {
    return path.replaceFirst("^([a-z0-9]+://)[^/@]*@", "$1").replaceFirst("\\?.*$", "");
  }

  private static String word(LandTable.Format format) {
    return format.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
