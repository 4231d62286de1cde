package io.veralake.demo;

import io.veralake.demo.clickhouse.EmbeddedClickHouse;
import io.veralake.demo.clickhouse.EngineLibrary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts and stops the embedded ClickHouse; a second start of the same folder does nothing. */
@Command(
    name = "clickhouse",
    mixinStandardHelpOptions = true,
    description = "A real ClickHouse server on this machine, without Docker.")
final class ClickHouseCommand {
  /** Exit code of {@code status} where no server runs, as service scripts have it. */
  private static final int NOT_RUNNING = 3;

  private static final String FOLDER = "Folder of its data (default: ${DEFAULT-VALUE}).";
  private static final String DEFAULT_FOLDER = "build/demo/clickhouse";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = "Fetch the engine into the user's cache folder, without starting it.")
  int fetch() {
    say("The engine is at " + new EngineLibrary(this::say).fetch());
    return 0;
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start the server, and wait until it is ready.")
  int start(
      @Option(names = "--dir", defaultValue = DEFAULT_FOLDER, description = FOLDER) Path folder,
      @Option(
              names = "--port",
              defaultValue = "8123",
              description = "HTTP port, 0: a free one (default: ${DEFAULT-VALUE}).")
          int port,
      @Option(names = "--background", description = "Return when it is ready; end it with 'stop'.")
          boolean background) {
    Optional<EmbeddedClickHouse> running = EmbeddedClickHouse.running(folder);
    if (running.isPresent()) {
      say("ClickHouse is running already at " + describe(running.get()));
      return 0;
    }
    if (background) {
      say(
          "ClickHouse is ready at "
              + describe(EmbeddedClickHouse.startDetached(folder, port, this::say)));
      return 0;
    }
    try (EmbeddedClickHouse server = EmbeddedClickHouse.start(folder, port, this::say)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      say("ClickHouse is ready at " + describe(server) + "; Ctrl-C ends it");
      server.process().onExit().join();
    }
    return 0;
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "End the server of a folder; data stays.")
  int stop(
      @Option(names = "--dir", defaultValue = DEFAULT_FOLDER, description = FOLDER) Path folder) {
    Optional<EmbeddedClickHouse> running = EmbeddedClickHouse.running(folder);
    if (running.isEmpty()) {
      say("No ClickHouse runs in " + folder.toAbsolutePath().normalize());
      return 0;
    }
    running.get().close();
    say("ClickHouse ended in " + running.get().folder());
    return 0;
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Say whether a server runs in a folder: exit code 0, or 3 if none does.")
  int status(
      @Option(names = "--dir", defaultValue = DEFAULT_FOLDER, description = FOLDER) Path folder) {
    Optional<EmbeddedClickHouse> running = EmbeddedClickHouse.running(folder);
    say(
        running
            .map(server -> "ClickHouse is running at " + describe(server))
            .orElse("No ClickHouse runs in " + folder.toAbsolutePath().normalize()));
    return running.isPresent() ? 0 : NOT_RUNNING;
  }

  private static String describe(EmbeddedClickHouse server) {
    return server.url() + " (process " + server.process().pid() + ", " + server.folder() + ")";
  }

  private void say(String line) {
    PrintWriter out = this.spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
