package io.veralake.spec;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of change events beside their format.
 *
 * @param registry for Avro in topics: where the schemas are that records name by number; null:
 *     nowhere
 * @param documents whether the rows are MongoDB's documents, as extended JSON
 * @param table the table ({@code schema.table}) or collection ({@code database.collection}) whose
 *     events are landed, where others are among them; empty: all are
 */
public record ChangeEvents(@Nullable Registry registry, boolean documents, String table)
    implements Serializable {
  /** Nothing but the format. */
  public static final ChangeEvents PLAIN = new ChangeEvents(null, false, "");

  /**
   * Where schemas are. One of {@code connection} and {@code folder} is empty.
   *
   * @param connection the connection to a registry that speaks Confluent's REST interface
   * @param folder a folder with a file {@code <number>.avsc} a schema, below {@code veralake.input}
   *     or a URL
   * @param digits how many bytes of a record are the number of its schema: 4 or 8
   */
  public record Registry(String connection, String folder, int digits) implements Serializable {}
}
