package io.veralake.land;

import io.veralake.land.files.Compression;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a file that one task reads: the records that begin in it.
 *
 * @param file the file
 * @param start its first byte
 * @param end the byte after its last
 * @param records how many records of the file begin before it
 * @param compression how the file is compressed; a compressed one isn't cut
 */
record Split(SourceFile file, long start, long end, long records, Compression compression)
    implements Serializable {
  private static final long SMALLEST = 4L << 20;
  private static final long LARGEST = 64L << 20;
  private static final int FILES_PER_TASK = 500;

  /** Of a file that is compressed as its name says. */
  Split(SourceFile file, long start, long end, long records) {
    this(file, start, end, records, file.compression());
  }

  Split after(long before) {
    return new Split(this.file, this.start, this.end, before, this.compression);
  }

  /** The whole file, of which was found out how it is compressed. */
  Split whole(Compression found) {
    return new Split(this.file, 0, this.file.size(), 0, found);
  }

  /**
   * Cuts {@code files} at bytes, those that can be cut, so that {@code cores} have some work each.
   */
  static List<Split> of(List<SourceFile> files, Format format, int cores) {
    long all = files.stream().mapToLong(SourceFile::size).sum();
    long size = Math.max(SMALLEST, Math.min(LARGEST, all / (cores * 3L) + 1));
    List<Split> splits = new ArrayList<>();
    for (SourceFile file : files) {
      long step = format.cut(file) ? size : Math.max(1, file.size());
      for (long start = 0; start < file.size(); start += step) {
        splits.add(
            new Split(
                file, start, Math.min(file.size(), start + step), 0, format.compression(file)));
      }
    }
    return splits;
  }

  /** Puts neighbours together into tasks of about the size of the largest. */
  static List<List<Split>> tasks(List<Split> splits) {
    long largest = splits.stream().mapToLong(split -> split.end - split.start).max().orElse(0);
    List<List<Split>> tasks = new ArrayList<>();
    List<Split> task = new ArrayList<>();
    long size = 0;
    for (Split split : splits) {
      long length = split.end - split.start;
      boolean full = size + length > Math.max(largest, SMALLEST) || task.size() >= FILES_PER_TASK;
      if (full && !task.isEmpty()) {
        tasks.add(task);
        task = new ArrayList<>();
        size = 0;
      }
      task.add(split);
      size += length;
    }
    if (!task.isEmpty()) {
      tasks.add(task);
    }
    return tasks;
  }
}
