package io.veralake.land;

import io.veralake.lake.GateException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.FileRules;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Files of a folder that were never landed as they are now. */
final class FolderFeed implements Feed {
  private static final int SHOWN = 5;

  private final SparkSession spark;
  private final LandTable table;
  private final FileManifest manifest;
  private final SourceFolder found;
  private final List<SourceFile> files;
  private final List<String> doubts;
  private final Broadcast<SerializableConfiguration> hadoop;
  private List<List<Split>> tasks = List.of();

  private FolderFeed(
      SparkSession spark,
      LandTable table,
      FileManifest manifest,
      SourceFolder found,
      List<SourceFile> files,
      List<String> doubts,
      Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.table = table;
    this.manifest = manifest;
    this.found = found;
    this.files = files;
    this.doubts = doubts;
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
    SourceFolder found = SourceFolder.of(context, table, folder, hadoop.value().value());
    List<SourceFile> fresh = manifest.fresh(found.files());
    List<SourceFile> ready = found.ready(fresh);
    List<String> doubts = new ArrayList<>();
    waiting(fresh, ready).ifPresent(doubts::add);
    rewritten(table, folder, ready.stream().filter(manifest::has).toList()).ifPresent(doubts::add);
    return new FolderFeed(spark, table, manifest, found, ready, doubts, hadoop);
  }

  /** All files of the folder. */
  List<SourceFile> offered() {
    return this.found.files();
  }

  /** Those that weren't landed as they are now. */
  List<SourceFile> fresh() {
    return this.manifest.fresh(this.found.files());
  }

  /** Whether all of {@code some} are complete. */
  boolean complete(List<SourceFile> some) {
    return this.found.ready(some).size() == some.size();
  }

  /** The same folder, of which it reads {@code others}. */
  FolderFeed of(List<SourceFile> others) {
    return new FolderFeed(
        this.spark, this.table, this.manifest, this.found, others, this.doubts, this.hadoop);
  }

  private static Optional<String> waiting(List<SourceFile> fresh, List<SourceFile> ready) {
    List<SourceFile> waiting = new ArrayList<>(fresh);
    waiting.removeAll(ready);
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of("files that aren't complete yet wait: " + names(waiting));
  }

  private static Optional<String> rewritten(
      LandTable table, LandSource.Folder folder, List<SourceFile> files) {
    if (!files.isEmpty() && folder.files().onRewrite() == FileRules.OnRewrite.STOP) {
      throw new GateException(
          "Cannot land raw.%s: files that were landed have changed since: %s (let the source write new files; files.on-rewrite = land lands them again)"
              .formatted(table.name(), names(files)));
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of("files that were landed have changed since: " + names(files));
  }

  private static String names(List<SourceFile> files) {
    String few =
        files.stream().limit(SHOWN).map(SourceFile::name).collect(Collectors.joining(", "));
    int more = files.size() - SHOWN;
    return more > 0 ? few + " and " + more + " more" : few;
  }

  @Override
  public List<String> waiting() {
    return this.doubts;
  }

  @Override
  public Continuity continuity(BatchReport report) {
    return new Continuity(List.of(), this.doubts, this.manifest.repeated(this.files), -1);
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
  public List<String> rewritten() {
    return this.table.format().ordered() || !this.table.orderBy().isEmpty()
        ? List.of()
        : this.files.stream().filter(this.manifest::has).map(SourceFile::url).toList();
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
