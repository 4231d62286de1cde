package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes a segment of a table's changes, in files of bounded size, with the disorder of an
 * at-least-once connector.
 */
final class SegmentWriter {
  private static final long FILE_SIZE = 128L << 20;
  private static final int DISORDER = 40;

  private final @Nullable Path root;
  private final SourceTable table;
  private final String name;
  private final long time;
  private final SplittableRandom random;
  private final Map<Integer, EnvelopeText> texts = new HashMap<>();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private final ByteText scratch = new ByteText();
  private @Nullable InputFile file;
  private int part;
  private int sinceWaiting;
  private byte[] last = {};
  private int broken;
  private long lines;
  private long bytes;

  /** A writer below {@code root}/cdc, or one that writes nothing if there is no root. */
  SegmentWriter(@Nullable Path root, SourceTable table, String name, long time, long seed) {
    this.root = root;
    this.table = table;
    this.name = name;
    this.time = time;
    this.random = new SplittableRandom(seed * 31 + (table + name).hashCode());
  }

  String name() {
    return this.name;
  }

  /** Writes a change, now or after some later ones, once or twice. */
  void write(ChangeEvent event) throws IOException {
    if (this.root == null) {
      return;
    }
    int chance = this.random.nextInt(1000);
    if (chance < 10) {
      this.waiting.add(line(event));
    } else {
      repeat(event);
      if (chance < 15) {
        this.waiting.add(line(event));
      }
    }
    if (!this.waiting.isEmpty() && ++this.sinceWaiting > DISORDER) {
      release();
    }
  }

  /** Writes a change at once. */
  void repeat(ChangeEvent event) throws IOException {
    if (this.root == null) {
      return;
    }
    InputFile target = file();
    int from = target.text().length();
    text(event.width()).line(event, target.text());
    this.lines++;
    if (damage() && this.last.length == 0) {
      this.last = Arrays.copyOfRange(target.text().array(), from, target.text().length());
    }
    target.drain();
  }

  /** Whether the segment ends with a copy of a record that is cut off, or that isn't UTF-8. */
  private boolean damage() {
    return (this.table == SourceTable.ORDERS && this.name.endsWith("-2"))
        || (this.table == SourceTable.USERS && this.name.endsWith("-3"));
  }

  private void damaged(ByteText out) {
    if (this.last.length == 0) {
      return;
    }
    this.broken++;
    if (this.table == SourceTable.ORDERS) {
      out.raw(this.last, 0, this.last.length * 2 / 3);
    } else {
      byte[] copy = this.last.clone();
      int at = copy.length - 1;
      while (copy[at] != '@') {
        at--;
      }
      copy[at] = (byte) 0xe9;
      out.raw(copy);
    }
  }

  /** Lines that can't be read as what they should be. */
  int broken() {
    return this.broken;
  }

  private byte[] line(ChangeEvent event) {
    this.scratch.clear();
    text(event.width()).line(event, this.scratch);
    return this.scratch.toBytes();
  }

  private EnvelopeText text(int width) {
    return this.texts.computeIfAbsent(width, any -> new EnvelopeText(this.table, width));
  }

  private InputFile file() throws IOException {
    InputFile current = this.file;
    if (current != null && current.bytes() > FILE_SIZE) {
      current.close();
      this.bytes += current.bytes();
      current = null;
    }
    if (current == null) {
      Path folder = java.util.Objects.requireNonNull(this.root);
      String path =
          String.format(
              java.util.Locale.ROOT,
              "cdc/shop.%s/%s-%03d.json",
              this.table.table(),
              this.name,
              this.part++);
      current = new InputFile(folder, path, this.time);
      this.file = current;
    }
    return current;
  }

  private void release() throws IOException {
    this.sinceWaiting = 0;
    while (!this.waiting.isEmpty()) {
      file().text().raw(this.waiting.remove());
      this.lines++;
    }
  }

  /** Writes what still waits and ends the segment. */
  void close() throws IOException {
    if (this.file == null) {
      return;
    }
    release();
    InputFile end = this.file;
    damaged(end.text());
    end.close();
    this.bytes += end.bytes();
    this.file = null;
  }

  long lines() {
    return this.lines;
  }

  long bytes() {
    return this.bytes;
  }
}
