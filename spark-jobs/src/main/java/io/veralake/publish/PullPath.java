package io.veralake.publish;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.ClickHouseType;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * ClickHouse itself reads the Parquet files of the partitions, from its local disk or from the
 * object store.
 */
final class PullPath implements WritePath {
  /** Files in one statement: a glob of them must stay far below the largest query. */
  private static final int FILES_AT_ONCE = 500;

  private static final String ADVICE =
      " (let the server reach the warehouse, or use engine.publish.write-path = push)";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "insert_null_as_default", "0",
          "max_partitions_per_insert_block", "0",
          "log_queries", "0",
          // else ClickHouse takes a partition column from the folder's name, where Iceberg escapes
          // it
          "use_hive_partitioning", "0",
          "input_format_parquet_allow_missing_columns", "1",
          "optimize_on_insert", "0");

  private final ClickHouse clickHouse;
  private final Engine.S3 s3;

  PullPath(ClickHouse clickHouse, Engine.S3 s3) {
    this.clickHouse = clickHouse;
    this.s3 = s3;
  }

  @Override
  public void write(Load load) {
    List<String> files = files(load);
    for (int start = 0; start < files.size(); start += FILES_AT_ONCE) {
      this.pull(load, files.subList(start, Math.min(files.size(), start + FILES_AT_ONCE)));
    }
  }

  private static List<String> files(Load load) {
    Table table = load.lake().table(load.martTable());
    PartitionText text = new PartitionText(load.publication().mart());
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(load.snapshot()).planFiles()) {
      for (FileScanTask task : tasks) {
        if (!load.whole() && !load.partitions().contains(text.of(task.file().partition()))) {
          continue;
        }
        if (!task.deletes().isEmpty() || task.file().format() != FileFormat.PARQUET) {
          throw new DataException(
              "Cannot let ClickHouse read "
                  + task.file().location()
                  + " (only Parquet files without Iceberg delete files: rewrite the mart's files, or"
                  + " use engine.publish.write-path = push)");
        }
        files.add(task.file().location());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return files;
  }

  private void pull(Load load, List<String> files) {
    String structure =
        load.columns().stream()
            .map(
                column ->
                    Sql.identifier(column.name()) + " " + ClickHouseType.of(column.type(), true))
            .collect(Collectors.joining(", "));
    String names = Sql.identifiers(load.columns().stream().map(column -> column.name()).toList());
    String glob = glob(files.stream().map(this::address).toList());
    boolean remote = glob.startsWith("http");
    try {
      this.checkVisible(glob, remote, files);
      this.clickHouse.execute(
          "INSERT INTO "
              + load.stagingName()
              + " ("
              + names
              + ") SELECT "
              + names
              + " FROM "
              + this.source(glob, remote, "Parquet", structure),
          SETTINGS);
    } catch (DataException e) {
      throw new DataException(
          "Failed to let ClickHouse read "
              + files.size()
              + " files of "
              + load.martTable()
              + ", such as "
              + files.get(0)
              + ": "
              + e.getMessage()
              + ADVICE,
          e);
    }
  }

  /** A glob that matches nothing gives no rows and no error: ask how many files the server sees. */
  private void checkVisible(String glob, boolean remote, List<String> files) {
    String seen =
        this.clickHouse
            .rows(
                "SELECT uniqExact(_path) FROM "
                    + this.source(glob, remote, "One", "")
                    + " SETTINGS log_queries = 0")
            .get(0)
            .get(0);
    if (!Integer.toString(files.size()).equals(seen)) {
      throw new DataException("ClickHouse sees " + seen + " of " + files.size() + " files");
    }
  }

  private String source(String glob, boolean remote, String format, String structure) {
    String types = structure.isEmpty() ? "" : ", " + Sql.literal(structure);
    if (!remote) {
      return "file(" + Sql.literal(glob) + ", " + Sql.literal(format) + types + ")";
    }
    String access =
        this.s3.accessKey().value().isEmpty()
            ? ""
            : ", "
                + this.clickHouse.literal(this.s3.accessKey())
                + ", "
                + this.clickHouse.literal(this.s3.secretKey());
    return "s3(" + Sql.literal(glob) + access + ", " + Sql.literal(format) + types + ")";
  }

  /** {@code files} as one glob. */
  private static String glob(List<String> files) {
    if (files.size() == 1) {
      return files.get(0);
    }
    String first = files.get(0);
    int common = first.length();
    for (String file : files) {
      int same = 0;
      while (same < Math.min(common, file.length()) && file.charAt(same) == first.charAt(same)) {
        same++;
      }
      common = same;
    }
    int prefix = first.lastIndexOf('/', common) + 1;
    return files.stream()
        .map(file -> file.substring(prefix))
        .collect(Collectors.joining(",", first.substring(0, prefix) + "{", "}"));
  }

  /** The file as ClickHouse names it: a path, or an HTTP address of the object store. */
  private String address(String location) {
    if (location.matches(".*[{}*?,].*")) {
      throw new DataException("Cannot name the file to ClickHouse: " + location + ADVICE);
    }
    String path = location.replaceFirst("^file:/*(?=/)", "");
    if (path.startsWith("/")) {
      return path;
    }
    URI uri = URI.create(location);
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("s3") && !scheme.equals("s3a") && !scheme.equals("s3n")) {
      throw new DataException("Cannot let ClickHouse read " + location + ADVICE);
    }
    String key = location.substring(location.indexOf("://") + 3);
    String bucket = key.substring(0, key.indexOf('/'));
    String object = key.substring(key.indexOf('/') + 1);
    if (this.s3.endpoint().isEmpty()) {
      return "https://" + bucket + ".s3." + this.s3.region() + ".amazonaws.com/" + object;
    }
    String endpoint = this.s3.endpoint().replaceFirst("/+$", "");
    return this.s3.pathStyle()
        ? endpoint + "/" + bucket + "/" + object
        : endpoint.replaceFirst("://", "://" + bucket + ".") + "/" + object;
  }
}
