package io.veralake.land;

import io.veralake.land.decode.EnvelopeSchemas;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A first, cheap look at the files of a batch: where records begin, and which columns they have.
 *
 * @param tasks the batch, cut for the second look; each split knows how many records are before it
 * @param rowTypes columns that each of the batch's schemas declares, in the order of their
 *     appearance
 */
record Scout(List<List<Split>> tasks, List<StructType> rowTypes) {
  private record Seen(List<Long> records, List<byte[]> schemas) implements Serializable {}

  /** Looks at {@code tasks}. */
  static Scout of(
      SparkSession spark,
      LandTable table,
      List<List<Split>> tasks,
      Broadcast<SerializableConfiguration> hadoop) {
    Format format = new Format(table);
    // One task needs no job. Bounded: one small answer a task.
    List<Seen> seen =
        tasks.size() == 1
            ? List.of(look(tasks.get(0), format, hadoop.value()))
            : JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(tasks, Math.max(1, tasks.size()))
                .map(task -> look(task, format, hadoop.value()))
                .collect();
    Iterator<Long> counts = seen.stream().flatMap(s -> s.records.stream()).iterator();
    List<List<Split>> placed = new ArrayList<>();
    String file = "";
    long records = 0;
    for (List<Split> task : tasks) {
      List<Split> splits = new ArrayList<>();
      for (Split split : task) {
        records = split.file().url().equals(file) ? records : 0;
        file = split.file().url();
        splits.add(split.after(records));
        records += counts.next();
      }
      placed.add(splits);
    }
    return new Scout(
        placed, format.rowTypes(seen.stream().flatMap(s -> s.schemas.stream()).toList()));
  }

  private static Seen look(List<Split> task, Format format, SerializableConfiguration hadoop) {
    EnvelopeSchemas envelopes = new EnvelopeSchemas();
    List<byte[]> headers = new ArrayList<>();
    List<Long> records = new ArrayList<>();
    for (Split split : task) {
      long count = 0;
      try (Lines lines = new Lines(split, format.recordEnd(), hadoop.value())) {
        while (lines.next()) {
          count++;
          if (format.envelopes()) {
            envelopes.add(lines.buffer(), lines.from(), lines.to());
          } else if (format.headers()) {
            headers.add(Arrays.copyOfRange(lines.buffer(), lines.from(), lines.to()));
            break;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      records.add(count);
    }
    return new Seen(records, format.envelopes() ? envelopes.found() : headers);
  }
}
