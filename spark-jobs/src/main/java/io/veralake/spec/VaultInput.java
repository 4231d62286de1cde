package io.veralake.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a vault source or a stage reads.
 *
 * @param raw name of the raw table
 * @param table the raw table; null if it could not be read
 * @param prejoin what is read in place of the raw table; empty: nothing
 * @param stages between that and the reader
 * @param scope what expressions see
 */
record VaultInput(
    String raw,
    @Nullable LandTable table,
    Optional<Prejoin> prejoin,
    List<Stage> stages,
    RowSql.Scope scope) {
  private static final String DOCUMENT = "document";
  private static final String ID = "_id";

  /** The rows of {@code table} as they were landed. */
  static VaultInput of(LandTable table) {
    Map<String, String> columns = new TreeMap<>();
    boolean complete = false;
    switch (table.format()) {
      case CSV -> complete = true;
      case JSON_LINES, JSON, XML -> {
        columns.put(DOCUMENT, "string");
        complete = true;
      }
      case DEBEZIUM_JSON, DEBEZIUM_AVRO, AVRO, PARQUET, ROWS -> {
        if (table.events().documents()) {
          columns.put(DOCUMENT, "string");
          columns.put(ID, "string");
        }
      }
    }
    for (Column column : table.columns()) {
      Protection protection = table.sensitive().get(column.name());
      if (protection == null) {
        columns.put(column.name(), column.type().sql());
      } else if (protection != Protection.DROP) {
        columns.put(column.name(), "");
      }
    }
    return new VaultInput(
        table.name(),
        table,
        Optional.empty(),
        List.of(),
        new RowSql.Scope(columns, complete, table.name()));
  }

  /** Of which nothing is known. */
  static VaultInput unknown(String name) {
    return new VaultInput(
        name, null, Optional.empty(), List.of(), new RowSql.Scope(Map.of(), false, name));
  }

  /** Its rows, with those only for which {@code where} is true. */
  VaultSource source(String where) {
    return new VaultSource(
        this.raw, this.prejoin, this.stages, Map.of(), where, "", RowOrigins.RAW);
  }

  /** How the values of {@code column} are protected; empty: not, or nothing is known of them. */
  Optional<Protection> protection(String column) {
    boolean made = this.stages.stream().flatMap(Stage::names).anyMatch(name -> name.equals(column));
    return made || this.table == null
        ? Optional.empty()
        : Optional.ofNullable(this.table.sensitive().get(column));
  }

  /** Whether paths into documents can be written. */
  boolean documents() {
    return this.table != null
        && (this.table.format().documents() || this.table.events().documents());
  }

  /** Whether a document's key is known of deletes too. */
  boolean hasId() {
    return this.table != null && this.table.events().documents();
  }
}
