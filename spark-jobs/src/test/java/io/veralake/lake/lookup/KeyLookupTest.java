package io.veralake.lake.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks up keys in tables of every layout, and compares with all rows read and filtered. */
final class KeyLookupTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static final StructType KEYS = new StructType().add("k", DataTypes.BinaryType);
  private static final String VALUES =
      """
      SELECT %1$s AS k,
        if(r %% 7 = 0, null, id) AS b, CAST(if(r %% 5 = 0, null, r) AS int) AS i,
        CAST(concat('text ', r %% 9) AS string) AS s, if(r %% 3 = 0, null, r %% 2 = 0) AS t,
        timestamp_micros(id * 1000001) AS ts, date_add(DATE'1969-12-01', CAST(id %% 99 AS int)) AS d,
        CAST(id / 7 AS double) AS f8, CAST(id / 3 AS float) AS f4, CAST(id / 100.0 AS decimal(7,2)) AS d4,
        CAST(-id / 1000.0 AS decimal(17,3)) AS d8, CAST(id * 1e20 AS decimal(38,5)) AS d16, md5(CAST(id AS string)) AS long_text
      FROM (SELECT id, pmod(xxhash64(id, %2$dL), 1000) AS r FROM range(%3$d, %4$d, 1, 2))
      """;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsExactlyTheRowsOfTheKeys(long seed) throws Exception {
    Random random = new Random(seed);
    Lake lake = LAKE.lake();
    String table = "vault.t" + seed;
    String key = this.key(random);
    lake.spark()
        .sql(
            "CREATE TABLE %s USING iceberg TBLPROPERTIES (%s) AS %s"
                .formatted(lake.sqlName(table), layout(random), this.values(key, seed, 0, 3000)));
    if (random.nextBoolean()) {
      lake.spark().sql("ALTER TABLE " + lake.sqlName(table) + " ALTER COLUMN i TYPE bigint");
      lake.spark().sql("ALTER TABLE " + lake.sqlName(table) + " ALTER COLUMN f4 TYPE double");
      lake.spark()
          .sql("ALTER TABLE " + lake.sqlName(table) + " ALTER COLUMN d4 TYPE decimal(20,2)");
      lake.spark().sql("ALTER TABLE " + lake.sqlName(table) + " RENAME COLUMN s TO renamed");
      lake.spark().sql("ALTER TABLE " + lake.sqlName(table) + " ADD COLUMN added string");
    }
    lake.spark()
        .sql(this.values(key, seed, 3000, 3500))
        .withColumnRenamed("s", lake.rows(table).columns()[3])
        .writeTo(lake.sqlName(table))
        .option("check-nullability", "false")
        .option("mergeSchema", "false")
        .append();

    List<String> columns = new ArrayList<>(List.of(lake.rows(table).columns()));
    columns.remove("k");
    java.util.Collections.shuffle(columns, random);
    columns = new ArrayList<>(columns.subList(0, 1 + random.nextInt(columns.size())));
    columns.add(0, "k");
    List<byte[]> wanted = this.wanted(lake, table, random);
    List<Row> found =
        new KeyLookup(lake).rows(table, columns, keys(lake, wanted)).orElseThrow().collectAsList();

    Set<String> texts =
        wanted.stream().filter(k -> k != null).map(Arrays::toString).collect(Collectors.toSet());
    List<String> expected =
        texts(
            lake
                .rows(table)
                .selectExpr(columns.stream().map(c -> "`" + c + "`").toArray(String[]::new))
                .collectAsList()
                .stream()
                .filter(
                    row ->
                        !row.isNullAt(0) && texts.contains(Arrays.toString(row.<byte[]>getAs(0))))
                .toList());
    assertThat(texts(found)).as("seed %d, columns %s", seed, columns).isEqualTo(expected);
    if (texts.size() > 30) {
      assertThat(expected).as("seed %d: rows to be found", seed).isNotEmpty();
    }
  }

  @Test
  void opensNoFileWhoseBoundsExcludeAllKeys() throws Exception {
    Lake lake = LAKE.lake();
    lake.spark()
        .sql(
            "CREATE TABLE %s USING iceberg AS SELECT unhex(lpad(hex(id), 32, '0')) AS k FROM range(0, 100, 1, 1)"
                .formatted(lake.sqlName("vault.low")));
    lake.spark()
        .sql(
            "INSERT INTO %s SELECT unhex(rpad(hex(id), 32, 'f')) AS k FROM range(16, 100, 1, 1)"
                .formatted(lake.sqlName("vault.low")));
    byte[] key = new byte[16];
    key[15] = 7;
    Dataset<Row> found =
        new KeyLookup(lake).rows("vault.low", List.of("k"), keys(lake, List.of(key))).orElseThrow();
    assertThat(found.collectAsList()).hasSize(1);
    assertThat(found.javaRDD().getNumPartitions()).isEqualTo(1);
    // The only file that may hold the key is read; the other one could as well be gone.
    try (CloseableIterable<FileScanTask> files =
        lake.table("vault.low").newScan().includeColumnStats().planFiles()) {
      for (FileScanTask file : files) {
        if (file.file().lowerBounds().get(1).get(0) != 0) {
          java.nio.file.Files.delete(
              java.nio.file.Path.of(
                  java.net.URI.create(
                      "file://" + file.file().location().replaceFirst("^file:", ""))));
        }
      }
    }
    assertThat(
            new KeyLookup(lake)
                .rows("vault.low", List.of("k"), keys(lake, List.of(key)))
                .orElseThrow()
                .collectAsList())
        .hasSize(1);
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    Lake lake = LAKE.lake();
    lake.spark()
        .sql(
            """
            CREATE TABLE %s USING iceberg TBLPROPERTIES ('format-version' = '2', 'write.delete.mode' = 'merge-on-read')
            AS SELECT unhex(md5(CAST(id AS string))) AS k, array(id) AS a, id AS n FROM range(0, 100, 1, 1)"""
                .formatted(lake.sqlName("vault.deleted")));
    KeyLookup lookup = new KeyLookup(lake);
    Dataset<Row> keys = keys(lake, List.of(new byte[16]));
    assertThat(lookup.rows("vault.deleted", List.of("k", "n"), keys)).isPresent();
    assertThat(lookup.rows("vault.deleted", List.of("k", "a"), keys)).as("nested").isEmpty();
    assertThat(lookup.rows("vault.deleted", List.of("n"), keys)).as("a number as key").isEmpty();
    lake.spark().sql("DELETE FROM " + lake.sqlName("vault.deleted") + " WHERE n = 5");
    assertThat(lookup.rows("vault.deleted", List.of("k", "n"), keys)).as("deletes").isEmpty();
  }

  @Test
  void findsKeysThatAreTexts() {
    Lake lake = LAKE.lake();
    lake.spark()
        .sql(
            "CREATE TABLE %s USING iceberg AS SELECT upper(md5(CAST(id AS string))) AS k, id FROM range(0, 500, 1, 1)"
                .formatted(lake.sqlName("vault.texts")));
    Dataset<Row> keys =
        lake.spark().sql("SELECT upper(md5(CAST(id AS string))) AS k FROM range(490, 510)");
    List<Row> found =
        new KeyLookup(lake)
            .rows("vault.texts", List.of("k", "id"), keys)
            .orElseThrow()
            .collectAsList();
    assertThat(found)
        .extracting(row -> row.getLong(1))
        .containsExactlyInAnyOrder(490L, 491L, 492L, 493L, 494L, 495L, 496L, 497L, 498L, 499L);
  }

  /** Key sets of any sizes against a set of texts. */
  @Test
  void setHoldsItsKeysAndNoOthers() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int length = random.nextInt(40);
      int range = 1 + random.nextInt(256);
      List<byte[]> keys = new ArrayList<>();
      IntStream.range(0, random.nextInt(500))
          .forEach(i -> keys.add(bytes(random, random.nextInt(length + 1), range)));
      Set<String> texts = new HashSet<>();
      keys.forEach(key -> texts.add(Arrays.toString(key)));
      KeySet set = new KeySet(keys);
      keys.forEach(key -> assertThat(set.holds(key)).isTrue());
      for (int i = 0; i < 500; i++) {
        byte[] other = bytes(random, random.nextInt(length + 1), range);
        boolean held = texts.contains(Arrays.toString(other));
        assertThat(set.holds(other)).as("seed %d", seed).isEqualTo(held);
        if (held) {
          assertThat(set.mayHold(KeySet.mark(other, 0, other.length))).isTrue();
          assertThat(set.mayHoldBetween(other, other)).isTrue();
        }
      }
    }
  }

  private String key(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "unhex(md5(CAST(r AS string)))";
      case 1 -> "if(r % 10 = 0, null, unhex(sha2(CAST(id AS string), 256)))";
      case 2 -> "unhex(sha1(CAST(id % 5 AS string)))";
      default -> "unhex(md5(CAST(id AS string)))";
    };
  }

  private String values(String key, long seed, int from, int to) {
    return VALUES.formatted(key, seed, from, to);
  }

  private static String layout(Random random) {
    Map<String, String> layout =
        Map.of(
            "write.parquet.row-group-size-bytes", random.nextBoolean() ? "20000" : "134217728",
            "write.parquet.row-group-check-min-record-count", "50",
            "write.parquet.page-row-limit", random.nextBoolean() ? "37" : "20000",
            "write.parquet.page-version", random.nextBoolean() ? "v1" : "v2",
            "write.parquet.dict-size-bytes", random.nextInt(3) == 0 ? "100" : "2097152",
            "write.parquet.compression-codec", random.nextBoolean() ? "zstd" : "uncompressed",
            // Iceberg's vectorised reader, with which the answer is compared, lacks some encodings.
            "read.parquet.vectorization.enabled", "false");
    return layout.entrySet().stream()
        .map(entry -> "'" + entry.getKey() + "' = '" + entry.getValue() + "'")
        .collect(Collectors.joining(", "));
  }

  /** Some keys of the table, some others, nulls and repetitions. */
  private List<byte[]> wanted(Lake lake, String table, Random random) {
    double share = List.of(0.0, 0.001, 0.02, 0.5, 1.0).get(random.nextInt(5));
    List<byte[]> result = new ArrayList<>();
    for (Row row : lake.rows(table).select("k").collectAsList()) {
      if (random.nextDouble() < share) {
        result.add(row.isNullAt(0) ? null : row.getAs(0));
      }
    }
    IntStream.range(0, random.nextInt(30)).forEach(i -> result.add(bytes(random, 16, 256)));
    return result;
  }

  private static byte[] bytes(Random random, int length, int range) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = (byte) random.nextInt(range);
    }
    return result;
  }

  private static Dataset<Row> keys(Lake lake, List<byte[]> keys) {
    return lake.spark()
        .createDataFrame(keys.stream().map(key -> RowFactory.create((Object) key)).toList(), KEYS);
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, row.size())
                    .mapToObj(
                        i ->
                            row.get(i) instanceof byte[] bytes
                                ? Arrays.toString(bytes)
                                : String.valueOf(row.get(i)))
                    .collect(Collectors.joining(" | ")))
        .sorted(Comparator.naturalOrder())
        .toList();
  }
}
