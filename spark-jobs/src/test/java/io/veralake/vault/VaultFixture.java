package io.veralake.vault;

import io.veralake.fixture.Models;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Raw tables written directly, and a model over them that loads vault tables from them. */
final class VaultFixture {
  private final Lake lake;
  private final StructType columns;
  private final List<LandTable> land = new ArrayList<>();
  private final List<VaultTable> vault = new ArrayList<>();
  private int runs;

  /** Raw tables in {@code lake} that have {@code columns}, Spark DDL. */
  VaultFixture(Lake lake, String columns) {
    this.lake = lake;
    this.columns = StructType.fromDDL(columns);
  }

  static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type).orElseThrow());
  }

  static VaultSource source(String raw) {
    return new VaultSource(raw, Map.of(), "true");
  }

  /** Declares raw tables of {@code system} and makes them. */
  VaultFixture raw(String system, String... names) {
    for (String name : names) {
      this.land.add(Models.debezium(name, name, system));
      this.lake
          .spark()
          .createDataFrame(List.of(), this.schema())
          .writeTo(this.lake.sqlName("raw." + name))
          .using("iceberg")
          .createOrReplace();
    }
    return this;
  }

  VaultFixture vault(VaultTable... tables) {
    this.vault.addAll(List.of(tables));
    return this;
  }

  /** From now on with these tables. */
  VaultFixture instead(VaultTable... tables) {
    this.vault.clear();
    return this.vault(tables);
  }

  /** Lands {@code rows} in one commit. */
  void land(String raw, List<RawRow> rows) throws NoSuchTableException {
    List<Row> made = new ArrayList<>();
    for (RawRow row : rows) {
      made.add(
          RowFactory.create(
              row.op(),
              struct(row.before()),
              struct(row.after()),
              row.unavailable().isEmpty() ? null : row.unavailable().toArray(),
              RowFactory.create(row.major(), 0L, 0L),
              Instant.ofEpochSecond(row.second()),
              row.source(),
              null,
              "file",
              1L,
              "batch"));
    }
    this.lake
        .spark()
        .createDataFrame(made, this.schema())
        .repartition(1)
        .sortWithinPartitions(RawColumns.POSITION)
        .writeTo(this.lake.sqlName("raw." + raw))
        .append();
  }

  /** Loads all vault tables once. */
  List<Loaded> load() {
    this.runs++;
    List<Loaded> result = new ArrayList<>();
    for (VaultTable table : this.vault) {
      result.add(VaultStep.run(this.context(), table));
    }
    return result;
  }

  Model model() {
    return new Model(this.land, this.vault, List.of(), List.of(), List.of());
  }

  Lake lake() {
    return this.lake;
  }

  RunContext context() {
    Instant asOf = Models.asOf().plusSeconds(this.runs);
    return Models.context(this.lake, Path.of("."), "run" + this.runs, asOf, this.model());
  }

  /** A run some nights after the usual time. */
  RunContext context(int nights) {
    Instant asOf = Models.asOf().plusSeconds(nights * 86_400L);
    return Models.context(this.lake, Path.of("."), "night" + nights, asOf, this.model());
  }

  private static @Nullable Row struct(@Nullable List<@Nullable Object> values) {
    return values == null ? null : RowFactory.create(values.toArray());
  }

  private StructType schema() {
    return new StructType()
        .add(RawColumns.OP, DataTypes.StringType)
        .add(RawColumns.BEFORE, this.columns)
        .add(RawColumns.AFTER, this.columns)
        .add(RawColumns.UNAVAILABLE, DataTypes.createArrayType(DataTypes.StringType))
        .add(RawColumns.POSITION, RawColumns.POSITION_TYPE)
        .add(RawColumns.COMMIT_TIME, DataTypes.TimestampType)
        .add(RawColumns.RECORD_SOURCE, DataTypes.StringType)
        .add(RawColumns.LOAD_TIME, DataTypes.TimestampType)
        .add(RawColumns.FILE, DataTypes.StringType)
        .add(RawColumns.ROW, DataTypes.LongType)
        .add(RawColumns.BATCH, DataTypes.StringType);
  }
}
