package io.veralake.demo.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of the engine's input that appears whole: written aside, then moved to its place. Its time
 * is simulated; a file that is there already with the same bytes is left alone.
 */
final class InputFile implements AutoCloseable {
  private final boolean nothing;
  private final Path target;
  private final Path asideRoot;
  private final Path aside;
  private final long time;
  private final OutputStream out;
  private final ByteText buffer = new ByteText();
  private long bytes;

  /**
   * Begins a file.
   *
   * @param root the input's root; the text is first written beside it. Null: nothing is written
   * @param name the path below the root
   * @param time the file's modification time, micros since epoch
   */
  InputFile(@Nullable Path root, String name, long time) throws IOException {
    this.nothing = root == null;
    this.time = time;
    if (root == null) {
      this.target = Path.of(name);
      this.asideRoot = this.target;
      this.aside = this.target;
      this.out = OutputStream.nullOutputStream();
      return;
    }
    this.target = root.resolve(name);
    Path absolute = root.toAbsolutePath();
    this.asideRoot = absolute.resolveSibling(absolute.getFileName() + ".part");
    this.aside = this.asideRoot.resolve(name);
    Files.createDirectories(this.aside.getParent());
    this.out = Files.newOutputStream(this.aside);
  }

  /** The text that is waiting to be written; call {@link #drain} after adding to it. */
  ByteText text() {
    return this.buffer;
  }

  void drain() throws IOException {
    if (this.buffer.length() > 1 << 20) {
      flush();
    }
  }

  /** Bytes written so far. */
  long bytes() {
    return this.bytes + this.buffer.length();
  }

  private void flush() throws IOException {
    this.out.write(this.buffer.array(), 0, this.buffer.length());
    this.bytes += this.buffer.length();
    this.buffer.clear();
  }

  @Override
  public void close() throws IOException {
    flush();
    this.out.close();
    if (this.nothing) {
      return;
    }
    Files.createDirectories(this.target.getParent());
    if (Files.exists(this.target) && Files.mismatch(this.target, this.aside) < 0) {
      Files.delete(this.aside);
    } else {
      Files.setLastModifiedTime(this.aside, FileTime.from(StoreCalendar.instant(this.time)));
      Files.move(
          this.aside,
          this.target,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    removeEmptyFolders();
  }

  private void removeEmptyFolders() throws IOException {
    Path folder = this.aside;
    while (!folder.equals(this.asideRoot)) {
      folder = Objects.requireNonNull(folder.getParent());
      try {
        Files.delete(folder);
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }
}
