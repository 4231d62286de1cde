package io.veralake.run;

import io.veralake.lake.DataException;
import io.veralake.lake.ValueCipher;
import io.veralake.spec.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The records of {@code raw.quarantine} that are still not landed, as an operator looks at them.
 * Needs no Spark. A record's name is the beginning of its bytes' SHA-256, so that the same bytes,
 * sent again every night, are one record that was seen several times.
 */
final class KeptRecords {
  private static final TableIdentifier KEPT = TableIdentifier.of("raw", "quarantine");
  private static final TableIdentifier REPLAYED = TableIdentifier.of("raw", "quarantine_replayed");
  private static final int NAME = 12;
  private static final String[] IDENTITY = {"source_table", "file", "row", "digest"};
  private static final String[] WITHOUT_BYTES = {
    "source_table", "file", "row", "digest", "reason", "offset", "landed_as_of"
  };
  private static final String[] WITH_BYTES = {
    "source_table", "file", "row", "digest", "bytes", "encrypted"
  };
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");

  /** A value between what is wrong and what would be right. */
  private static final Pattern VALUE = Pattern.compile("(?s): .* \\(");

  private final Catalog catalog;
  private final Map<String, String> owners;

  /** Those of {@code catalog}, without owners. */
  KeptRecords(Catalog catalog) {
    this(catalog, Map.of());
  }

  /** Those of {@code catalog}; {@code owners} says by raw table whom to tell of them. */
  KeptRecords(Catalog catalog, Map<String, String> owners) {
    this.owners = Map.copyOf(owners);
    this.catalog = catalog;
  }

  private static final class Group {
    private long records;
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
    private String example = "";

    void add(Record record) {
      this.records++;
      Instant seen = ((OffsetDateTime) record.getField("landed_as_of")).toInstant();
      this.first = seen.isBefore(this.first) ? seen : this.first;
      if (!seen.isBefore(this.last)) {
        this.last = seen;
        this.example = text(record, "digest").substring(0, NAME);
      }
    }
  }

  /**
   * A line for each raw table and kind of reason: how many records, when the first and the last of
   * them came, and the name of the last one. {@code only}: names of raw tables; empty: all.
   */
  List<String> list(Set<String> only) {
    Map<String, Group> groups = new TreeMap<>();
    this.open(
        WITHOUT_BYTES,
        record -> {
          String table = text(record, "source_table");
          if (only.isEmpty() || only.contains(table)) {
            String owner = this.owners.getOrDefault(table, "");
            String key =
                String.format(
                    Locale.ROOT,
                    "%-28s %s%s",
                    table,
                    kind(record),
                    owner.isEmpty() ? "" : "; tell " + owner);
            groups.computeIfAbsent(key, any -> new Group()).add(record);
          }
        });
    if (groups.isEmpty()) {
      return List.of("Nothing is quarantined");
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%10s  %-20s %-20s %-12s  %-28s %s",
            "records",
            "first seen",
            "last seen",
            "the last",
            "table",
            "reason"));
    groups.forEach(
        (key, group) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "%,10d  %-20s %-20s %-12s  %s",
                    group.records,
                    RunHistory.second(group.first),
                    RunHistory.second(group.last),
                    group.example,
                    key)));
    return lines;
  }

  /**
   * The places at which the records named {@code name} were found, and why they can't be landed.
   *
   * @throws DataException if there is none, or if the name fits records with different bytes
   */
  List<String> show(String name) {
    List<String> lines = new ArrayList<>();
    Set<String> digests = new HashSet<>();
    this.open(
        WITHOUT_BYTES,
        record -> {
          if (text(record, "digest").startsWith(name)) {
            digests.add(text(record, "digest"));
            lines.add(
                """
                raw table   %s
                found at    %s, record %s, byte %s
                seen        %s
                reason      %s
                SHA-256     %s
                """
                    .formatted(
                        record.getField("source_table"),
                        record.getField("file"),
                        record.getField("row"),
                        record.getField("offset"),
                        ((OffsetDateTime) record.getField("landed_as_of")).toInstant(),
                        reason(record),
                        record.getField("digest")));
          }
        });
    one(name, digests);
    return lines;
  }

  /**
   * The original bytes of the record named {@code name}.
   *
   * @param key decrypts those that are encrypted
   * @throws DataException as {@link #show}
   */
  byte[] bytes(String name, Secret key) {
    Set<String> digests = new HashSet<>();
    List<byte[]> found = new ArrayList<>();
    this.open(
        this.encrypted() ? WITH_BYTES : Arrays.copyOf(WITH_BYTES, WITH_BYTES.length - 1),
        record -> {
          if (text(record, "digest").startsWith(name) && digests.add(text(record, "digest"))) {
            ByteBuffer buffer = ((ByteBuffer) record.getField("bytes")).duplicate();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            boolean plain = !Boolean.TRUE.equals(record.getField("encrypted"));
            found.add(plain ? bytes : new ValueCipher(key.value()).decrypt(bytes));
          }
        });
    one(name, digests);
    return found.get(0);
  }

  /** Whether the table can hold encrypted records; one that was made before couldn't. */
  private boolean encrypted() {
    return this.catalog.tableExists(KEPT)
        && this.catalog.loadTable(KEPT).schema().findField("encrypted") != null;
  }

  private static void one(String name, Set<String> digests) {
    if (digests.isEmpty()) {
      throw new DataException(
          "Missing record in quarantine: %s (quarantine list names the last of each kind; a record that was landed since is no longer there)"
              .formatted(name));
    }
    if (digests.size() > 1) {
      throw new DataException(
          "Invalid name of a record: %s (fits %d records; give more of its SHA-256)"
              .formatted(name, digests.size()));
    }
  }

  private void open(String[] columns, Consumer<Record> consumer) {
    Set<List<Object>> replayed = new HashSet<>();
    this.read(REPLAYED, IDENTITY, record -> replayed.add(identity(record)));
    this.read(
        KEPT,
        columns,
        record -> {
          if (!replayed.contains(identity(record))) {
            consumer.accept(record);
          }
        });
  }

  private void read(TableIdentifier name, String[] columns, Consumer<Record> consumer) {
    if (!this.catalog.tableExists(name)) {
      return;
    }
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(this.catalog.loadTable(name)).select(columns).build()) {
      rows.forEach(consumer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Object> identity(Record record) {
    List<Object> identity = new ArrayList<>();
    for (String column : IDENTITY) {
      identity.add(text(record, column));
    }
    return identity;
  }

  /** The reason without what differs from record to record. */
  private static String kind(Record record) {
    return NUMBER.matcher(reason(record)).replaceAll("#");
  }

  /** The reason without values of the record, which may be personal. */
  private static String reason(Record record) {
    String unquoted = QUOTED.matcher(text(record, "reason")).replaceAll("…");
    return VALUE.matcher(unquoted).replaceFirst(": … (");
  }

  private static String text(Record record, String column) {
    return String.valueOf(record.getField(column));
  }
}
