package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The process that holds the engine: serves one data folder at {@code 127.0.0.1:PORT} until
 * SIGTERM, or, unless {@code --detached}, until its standard input ends, which it does when the
 * parent dies in whatever way.
 *
 * <p>Arguments: data folder, port, library, and perhaps {@code --detached}.
 */
public final class ClickHouseServer {
  static final String DETACHED = "--detached";

  /** Exit code for a port that another program has. */
  static final int PORT_IN_USE = 3;

  /** Exit code for all other refusals. */
  static final int FAILED = 2;

  private static final String HOST = "127.0.0.1";
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration RUNNING_QUERIES = Duration.ofSeconds(5);
  private static final Duration UNWIND = Duration.ofMillis(1500);

  /**
   * The engine ends when its command line's last query does, so this one lasts; its name tells
   * whoever finds it in {@code system.processes}.
   */
  private static final String KEEP_OPEN =
      "SELECT sleepEachRow(1) AS keeps_the_server_open FROM system.numbers FORMAT Null";

  private static final String KEEP_OPEN_SETTINGS =
      " SETTINGS max_block_size = 1, max_threads = 1, max_execution_time = 0,"
          + " function_sleep_max_microseconds_per_block = 0, log_queries = 0";

  private final Path folder;
  private final int port;
  private final PidFile pidFile;
  private final NativeEngine engine;

  private ClickHouseServer(Path folder, int port, PidFile pidFile, NativeEngine engine) {
    this.folder = folder;
    this.port = port;
    this.pidFile = pidFile;
    this.engine = engine;
  }

  /** Serves until it is told to end. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    boolean detached = arguments.length > 3 && arguments[3].equals(DETACHED);
    checkPort(port);
    try {
      if (detached) {
        NativeEngine.detach();
      } else {
        endWithParent();
      }
      PidFile pidFile = PidFile.claim(folder);
      NativeEngine engine = NativeEngine.load(Path.of(arguments[2]));
      new ClickHouseServer(folder, port, pidFile, engine).serve();
    } catch (ServerException | UnsatisfiedLinkError e) {
      System.err.println(e.getMessage());
      NativeEngine.exit(FAILED);
    }
  }

  /** The engine itself crashes without a word when the port is taken. */
  private static void checkPort(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      System.err.println(
          "Cannot listen at "
              + HOST
              + ":"
              + port
              + ": "
              + e.getMessage()
              + " (choose another port)");
      System.exit(PORT_IN_USE);
    }
  }

  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // the parent only ever closes it
                }
              } catch (IOException e) {
                // as good as closed
              }
              System.exit(0);
            },
            "parent");
    watch.setDaemon(true);
    watch.start();
  }

  private void serve() throws IOException, InterruptedException {
    DataFolder data = DataFolder.prepare(this.folder);
    this.engine.start(
        List.of(
            "clickhouse",
            "--path=" + data.data(),
            "--config-file=" + data.config(),
            "--listen_host=" + HOST,
            "--http_port=" + this.port,
            "--query=SYSTEM START LISTEN HTTP; " + KEEP_OPEN + KEEP_OPEN_SETTINGS));
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    awaitReady();
    this.pidFile.ready(ProcessHandle.current().pid(), url());
    this.engine.awaitEnd();
    this.pidFile.remove();
    NativeEngine.exit(0);
  }

  private String url() {
    return "http://" + HOST + ":" + this.port;
  }

  private void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!Http.answers(url())) {
      if (this.engine.hasEnded()) {
        throw new ServerException("The engine ended while it started");
      }
      if (System.nanoTime() > deadline) {
        throw new ServerException("The engine isn't ready after " + START.toSeconds() + " s");
      }
      Thread.sleep(25);
    }
  }

  /**
   * Lets running queries end for a moment, then kills the one that keeps the engine open: parts and
   * logs are written, the engine unwinds.
   */
  private void stop() {
    try {
      awaitQueries();
      Http.query(url(), "SYSTEM FLUSH LOGS");
      Http.query(url(), "KILL QUERY WHERE query LIKE '" + KEEP_OPEN + "%' ASYNC");
      // The engine waits five more seconds for clients that keep idle connections; nothing is left
      // to be written then.
      this.engine.awaitEnd(UNWIND);
      this.pidFile.remove();
    } catch (IOException e) {
      System.err.println("Failed to end the engine in order: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    NativeEngine.exit(0);
  }

  private void awaitQueries() throws IOException, InterruptedException {
    String others =
        "SELECT count() FROM system.processes WHERE query_id != queryID() AND query NOT LIKE '"
            + KEEP_OPEN
            + "%'";
    long deadline = System.nanoTime() + RUNNING_QUERIES.toNanos();
    while (!Http.query(url(), others).equals("0\n") && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
  }
}
