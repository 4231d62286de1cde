package io.veralake.land;

import io.veralake.land.files.Compression;
import io.veralake.land.files.Glance;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
  private record Seen(List<Long> records, List<Compression> compressions, List<byte[]> schemas)
      implements Serializable {}

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
    Iterator<Compression> compressions =
        seen.stream().flatMap(s -> s.compressions.stream()).iterator();
    List<List<Split>> placed = new ArrayList<>();
    String file = "";
    boolean whole = false;
    long records = 0;
    for (List<Split> task : tasks) {
      List<Split> splits = new ArrayList<>();
      for (Split split : task) {
        boolean same = split.file().url().equals(file);
        file = split.file().url();
        Compression compression = compressions.next();
        long count = counts.next();
        if (!same) {
          // Of a file that turned out to be compressed only the first split is left.
          whole = split.compression() != compression;
          records = 0;
        }
        if (!same || !whole) {
          splits.add(whole ? split.whole(compression) : split.after(records));
        }
        records += count;
      }
      placed.add(splits);
    }
    return new Scout(
        placed, format.rowTypes(seen.stream().flatMap(s -> s.schemas.stream()).toList()));
  }

  private static Seen look(List<Split> task, Format format, SerializableConfiguration hadoop) {
    Set<ByteBuffer> schemas = new LinkedHashSet<>();
    List<Long> records = new ArrayList<>();
    List<Compression> compressions = new ArrayList<>();
    for (Split split : task) {
      try {
        Glance glance = format.glance(split, hadoop.value());
        records.add(glance.records());
        compressions.add(glance.compression());
        glance.schemas().forEach(schema -> schemas.add(ByteBuffer.wrap(schema)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Seen(records, compressions, schemas.stream().map(ByteBuffer::array).toList());
  }
}
