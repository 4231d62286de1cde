package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.ChangeEvents.Unnamed;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.ConnectorModes;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/** Tables that share one source, and what they must come to. */
final class Shared {
  private static final ConnectorModes MODES =
      new ConnectorModes(
          ConnectorModes.Decimals.STRING,
          ConnectorModes.Times.ISOSTRING,
          ConnectorModes.Binaries.BYTES);

  private Shared() {}

  /** The raw table {@code name} of the source's table {@code public.<table>}. */
  static LandTable table(String name, String table, LandSource source, boolean schemas) {
    Unnamed unnamed = table.equals("b") ? Unnamed.KEEP : Unnamed.SKIP;
    return table(name, source, schemas ? List.of() : columns(table), schemas)
        .with(new ChangeEvents(null, false, "public." + table, unnamed));
  }

  /** The same with any columns and of all tables. */
  static LandTable table(String name, LandSource source, List<Column> columns, boolean schemas) {
    return Models.events(name, source, columns, schemas ? null : MODES, ChangeEvents.PLAIN);
  }

  static List<Column> columns(String table) {
    return table.equals("b")
        ? List.of(column("id", "int"), column("b", "double"))
        : List.of(column("id", "int"), column("text", "string"));
  }

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  /** Lands {@code table}, whose raw table is {@code <prefix>_<table>}, and adds up. */
  static Landed land(
      RunContext context, String prefix, String table, LandSource source, boolean schemas) {
    return new LandStep(context, table(prefix + "_" + table, table, source, schemas), move -> {})
        .run();
  }

  /** Checks all that was landed of {@code log} as tables {@code <prefix>_…}. */
  static void check(
      Lake lake, String prefix, SharedLog log, Map<String, Landed> landed, String about) {
    landed.forEach(
        (table, counts) -> {
          String raw = "raw." + prefix + "_" + table;
          int sent = log.sent.getOrDefault(table, 0);
          TreeSet<String> rows = log.rows.getOrDefault(table, new TreeSet<>());
          int bad =
              log.bad.getOrDefault(table, 0)
                  + (table.equals("b") ? log.bad.getOrDefault(SharedLog.NOBODY, 0) : 0);
          assertThat(rows(lake, raw)).as(about + table).isEqualTo(List.copyOf(rows));
          assertThat(counts.read()).as(about + table).isEqualTo(sent + bad);
          assertThat(counts.quarantined()).as(about + table).isEqualTo(bad);
          assertThat(counts.skipped()).as(about + table).isEqualTo(log.values.size() - sent - bad);
          assertThat(List.of(lake.rows(raw).select("after.*").columns()))
              .as(about + table)
              .containsExactlyElementsOf(columns(table).stream().map(Column::name).toList());
        });
  }

  static List<String> rows(Lake lake, String raw) {
    return lake
        .rows(raw)
        .selectExpr("concat_ws(' ', _position.major, _op, coalesce(after.id, before.id)) as row")
        .orderBy("row")
        .collectAsList()
        .stream()
        .map((Row row) -> row.getString(0))
        .toList();
  }
}
