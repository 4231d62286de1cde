package io.veralake.docs;

import io.veralake.lineage.ColumnRef;
import io.veralake.lineage.Dependency;
import io.veralake.lineage.ModelLineage;
import io.veralake.lineage.TableLineage;
import io.veralake.spec.LandTable;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.ModelNotes;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.VaultTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pages on one model. */
public final class Site {
  /**
   * What the pages are made from.
   *
   * @param model what is declared
   * @param notes what its authors say of it
   * @param lineage what comes from where
   * @param hash type of the vault's hashes in SQL
   * @param environment its name
   * @param stored what the lake knows of tables, by {@code namespace.table}
   * @param withoutLake why it knows nothing; empty if it was asked
   */
  public record Content(
      Model model,
      ModelNotes notes,
      ModelLineage lineage,
      String hash,
      String environment,
      Map<String, Stored> stored,
      String withoutLake) {
    /** Copies the map. */
    public Content {
      stored = Map.copyOf(stored);
    }
  }

  private final Content content;
  private final Map<String, TableDoc> tables = new LinkedHashMap<>();

  private Site(Content content) {
    this.content = content;
  }

  /**
   * Writes the pages into {@code folder}, over those that are there.
   *
   * @return how many tables they are about
   */
  public static int write(Path folder, Content content) {
    Site site = new Site(content);
    site.describe();
    site.markPersonal();
    try {
      site.write(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the pages into " + folder, e);
    }
    return site.tables.size();
  }

  private void describe() {
    Model model = this.content.model();
    ModelNotes notes = this.content.notes();
    Map<String, Set<String>> used = this.used();
    for (LandTable table : model.land()) {
      String id = "raw." + table.name();
      Stored stored = this.content.stored().get(id);
      this.add(
          RawDocs.of(
              table,
              notes.of("land", table.name()),
              used.getOrDefault(id, Set.of()),
              stored == null ? Map.of() : stored.columns()));
    }
    for (VaultTable table : model.vault()) {
      this.add(VaultDocs.of(table, notes.of("vault", table.name()), this.content.hash()));
    }
    for (Mart mart : model.marts()) {
      this.add(
          MartDocs.mart(
              mart,
              notes.of("mart", mart.name()),
              model.reconciliations().stream().filter(r -> r.mart().equals(mart)).toList(),
              model.publications().stream().filter(p -> p.mart().equals(mart)).toList()));
    }
    for (Reconciliation one : model.reconciliations()) {
      this.add(MartDocs.stream(one, notes.of("reconcile", one.name())));
    }
  }

  private void add(TableDoc table) {
    this.tables.put(table.id(), table);
  }

  /** Columns that others come from or are decided by, by table. */
  private Map<String, Set<String>> used() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (TableLineage lineage : this.content.lineage().tables().values()) {
      Set<Dependency> all = new HashSet<>(lineage.rows());
      lineage.columns().values().forEach(all::addAll);
      for (Dependency one : all) {
        used.computeIfAbsent(one.from().table(), any -> new TreeSet<>()).add(one.from().column());
      }
    }
    return used;
  }

  /**
   * What is declared as personal in the vault is so where it comes from, and wherever its values
   * go, unless no more than a hash of it does.
   */
  private void markPersonal() {
    Set<ColumnRef> personal = new HashSet<>();
    for (TableDoc table : this.tables.values()) {
      table.columns().stream()
          .filter(column -> column.marks().contains(ColumnDoc.PERSONAL))
          .forEach(column -> personal.add(new ColumnRef(table.id(), column.name())));
    }
    Set<ColumnRef> sources = new HashSet<>();
    for (TableLineage lineage : this.content.lineage().tables().values()) {
      lineage
          .columns()
          .forEach(
              (column, from) -> {
                if (personal.contains(new ColumnRef(lineage.table(), column))) {
                  from.stream()
                      .filter(one -> one.kind().direct())
                      .filter(one -> one.from().table().startsWith("raw."))
                      .forEach(one -> sources.add(one.from()));
                }
              });
    }
    for (int before = -1; before < personal.size(); ) {
      before = personal.size();
      for (TableLineage lineage : this.content.lineage().tables().values()) {
        lineage
            .columns()
            .forEach(
                (column, from) -> {
                  if (from.stream()
                      .anyMatch(
                          one ->
                              one.kind().direct()
                                  && !one.masked()
                                  && personal.contains(one.from()))) {
                    personal.add(new ColumnRef(lineage.table(), column));
                  }
                });
      }
    }
    personal.addAll(sources);
    this.tables.replaceAll((id, table) -> marked(table, personal));
  }

  private static TableDoc marked(TableDoc table, Set<ColumnRef> personal) {
    List<ColumnDoc> columns = new ArrayList<>();
    for (ColumnDoc column : table.columns()) {
      boolean is = personal.contains(new ColumnRef(table.id(), column.name()));
      columns.add(is ? column.with(ColumnDoc.PERSONAL) : column);
    }
    return table.with(columns);
  }

  private void write(Path folder) throws IOException {
    List<TableDoc> all = List.copyOf(this.tables.values());
    Files.createDirectories(folder.resolve("assets"));
    copy(folder, "site.css");
    copy(folder, "site.js");
    Files.writeString(folder.resolve("assets/model.js"), new GraphData(this.content, all).script());
    Frame frame = new Frame(this.content, all);
    Files.writeString(folder.resolve("index.html"), new IndexPage(this.content, all, frame).html());
    Files.writeString(folder.resolve("lineage.html"), LineagePage.html(frame));
    for (TableDoc table : all) {
      Path page = folder.resolve(Html.page(table.id()));
      Files.createDirectories(Objects.requireNonNull(page.getParent()));
      Files.writeString(page, new TablePage(this.content, all, frame, table).html());
    }
  }

  private static void copy(Path folder, String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream(name), name)) {
      Files.writeString(
          folder.resolve("assets").resolve(name),
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
