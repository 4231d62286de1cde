package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which process serves a data folder, locked by that process as long as it
 * lives: a number left by a crash is never mistaken for a running server.
 */
final class PidFile {
  private static final String NAME = "clickhouse.pid";

  /**
   * A server that runs.
   *
   * @param pid its process
   * @param url where it listens
   */
  record Running(long pid, String url) {}

  private final Path file;
  private final FileChannel channel;

  private PidFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the folder for this process until it ends; throws if another process has it. */
  static PidFile claim(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve(NAME);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    // Whoever asks whether a server runs holds the lock for a moment, so one refusal is no answer.
    for (int attempt = 0; attempt < 20; attempt++) {
      if (channel.tryLock() != null) {
        channel.truncate(0);
        return new PidFile(file, channel);
      }
      Thread.sleep(25);
    }
    channel.close();
    throw new ServerException(
        content(file)
            .map(other -> refusal(folder, other))
            .orElse("Cannot serve " + folder + ": another server starts or ends in it right now"));
  }

  static String refusal(Path folder, Running other) {
    return "Cannot serve "
        + folder
        + ": process "
        + other.pid()
        + " serves it already at "
        + other.url();
  }

  /** Says that the server is ready. */
  void ready(long pid, String url) throws IOException {
    byte[] text = (pid + "\n" + url + "\n").getBytes(StandardCharsets.UTF_8);
    this.channel.write(ByteBuffer.wrap(text), 0);
  }

  /** Removes the file; the lock ends with the process. */
  void remove() throws IOException {
    Files.deleteIfExists(this.file);
  }

  /** The server that serves the folder and is ready, if there is one. */
  static synchronized Optional<Running> running(Path folder) {
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (FileChannel probe = FileChannel.open(file, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = probe.tryLock();
      if (lock != null) {
        lock.release();
        return Optional.empty();
      }
      return content(file);
    } catch (IOException e) {
      throw new ServerException("Failed to read " + file + ": " + e, e);
    }
  }

  /** What the file says, whether or not that server still runs. */
  static Optional<Running> content(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    return lines.size() < 2
        ? Optional.empty()
        : Optional.of(new Running(Long.parseLong(lines.get(0)), lines.get(1)));
  }

  static Path in(Path folder) {
    return folder.resolve(NAME);
  }
}
