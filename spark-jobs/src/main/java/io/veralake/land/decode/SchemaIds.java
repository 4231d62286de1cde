package io.veralake.land.decode;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the numbers of the schemas that records name. */
public final class SchemaIds implements SchemaFinder {
  /** Where there are more, what names them is noise; it is quarantined. */
  private static final int MOST = 10_000;

  private final int digits;
  private final Set<Long> found = new LinkedHashSet<>();
  private final @Nullable TableFinder tables;
  private final String table;
  private long last = -1;

  /** Numbers have {@code digits} bytes. */
  public SchemaIds(int digits) {
    this.digits = digits;
    this.tables = null;
    this.table = "";
  }

  /** Those that records of {@code table} name, where the schemas are known. */
  public SchemaIds(KnownSchemas known, String table) {
    this.digits = known.digits();
    this.tables = AvroTables.of(known);
    this.table = table;
  }

  /** The number that {@code found} is. */
  public static long id(byte[] found) {
    return ByteBuffer.wrap(found).getLong();
  }

  @Override
  public void add(byte[] buffer, int from, int to) {
    try {
      long id = KnownSchemas.id(buffer, from, to, this.digits);
      boolean room = this.found.size() < MOST;
      if (id != this.last && room && !this.found.contains(id) && this.wanted(buffer, from, to)) {
        this.found.add(id);
        this.last = id;
      }
    } catch (BadRecordException e) {
      // Whoever decodes the record says so.
      return;
    }
  }

  private boolean wanted(byte[] buffer, int from, int to) {
    return this.tables == null
        || this.tables.of(buffer, from, to).map(this.table::equals).orElse(false);
  }

  @Override
  public List<byte[]> found() {
    return this.found.stream().map(id -> ByteBuffer.allocate(8).putLong(id).array()).toList();
  }
}
