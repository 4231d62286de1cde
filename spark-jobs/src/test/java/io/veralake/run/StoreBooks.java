package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.lake.Lake;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Model;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * The simulated store's own books of its vault, which know nothing of the engine, against the vault
 * that the engine loaded: all keys of hubs and links, all versions of satellites, row by row.
 */
final class StoreBooks {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path folder;
  private final Model model;

  /** The books in {@code folder}. */
  StoreBooks(Path folder, Model model) {
    this.folder = folder;
    this.model = model;
  }

  /**
   * Compares each table of the model with its book; a table without a book fails.
   *
   * @param last all books have something in them by then
   */
  void compare(Lake lake, boolean last) {
    lake.spark().sql("USE " + lake.catalog());
    for (VaultTable table : this.model.vault()) {
      List<String> book = this.book(table.name());
      List<String> expected = book.subList(1, book.size());
      if (last) {
        assertThat(expected).as("the book of %s", table.name()).isNotEmpty();
      }
      assertThat(read(lake, sql(table), book.get(0)))
          .as("vault.%s, row by row", table.name())
          .isEqualTo(expected);
      if (table instanceof Satellite satellite && satellite.versions()) {
        this.current(lake, satellite, book);
      }
    }
  }

  /** What holds now is what the history of the book ends with. */
  private void current(Lake lake, Satellite satellite, List<String> book) {
    boolean all =
        satellite.form() instanceof SatelliteForm.Status
            || satellite.form() instanceof SatelliteForm.Effectivity;
    // Empty sets hold too, but have nothing to show.
    boolean sets = satellite.form() instanceof SatelliteForm.Sets;
    String nothing = "\t" + "\\N\t".repeat(satellite.payload().size()) + "false\t";
    List<String> expected =
        book.stream()
            .skip(1)
            .filter(line -> line.endsWith("\t\\N") && (all || line.contains("\tfalse\t")))
            .filter(line -> !sets || !line.contains(nothing))
            .toList();
    String sql = sql(satellite).replace("_history AS", "_current AS");
    assertThat(read(lake, sql, book.get(0)))
        .as("vault.%s_current, row by row", satellite.name())
        .isEqualTo(expected);
  }

  private List<String> book(String table) {
    try {
      return Files.readAllLines(this.folder.resolve(table + ".tsv"));
    } catch (IOException e) {
      throw new UncheckedIOException("The store keeps no book of " + table, e);
    }
  }

  private static List<String> read(Lake lake, String sql, String header) {
    assertThat(String.join("\t", lake.spark().sql(sql).columns())).isEqualTo(header);
    return rows(lake, sql).stream().sorted().toList();
  }

  /** The rows that a query gives, as the books write them. */
  static List<String> rows(Lake lake, String sql) {
    return lake.spark().sql(sql).collectAsList().stream().map(StoreBooks::text).toList();
  }

  private static String sql(VaultTable table) {
    List<String> columns = new ArrayList<>();
    if (table instanceof Satellite satellite) {
      if (satellite.parent().name().equals(table.name())) {
        // A reference table: its keys are its own.
        shown(satellite).forEach(columns::add);
        columns.add("effective_from");
        columns.add("effective_to");
        return "SELECT %s FROM vault.%s_history AS t"
            .formatted(String.join(", ", columns), table.name());
      }
      String from = joined(satellite.parent(), columns);
      if (!satellite.versions()) {
        satellite.payload().forEach(column -> columns.add("t." + column.name()));
        columns.add("t.applied_time");
        return select(columns, "vault." + table.name(), table.hashKey(), from);
      }
      shown(satellite).forEach(name -> columns.add("t." + name));
      columns.add("t.effective_from");
      columns.add("t.effective_to");
      return select(columns, "vault." + table.name() + "_history", table.hashKey(), from);
    }
    if (table instanceof Pit pit) {
      String from = joined(pit.parent(), columns);
      columns.add("t.snapshot_time");
      pit.satellites().forEach(satellite -> columns.add("t." + Pit.from(satellite)));
      return select(columns, "vault." + table.name(), table.hashKey(), from);
    }
    if (table instanceof Bridge bridge) {
      return walked(bridge);
    }
    return "SELECT %2$s FROM (%1$s)"
        .formatted(
            joined(table, columns), String.join(", ", columns).replaceAll("[a-z0-9]+\\.", ""));
  }

  /** Query for a bridge with business keys in place of hashes. */
  private static String walked(Bridge bridge) {
    List<String> columns = new ArrayList<>();
    String from =
        joined(bridge.hub(), columns)
            .replace("SELECT *", "vault.%s AS t JOIN (SELECT *".formatted(bridge.name()))
            .concat(") AS p ON p.%1$s = t.%1$s".formatted(bridge.hashKey()));
    StringBuilder joins = new StringBuilder(from);
    columns.add("t.snapshot_time");
    for (Bridge.Step step : bridge.walk()) {
      for (Link.End end : step.to()) {
        Hub hub = end.hub();
        joins.append(
            " LEFT JOIN vault.%1$s AS %1$s ON %1$s.%2$s = t.%3$s"
                .formatted(hub.name(), hub.hashKey(), step.endKey(end)));
        hub.businessKey().forEach(column -> columns.add(hub.name() + "." + column.name()));
      }
      step.link().dependentKey().forEach(column -> columns.add("t." + step.column(column.name())));
    }
    return "SELECT %s FROM %s".formatted(String.join(", ", columns), joins);
  }

  private static Stream<String> shown(Satellite satellite) {
    SatelliteForm form = satellite.form();
    if (form instanceof SatelliteForm.Effectivity) {
      return Stream.of();
    }
    List<Column> members =
        form instanceof SatelliteForm.Members found ? found.key() : List.<Column>of();
    Stream<String> payload =
        form instanceof SatelliteForm.Status
            ? Stream.of("status")
            : Stream.concat(members.stream(), satellite.payload().stream()).map(Column::name);
    return Stream.concat(payload, Stream.of("deleted"));
  }

  private static String select(List<String> columns, String table, String key, String parent) {
    return "SELECT %s FROM %s AS t JOIN (%s) AS p ON p.%s = t.%s"
        .formatted(String.join(", ", columns), table, parent, key, key);
  }

  /** Query for a hub or link with its business keys, whose names are added to {@code columns}. */
  private static String joined(VaultTable parent, List<String> columns) {
    if (parent instanceof Hub hub) {
      hub.businessKey().forEach(column -> columns.add("p." + column.name()));
      return "SELECT * FROM vault." + hub.name();
    }
    Link link = (Link) parent;
    StringBuilder from = new StringBuilder("vault.").append(link.name()).append(" AS l");
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < link.ends().size(); i++) {
      Link.End end = link.ends().get(i);
      from.append(
          " JOIN vault.%1$s AS h%2$d ON h%2$d.%3$s = l.%4$s"
              .formatted(end.hub().name(), i, end.hub().hashKey(), end.hashKey()));
      for (Column column : end.hub().businessKey()) {
        keys.add("h%d.%s".formatted(i, column.name()));
        columns.add("p." + column.name());
      }
    }
    Stream.concat(link.dependentKey().stream(), link.payload().stream())
        .forEach(
            column -> {
              keys.add("l." + column.name());
              columns.add("p." + column.name());
            });
    if (!link.historised()) {
      keys.add("l.applied_time");
      columns.add("p.applied_time");
    }
    return "SELECT l.%s, %s FROM %s".formatted(link.hashKey(), String.join(", ", keys), from);
  }

  private static String text(Row row) {
    return String.join(
        "\t", IntStream.range(0, row.size()).mapToObj(i -> value(row.get(i))).toList());
  }

  private static String value(Object value) {
    if (value == null) {
      return "\\N";
    }
    if (value instanceof Timestamp time) {
      return TIME.format(time.toInstant());
    }
    return value instanceof BigDecimal number
        ? number.toPlainString()
        : value.toString().replace("\n", "\\n");
  }
}
