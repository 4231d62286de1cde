package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Files of a folder that were never landed as they are now. */
final class FolderFeed implements Feed {
  private final SparkSession spark;
  private final LandTable table;
  private final FileManifest manifest;
  private final List<SourceFile> offered;
  private final List<SourceFile> files;
  private final Broadcast<SerializableConfiguration> hadoop;
  private List<List<Split>> tasks = List.of();

  private FolderFeed(
      SparkSession spark,
      LandTable table,
      FileManifest manifest,
      List<SourceFile> offered,
      List<SourceFile> files,
      Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.table = table;
    this.manifest = manifest;
    this.offered = offered;
    this.files = files;
    this.hadoop = hadoop;
  }

  /** The files of {@code folder} that the manifest doesn't name. */
  static FolderFeed of(RunContext context, LandTable table, LandSource.Folder folder) {
    Lake lake = context.lake();
    SparkSession spark = lake.spark();
    // A broadcast, because a configuration takes longer to read than a small task to run.
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(hadoop(spark));
    FileManifest manifest = FileManifest.of(lake, "raw." + table.name());
    List<SourceFile> offered = SourceFolder.files(context, table, folder, hadoop.value().value());
    return new FolderFeed(spark, table, manifest, offered, manifest.fresh(offered), hadoop);
  }

  /** All files of the folder. */
  List<SourceFile> offered() {
    return this.offered;
  }

  /** Those that it reads. */
  List<SourceFile> fresh() {
    return this.files;
  }

  /** The same folder, of which it reads {@code others}. */
  FolderFeed of(List<SourceFile> others) {
    return new FolderFeed(this.spark, this.table, this.manifest, this.offered, others, this.hadoop);
  }

  @Override
  public boolean isEmpty() {
    return this.files.isEmpty();
  }

  @Override
  public int files() {
    return this.files.size();
  }

  @Override
  public List<String> places() {
    return this.files.stream().map(SourceFile::url).toList();
  }

  @Override
  public List<String> gaps() {
    return List.of();
  }

  @Override
  public List<StructType> rowTypes() {
    Format format = new Format(this.table);
    int cores = this.spark.sparkContext().defaultParallelism();
    List<List<Split>> unplaced = Split.tasks(Split.of(this.files, format, cores));
    Scout scout = Scout.of(this.spark, this.table, unplaced, this.hadoop);
    this.tasks = scout.tasks();
    return scout.rowTypes();
  }

  @Override
  public Batch read(RowMaker maker) {
    return Batch.read(this.spark, this.tasks, new Format(this.table), maker, this.hadoop);
  }

  @Override
  public Map<String, String> positions(Table raw) {
    return this.positions(raw, this.files);
  }

  /** {@link #positions(Table)} when {@code landed} are in {@code raw}. */
  Map<String, String> positions(Table raw, List<SourceFile> landed) {
    return Map.of(
        "veralake." + FileManifest.PROPERTY,
        this.manifest.write(raw, landed),
        "veralake.land.files",
        Integer.toString(landed.size()));
  }

  static SerializableConfiguration hadoop(SparkSession spark) {
    return new SerializableConfiguration(
        ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf());
  }
}
