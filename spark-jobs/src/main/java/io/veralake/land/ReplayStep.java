package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.lake.ValueCipher;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.decode.SchemaFinder;
import io.veralake.spec.LandTable;
import io.veralake.spec.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Lands quarantined records that can be landed now: because the model was corrected, the table's
 * columns were widened by hand, or Veralake learned to read them. The rest stays in quarantine.
 */
public final class ReplayStep {
  private final RunContext context;
  private final LandTable table;

  private ReplayStep(RunContext context, LandTable table) {
    this.context = context;
    this.table = table;
  }

  /**
   * Offers the quarantined records of {@code tables} once more; of each table says how many were
   * read, appended, found to be there already, and are still quarantined.
   */
  public static List<Landed> run(RunContext context, List<LandTable> tables) {
    List<Landed> replayed = new ArrayList<>();
    for (LandTable table : tables) {
      boolean any = context.lake().exists(Quarantine.TABLE);
      replayed.add(any ? new ReplayStep(context, table).run() : Landed.nothing(table.name()));
    }
    return replayed;
  }

  private Landed run() {
    Lake lake = this.context.lake();
    Dataset<Row> open =
        Quarantine.open(lake, this.table.name())
            .withColumn("micros", unix_micros(col("file_time")));
    if (open.isEmpty()) {
      return Landed.nothing(this.table.name());
    }
    LandStep step = new LandStep(this.context, this.table, move -> {});
    Format blind = new Format(this.table);
    Secret key = this.context.engine().privacy().encryptionKey();
    List<byte[]> found = found(open, blind, key);
    Format format = blind.knowing(this.context, found);
    List<byte[]> own = format.looksAgain() ? found(open, format, key) : found;
    Kept kept = new Kept(open, format, own, key);
    try (Batch batch = step.read(kept, step.ready(kept.rowTypes()))) {
      Landed landed = step.land(batch, kept).landed();
      if (landed.appended() + landed.duplicate() > 0) {
        this.mark(open, batch.rows(BatchColumns.Fate.BAD));
      }
      return landed;
    }
  }

  /** Records that are still in quarantine, as a source. */
  private record Kept(Dataset<Row> open, Format format, List<byte[]> found, Secret key)
      implements Feed {
    @Override
    public boolean isEmpty() {
      return this.open.isEmpty();
    }

    @Override
    public List<String> places() {
      return List.of();
    }

    @Override
    public List<StructType> rowTypes() {
      return this.format.rowTypes(this.found);
    }

    @Override
    public Batch read(RowMaker maker) {
      Format of = this.format;
      Secret secret = this.key;
      JavaRDD<InternalRow> rows =
          this.open.toJavaRDD().mapPartitions(records -> decoded(records, of, maker, secret));
      return Batch.of(this.open.sparkSession(), maker.rawType(), rows);
    }

    @Override
    public Map<String, String> positions(Table raw) {
      return Map.of();
    }
  }

  private void mark(Dataset<Row> open, Dataset<Row> bad) {
    Dataset<Row> still =
        bad.select(
            col(RawColumns.FILE).as("file"),
            col(RawColumns.ROW).as("row"),
            col(BatchColumns.BYTES).as("bytes"));
    Dataset<Row> landed =
        open.as("l")
            .join(
                still.as("r"),
                col("l.file")
                    .equalTo(col("r.file"))
                    .and(col("l.row").equalTo(col("r.row")))
                    .and(col("l.bytes").equalTo(col("r.bytes"))),
                "left_anti");
    Quarantine.replayed(this.context, landed);
  }

  /** What tells of the schemas of the quarantined records. */
  private static List<byte[]> found(Dataset<Row> open, Format format, Secret key) {
    // Bounded: different schemas and headers of one table.
    return open.toJavaRDD()
        .mapPartitions(
            records -> {
              SchemaFinder finder = format.finder();
              boolean finds = format.finds();
              List<byte[]> headers = new ArrayList<>();
              while (records.hasNext()) {
                Row record = records.next();
                byte[] bytes = Objects.requireNonNull(plain(record, "bytes", key));
                byte[] header = plain(record, "context", key);
                finder.add(bytes, 0, bytes.length);
                if (finds && header != null) {
                  finder.add(header, 0, header.length);
                } else if (header != null
                    && headers.stream().noneMatch(h -> Arrays.equals(h, header))
                    && format.tells(header, bytes)) {
                  headers.add(header);
                }
              }
              headers.addAll(finder.found());
              return headers.iterator();
            })
        .collect();
  }

  private static Iterator<InternalRow> decoded(
      Iterator<Row> records, Format format, RowMaker maker, Secret key) {
    StructType rowType = maker.rowType();
    List<InternalRow> rows = new ArrayList<>();
    RecordDecoder decoder = format.decoder(rowType, new byte[0]);
    byte[] last = new byte[0];
    while (records.hasNext()) {
      Row record = records.next();
      byte[] bytes = Objects.requireNonNull(plain(record, "bytes", key));
      byte @Nullable [] header = plain(record, "context", key);
      byte[] needed = header == null ? new byte[0] : header;
      if (!format.keys() && !Arrays.equals(needed, last)) {
        decoder = format.decoder(rowType, needed);
        last = needed;
      }
      rows.add(row(record, bytes, header, decoder, maker, format));
    }
    return rows.iterator();
  }

  private static InternalRow row(
      Row record,
      byte[] bytes,
      byte @Nullable [] header,
      RecordDecoder decoder,
      RowMaker maker,
      Format format) {
    String url = record.getAs("file");
    long micros = record.<Long>getAs("micros");
    RowMaker.Place place =
        new RowMaker.Place(
            new SourceFile(url, url, 0, micros / 1000),
            UTF8String.fromString(url),
            TopicRecords.part(url),
            record.<Long>getAs("row"),
            record.<Long>getAs("offset"));
    try {
      Change change = decoder.decode(header, bytes, 0, bytes.length);
      if (change.kind() == Change.Kind.OTHER && format.table().events().shared()) {
        // Nobody knows here whether the table it belongs to has it.
        throw new BadRecordException("No record of the table that the land model names");
      }
      return maker.row(change, place);
    } catch (BadRecordException e) {
      return maker.kept(
          String.valueOf(e.getMessage()), record.getAs("bytes"), record.getAs("context"), place);
    }
  }

  /** The bytes of a column as they were read from the source. */
  private static byte @Nullable [] plain(Row record, String column, Secret key) {
    byte[] kept = record.getAs(column);
    return kept != null && Boolean.TRUE.equals(record.<Boolean>getAs(Quarantine.ENCRYPTED))
        ? new ValueCipher(key.value()).decrypt(kept)
        : kept;
  }
}
