package io.veralake.land.decode;

import io.veralake.spec.ChangeEvents;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one table among those of others, which are none of its records. A tombstone
 * names no table, and only repeats the delete before it: it is no record of any.
 */
public final class OneTableDecoder implements RecordDecoder {
  private final RecordDecoder decoder;
  private final ChangeEvents events;
  private final TableFinder source;

  private OneTableDecoder(RecordDecoder decoder, ChangeEvents events, TableFinder source) {
    this.decoder = decoder;
    this.events = events;
    this.source = source;
  }

  /**
   * {@code decoder}, for the records that are those of the table which {@code events} names, as
   * {@code source} finds it.
   */
  public static RecordDecoder of(RecordDecoder decoder, ChangeEvents events, TableFinder source) {
    return events.shared() ? new OneTableDecoder(decoder, events, source) : decoder;
  }

  @Override
  public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
    return this.decode(null, buffer, from, to);
  }

  @Override
  public Change decode(byte @Nullable [] key, byte[] buffer, int from, int to)
      throws BadRecordException {
    Optional<String> named = this.source.of(buffer, from, to);
    boolean own = named.map(this.events.table()::equals).orElse(this.events.keepsUnnamed());
    if (!own) {
      return Change.OTHER;
    }
    Change change = this.decoder.decode(key, buffer, from, to);
    return change.kind() == Change.Kind.REPEAT ? Change.OTHER : change;
  }
}
