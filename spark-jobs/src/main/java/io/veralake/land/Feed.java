package io.veralake.land;

import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What a source offers that its raw table doesn't hold. Reads no record until it is asked to. */
interface Feed extends AutoCloseable {
  /** What {@code table}'s source offers now. */
  static Feed of(RunContext context, LandTable table) {
    if (table.source() instanceof LandSource.Topics topics) {
      return TopicFeed.of(context, table, topics);
    }
    if (table.source() instanceof LandSource.Jdbc jdbc) {
      return JdbcFeed.of(context, table, jdbc);
    }
    if (table.source() instanceof LandSource.Rest rest) {
      return RestFeed.of(context, table, rest);
    }
    if (table.source() instanceof LandSource.Mongo mongo) {
      return MongoFeed.of(context, table, mongo);
    }
    if (table.source() instanceof LandSource.Dumps dumps) {
      return DumpFeed.of(context, table, dumps);
    }
    return FolderFeed.of(context, table, (LandSource.Folder) table.source());
  }

  /** Whether it offers nothing. */
  boolean isEmpty();

  /** Addresses of everything it reads, as its rows name them; empty: they aren't known. */
  List<String> places();

  /** What it has that may be landed later, in words, though it offers nothing now. */
  default List<String> waiting() {
    return List.of();
  }

  /**
   * Addresses of files that it offers again, because they have changed since they were landed, and
   * whose records have no order but their place in the file.
   */
  default List<String> rewritten() {
    return List.of();
  }

  /** How many files it offers; 0 if it has none. */
  default int files() {
    return 0;
  }

  /** What the source lost before it was landed, in words; empty as a rule. */
  default List<String> gaps() {
    return List.of();
  }

  /**
   * What is known of the completeness of what was read, once it was read: {@code report} says what
   * it held. To cost little beside the reading.
   */
  default Continuity continuity(BatchReport report) {
    return Continuity.of(this.gaps());
  }

  /** Whether it offers records in the order in which their source made them. */
  default boolean inOrder() {
    return false;
  }

  /**
   * The columns that the records declare, one struct a schema, in the order of their appearance.
   */
  List<StructType> rowTypes();

  /** The records. {@link #rowTypes} goes before. */
  Batch read(RowMaker maker);

  /**
   * Snapshot properties that say how far the source was consumed when all of this is in {@code
   * raw}.
   */
  Map<String, String> positions(Table raw);

  /** What the records are of, if they are rows that don't tell what changed; else null. */
  default @Nullable DumpMoment moment() {
    return null;
  }

  /** Gives up what it holds of the source. The rows of its batch were read before. */
  @Override
  default void close() {}

  /**
   * What the source offers behind this feed, which was landed; null: a feed takes all that there
   * is.
   */
  default @Nullable Feed rest() {
    return null;
  }
}
