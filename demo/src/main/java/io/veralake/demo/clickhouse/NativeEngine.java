package io.veralake.demo.clickhouse;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The engine inside this process: its command line entry, run on a thread of its own until its
 * query ends.
 */
final class NativeEngine {
  /** The engine needs far more stack than Java's default. */
  private static final long STACK_BYTES = 64L << 20;

  private interface Chdb extends Library {
    void chdb_set_signal_handlers_enabled(int enabled);

    @Nullable Pointer chdb_query_cmdline(int count, Pointer arguments);

    @Nullable String chdb_result_error(Pointer result);
  }

  private interface C extends Library {
    int setsid();

    void _exit(int status);
  }

  private final Chdb chdb;
  private final CountDownLatch ended = new CountDownLatch(1);

  private NativeEngine(Chdb chdb) {
    this.chdb = chdb;
  }

  /**
   * Loads the library without letting it take the JVM's signal handlers: with its own ones a null
   * check in compiled Java code would kill the process.
   */
  static NativeEngine load(Path library) {
    Chdb chdb = Native.load(library.toString(), Chdb.class);
    chdb.chdb_set_signal_handlers_enabled(0);
    return new NativeEngine(chdb);
  }

  /**
   * Leaves the terminal's process group, so that Ctrl-C there doesn't end a server in the
   * background.
   */
  static void detach() {
    Native.load("c", C.class).setsid();
  }

  /** Ends the process without running C++ destructors below a living JVM. */
  static void exit(int status) {
    Native.load("c", C.class)._exit(status);
  }

  /** Starts {@code clickhouse ARGUMENTS}. */
  void start(List<String> arguments) {
    Thread thread = new Thread(null, () -> run(arguments), "clickhouse", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
  }

  boolean hasEnded() {
    return this.ended.getCount() == 0;
  }

  /** Waits for the engine's end; {@code false} if the time is over before. */
  boolean awaitEnd(Duration time) throws InterruptedException {
    return this.ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  void awaitEnd() throws InterruptedException {
    this.ended.await();
  }

  private void run(List<String> arguments) {
    List<Memory> texts = new ArrayList<>();
    for (String argument : arguments) {
      byte[] bytes = (argument + "\0").getBytes(StandardCharsets.UTF_8);
      Memory text = new Memory(bytes.length);
      text.write(0, bytes, 0, bytes.length);
      texts.add(text);
    }
    try (Memory vector = new Memory((long) (texts.size() + 1) * Native.POINTER_SIZE)) {
      for (int i = 0; i < texts.size(); i++) {
        vector.setPointer((long) i * Native.POINTER_SIZE, texts.get(i));
      }
      vector.setPointer((long) texts.size() * Native.POINTER_SIZE, Pointer.NULL);
      @Nullable Pointer result = this.chdb.chdb_query_cmdline(texts.size(), vector);
      report(result == null ? "no result" : this.chdb.chdb_result_error(result));
    } finally {
      texts.forEach(Memory::close);
      this.ended.countDown();
    }
  }

  private static void report(@Nullable String error) {
    if (error != null && !error.isEmpty() && !error.contains("QUERY_WAS_CANCELLED")) {
      System.err.println(error);
    }
  }
}
