package io.veralake.demo.clickhouse;

import com.sun.jna.Native;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A ClickHouse server on 127.0.0.1 with its data in one folder, as a process of its own.
 *
 * <pre>{@code
 * try (EmbeddedClickHouse server = EmbeddedClickHouse.start(folder, 0)) {
 *   connect(server.url());
 * }
 * }</pre>
 *
 * Data stays in the folder when the server ends. User {@code default}, no password, from this
 * machine only.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private static final String MEMORY = "-Xmx256m";
  private static final String LOG = "clickhouse.log";
  private static final long START_SECONDS = 130;
  private static final long STOP_SECONDS = 30;
  private static final int FREE_PORT_ATTEMPTS = 5;

  private final Path folder;
  private final ProcessHandle process;
  private final String url;

  private EmbeddedClickHouse(Path folder, ProcessHandle process, String url) {
    this.folder = folder;
    this.process = process;
    this.url = url;
  }

  /** Starts a server that ends with this process at the latest; port 0: a free one. */
  public static EmbeddedClickHouse start(Path folder, int port) {
    return start(folder, port, false, line -> {});
  }

  /** Starts a server that ends with this process at the latest, and tells about a long download. */
  public static EmbeddedClickHouse start(Path folder, int port, Consumer<String> progress) {
    return start(folder, port, false, progress);
  }

  /** Starts a server that goes on when this process ends, until someone stops it. */
  public static EmbeddedClickHouse startDetached(Path folder, int port, Consumer<String> progress) {
    return start(folder, port, true, progress);
  }

  /** The server that serves the folder now, whoever started it. */
  public static Optional<EmbeddedClickHouse> running(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    return PidFile.running(absolute)
        .flatMap(
            running ->
                ProcessHandle.of(running.pid())
                    .map(process -> new EmbeddedClickHouse(absolute, process, running.url())));
  }

  private static EmbeddedClickHouse start(
      Path folder, int port, boolean detached, Consumer<String> progress) {
    Path absolute = folder.toAbsolutePath().normalize();
    PidFile.running(absolute)
        .ifPresent(
            other -> {
              throw new ServerException(PidFile.refusal(absolute, other));
            });
    Path library = new EngineLibrary(progress).fetch();
    try {
      Files.createDirectories(absolute);
      Process process = launch(absolute, port, library, detached);
      for (int attempt = 1; attempt < FREE_PORT_ATTEMPTS && port == 0; attempt++) {
        if (awaitReadyOrEnd(absolute, process) || !portWasTaken(process)) {
          break;
        }
        process = launch(absolute, port, library, detached);
      }
      if (!awaitReadyOrEnd(absolute, process)) {
        throw failure(absolute, process);
      }
      String url = PidFile.content(PidFile.in(absolute)).orElseThrow().url();
      return new EmbeddedClickHouse(absolute, process.toHandle(), url);
    } catch (IOException e) {
      throw new ServerException("Failed to start ClickHouse in " + absolute + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while ClickHouse starts in " + absolute, e);
    }
  }

  private static Process launch(Path folder, int port, Path library, boolean detached)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(MEMORY, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", home(ClickHouseServer.class) + ":" + home(Native.class)));
    command.add(ClickHouseServer.class.getName());
    command.addAll(
        List.of(
            folder.toString(), String.valueOf(port == 0 ? freePort() : port), library.toString()));
    if (detached) {
      command.add(ClickHouseServer.DETACHED);
    }
    Path files = Files.createDirectories(folder.resolve("files"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(LOG).toFile());
    builder.environment().put("TZ", "UTC");
    if (detached) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    return builder.start();
  }

  /**
   * The jar or folder that a class was loaded from: a short class path, whoever started this
   * process.
   */
  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean portWasTaken(Process process) {
    return !process.isAlive() && process.exitValue() == ClickHouseServer.PORT_IN_USE;
  }

  /** Whether the server got ready; {@code false}: its process ended. */
  private static boolean awaitReadyOrEnd(Path folder, Process process)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      if (PidFile.content(PidFile.in(folder)).filter(r -> r.pid() == process.pid()).isPresent()) {
        return true;
      }
      process.waitFor(25, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    return false;
  }

  private static ServerException failure(Path folder, Process process) throws IOException {
    String output = Files.readString(folder.resolve(LOG), StandardCharsets.UTF_8).strip();
    return new ServerException(
        "Failed to start ClickHouse in "
            + folder
            + " (exit code "
            + process.onExit().join().exitValue()
            + "): "
            + output);
  }

  /** Address of the HTTP interface, {@code http://127.0.0.1:PORT}. */
  public String url() {
    return this.url;
  }

  /** Folder that holds the data. */
  public Path folder() {
    return this.folder;
  }

  /** The server's process. */
  public ProcessHandle process() {
    return this.process;
  }

  /**
   * Ends the server in order, and by force only if it doesn't answer; returns when its process is
   * gone.
   */
  @Override
  public void close() {
    this.process.destroy();
    try {
      this.process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      this.process.destroyForcibly();
      this.process.onExit().join();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      this.process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
