package io.veralake.land;

import io.veralake.lake.RunContext;
import io.veralake.land.decode.AvroEnvelopeDecoder;
import io.veralake.land.decode.AvroTables;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.CarefulDecoder;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.CsvDecoder;
import io.veralake.land.decode.DocumentDecoder;
import io.veralake.land.decode.DocumentEventDecoder;
import io.veralake.land.decode.DumpHeader;
import io.veralake.land.decode.EnvelopeDecoder;
import io.veralake.land.decode.EnvelopeSchema;
import io.veralake.land.decode.EnvelopeSchemas;
import io.veralake.land.decode.KnownSchemas;
import io.veralake.land.decode.OneTableDecoder;
import io.veralake.land.decode.PlainEnvelopeDecoder;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.decode.RecordEnd;
import io.veralake.land.decode.SchemaFinder;
import io.veralake.land.decode.SchemaIds;
import io.veralake.land.decode.SourceTable;
import io.veralake.land.decode.TextRowDecoder;
import io.veralake.land.files.AvroDatum;
import io.veralake.land.files.AvroEnvelopes;
import io.veralake.land.files.AvroRecords;
import io.veralake.land.files.AvroRows;
import io.veralake.land.files.Compression;
import io.veralake.land.files.DatumDecoder;
import io.veralake.land.files.DocumentRecords;
import io.veralake.land.files.Encoding;
import io.veralake.land.files.FileRecords;
import io.veralake.land.files.Glance;
import io.veralake.land.files.ParquetRecords;
import io.veralake.land.files.ParquetRows;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What the formats of files do differently.
 *
 * @param table the table whose files they are
 * @param schemas those that records name by number; null: they name none, or it isn't known yet
 */
record Format(LandTable table, @Nullable KnownSchemas schemas) implements Serializable {
  /** Before anything is known of the records. */
  Format(LandTable table) {
    this(table, null);
  }

  /** Looks for what tells of the schemas of lines or of a topic's records, if anything does. */
  SchemaFinder finder() {
    ChangeEvents.Registry registry = this.table.events().registry();
    return switch (this.table.format()) {
      case DEBEZIUM_JSON ->
          this.table.events().documents() || this.table.connector() != null
              ? SchemaFinder.NONE
              : new EnvelopeSchemas(this.table.events().table());
      case DEBEZIUM_AVRO -> {
        if (registry == null) {
          yield SchemaFinder.NONE;
        }
        yield this.looksAgain()
            ? new SchemaIds(Objects.requireNonNull(this.schemas), this.table.events().table())
            : new SchemaIds(registry.digits());
      }
      case JSON_LINES, JSON, XML, CSV, AVRO, PARQUET, ROWS -> SchemaFinder.NONE;
    };
  }

  /** Whether what tells of the schemas is found only once schemas are known. */
  boolean looksAgain() {
    return this.schemas != null && this.table.events().shared();
  }

  /** Whether there is anything to look for. */
  boolean finds() {
    return this.finder() != SchemaFinder.NONE;
  }

  /** With the schemas that {@code found} names, if it names any. */
  Format knowing(RunContext context, List<byte[]> found) {
    ChangeEvents.Registry registry = this.table.events().registry();
    return registry == null
        ? this
        : new Format(
            this.table, Registry.schemas(context, this.table.name(), registry, ids(found)));
  }

  private static Set<Long> ids(List<byte[]> found) {
    return found.stream().map(SchemaIds::id).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a record's key says something that its value doesn't; containers have no keys. */
  boolean keys() {
    boolean container = this.table.format().containers() && this.table.events().registry() == null;
    return this.table.events().documents() && !container;
  }

  /**
   * Whether the first record of a file names the columns of the others; such files can't be cut.
   */
  boolean headers() {
    return this.table.format() == LandTable.Format.CSV && this.table.csv().header();
  }

  /** The character that begins a line which is no record; -1 if there is none. */
  int comment() {
    char comment = this.table.csv().comment();
    return this.table.format() == LandTable.Format.CSV && comment != CsvDialect.NONE ? comment : -1;
  }

  /** Whether several tasks may read {@code file}. */
  boolean cut(SourceFile file) {
    return switch (this.table.format()) {
      case AVRO, DEBEZIUM_AVRO, PARQUET -> true;
      case JSON, XML, CSV, ROWS -> false;
      case DEBEZIUM_JSON, JSON_LINES ->
          this.compression(file) == Compression.NONE && this.encoding().unit() == 1;
    };
  }

  /** How {@code file} is compressed as a whole, by its name; containers never are. */
  Compression compression(SourceFile file) {
    return this.table.format().containers() ? Compression.NONE : file.compression();
  }

  /** How texts are written. */
  Encoding encoding() {
    if (this.table.source() instanceof LandSource.Dumps dumps) {
      return new Encoding(dumps.folder().encoding());
    }
    return this.table.source() instanceof LandSource.Folder folder
        ? new Encoding(folder.encoding())
        : Encoding.UTF_8;
  }

  private RecordEnd recordEnd() {
    boolean csv = this.table.format() == LandTable.Format.CSV;
    if (this.encoding().unit() == 1) {
      return csv ? CsvDecoder.recordEnd(this.table) : RecordEnd.LINE_FEED;
    }
    boolean little = this.encoding().name().equals("UTF-16LE");
    return csv ? CsvDecoder.wideRecordEnd(this.table, little) : RecordEnd.ofWideLines(little);
  }

  /** A header in UTF-8; as it is if it isn't in the declared encoding, which is told then. */
  private byte[] utf8(byte[] header) {
    try {
      return this.encoding().equals(Encoding.UTF_8)
          ? header
          : this.encoding().toUtf8(header, 0, header.length);
    } catch (BadRecordException e) {
      return header;
    }
  }

  /** The lines of a split. */
  Lines lines(Split split, Configuration hadoop) throws IOException {
    RecordEnd end = this.recordEnd();
    return new Lines(split, end, this.encoding(), hadoop);
  }

  /** The records of a split; {@code decoder} reads those that need nothing of their file. */
  FileRecords records(Split split, StructType rowType, RecordDecoder decoder, Configuration hadoop)
      throws IOException {
    SourceFile file = split.file();
    return switch (this.table.format()) {
      case DEBEZIUM_JSON, JSON_LINES, CSV -> new LineRecords(split, this, rowType, decoder, hadoop);
      case JSON, XML ->
          DocumentRecords.of(new Path(file.url()), split.compression(), decoder, hadoop);
      case AVRO ->
          new AvroRecords(
              file.url(), file.size(), split.start(), split.end(), rowType, AvroRows::new, hadoop);
      case PARQUET ->
          new ParquetRecords(
              file.url(),
              file.size(),
              split.start(),
              split.end(),
              CsvDecoder.declaredType(this.table),
              rowType,
              hadoop);
      case ROWS -> throw new IllegalStateException("rows of a database are in no files");
      case DEBEZIUM_AVRO ->
          new AvroRecords(
              file.url(),
              file.size(),
              split.start(),
              split.end(),
              rowType,
              this.envelopes(),
              hadoop);
    };
  }

  /** A first, cheap look at a split: how many records begin in it, and what columns they have. */
  Glance glance(Split split, Configuration hadoop) throws IOException {
    SourceFile file = split.file();
    return switch (this.table.format()) {
      case DEBEZIUM_JSON, JSON_LINES, CSV -> this.glanceAtLines(split, hadoop);
      case JSON, XML -> new Glance(0, List.of(), split.compression());
      case AVRO -> AvroRecords.glance(file.url(), file.size(), split.start(), split.end(), hadoop);
      case DEBEZIUM_AVRO -> this.glanceAtEvents(split, hadoop);
      case PARQUET ->
          ParquetRecords.glance(file.url(), file.size(), split.start(), split.end(), hadoop);
      case ROWS -> throw new IllegalStateException("rows of a database are in no files");
    };
  }

  /** Where tables share a folder, the schema of a file without events of this one is no matter. */
  private Glance glanceAtEvents(Split split, Configuration hadoop) throws IOException {
    SourceFile file = split.file();
    Glance glance = AvroRecords.glance(file.url(), file.size(), split.start(), split.end(), hadoop);
    if (!this.table.events().shared()) {
      return glance;
    }
    try (AvroRecords records =
        new AvroRecords(
            file.url(),
            file.size(),
            split.start(),
            split.end(),
            new StructType(),
            AvroEnvelopes.looking(this.table.events().table()),
            hadoop)) {
      while (records.next()) {
        if (own(records)) {
          return glance;
        }
      }
    }
    return new Glance(glance.records(), List.of());
  }

  private static boolean own(AvroRecords records) {
    try {
      return records.read().kind() == Change.Kind.REPEAT;
    } catch (BadRecordException e) {
      return false;
    }
  }

  /** Whether the quarantined {@code record} tells of columns by the schema {@code header}. */
  boolean tells(byte[] header, byte[] record) {
    boolean shared = this.table.events().shared() && this.table.format().containers();
    if (!shared || header.length == 0) {
      return true;
    }
    try {
      RecordDecoder look =
          new AvroDatum(
              header, new StructType(), AvroEnvelopes.looking(this.table.events().table()));
      return look.decode(record, 0, record.length).kind() == Change.Kind.REPEAT;
    } catch (BadRecordException e) {
      return false;
    }
  }

  private Glance glanceAtLines(Split split, Configuration hadoop) throws IOException {
    if (this.headers()) {
      byte[] header = LineRecords.header(split, this, hadoop);
      return new Glance(0, header == null ? List.of() : List.of(header), split.compression());
    }
    SchemaFinder envelopes = this.finder();
    long count = 0;
    try (Lines lines = this.lines(split, hadoop)) {
      while (lines.next()) {
        count++;
        envelopes.add(lines.buffer(), lines.from(), lines.to());
      }
      return new Glance(count, envelopes.found(), lines.compression());
    }
  }

  /**
   * The columns that are there whatever the files hold, then those that each schema or header
   * declares; ones that can't be used are left out.
   */
  List<StructType> rowTypes(List<byte[]> schemas) {
    return Stream.concat(
            Stream.of(this.declared()),
            schemas.stream().map(this::rowType).flatMap(Optional::stream))
        .distinct()
        .toList();
  }

  private DatumDecoder.Factory envelopes() {
    LandTable of = this.table;
    return (schema, rowType) -> new AvroEnvelopes(of, schema, rowType);
  }

  private Optional<StructType> rowType(byte[] schema) {
    return switch (this.table.format()) {
      case DEBEZIUM_JSON -> EnvelopeSchema.rowType(schema);
      case CSV -> CsvDecoder.rowType(this.table, this.utf8(schema));
      case JSON_LINES, JSON, XML -> Optional.empty();
      case AVRO -> AvroRows.rowType(schema);
      case PARQUET -> ParquetRows.rowType(schema, CsvDecoder.declaredType(this.table));
      case ROWS -> Optional.of(DumpHeader.parse(schema).rowType(this.table));
      case DEBEZIUM_AVRO -> this.envelopeType(schema);
    };
  }

  private Optional<StructType> envelopeType(byte[] found) {
    if (this.table.events().documents()) {
      return Optional.empty();
    }
    return this.schemas == null
        ? AvroEnvelopeDecoder.rowType(new String(found, StandardCharsets.UTF_8))
        : AvroEnvelopeDecoder.rowType(this.schemas.texts().getOrDefault(SchemaIds.id(found), ""));
  }

  private StructType declared() {
    if (this.table.events().documents()) {
      return DocumentEventDecoder.ROW_TYPE;
    }
    return switch (this.table.format()) {
      case DEBEZIUM_JSON, DEBEZIUM_AVRO, CSV, AVRO, PARQUET -> CsvDecoder.declaredType(this.table);
      case JSON_LINES, JSON, XML -> DocumentDecoder.ROW_TYPE;
      case ROWS -> new StructType();
    };
  }

  /**
   * A decoder of records into rows of {@code rowType}; of the records below {@code header}, if the
   * format has headers.
   */
  RecordDecoder decoder(StructType rowType, byte[] header) {
    RecordDecoder all = new CarefulDecoder(this.own(rowType, header));
    if (this.table.format() == LandTable.Format.DEBEZIUM_JSON) {
      return OneTableDecoder.of(all, this.table.events(), new SourceTable());
    }
    // Data of containers have their tables told apart where their schema is known.
    return this.schemas == null
        ? all
        : OneTableDecoder.of(all, this.table.events(), AvroTables.of(this.schemas));
  }

  /** What a topic's record without a value says: where tables share the topic, nothing of this. */
  Change tombstone() {
    return this.table.events().shared() ? Change.OTHER : Change.REPEAT;
  }

  private RecordDecoder own(StructType rowType, byte[] header) {
    return switch (this.table.format()) {
      case DEBEZIUM_JSON -> this.lineDecoder(rowType);
      case DEBEZIUM_AVRO ->
          this.schemas == null
              ? new AvroDatum(header, rowType, this.envelopes())
              : AvroEnvelopeDecoder.of(this.table, rowType, this.schemas);
      case JSON_LINES, JSON, XML -> this.encoding().reading(new DocumentDecoder());
      case CSV -> this.encoding().reading(new CsvDecoder(this.table, this.utf8(header), rowType));
      case AVRO -> new AvroDatum(header, rowType, AvroRows::new);
      case PARQUET -> ParquetRows.decoder(CsvDecoder.declaredType(this.table), rowType);
      case ROWS ->
          new TextRowDecoder(
              this.table, header.length == 0 ? DumpHeader.NONE : DumpHeader.parse(header), rowType);
    };
  }

  private RecordDecoder lineDecoder(StructType rowType) {
    if (this.table.events().documents()) {
      return new DocumentEventDecoder(rowType);
    }
    return this.table.connector() == null
        ? new EnvelopeDecoder(rowType, this.table.onLoss())
        : new PlainEnvelopeDecoder(this.table, rowType);
  }
}
