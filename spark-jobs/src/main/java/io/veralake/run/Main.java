package io.veralake.run;

import io.veralake.catalog.NightRunningException;
import io.veralake.lake.DataException;
import io.veralake.lake.GateException;
import io.veralake.spec.SpecException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The command line {@code veralake <command> [options]}. Exit codes: 0 done, 1 failed, 2 wrong
 * usage or model, 3 stopped by a gate.
 */
public final class Main {
  /** Exit code: everything was done. */
  static final int DONE = 0;

  /** Exit code: the run failed. */
  static final int FAILED = 1;

  /** Exit code: the command line, the configuration or the model is wrong; nothing was started. */
  static final int WRONG_USAGE = 2;

  /** Exit code: a gate stopped the run, nothing became visible. */
  static final int GATED = 3;

  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> STOPPING.set(true), "stopping"));
    System.exit(execute(InstantSource.system(), args));
  }

  /** Runs one command on {@code clock} and returns its exit code. */
  static int execute(InstantSource clock, String... args) {
    CommandLine line = new CommandLine(new VeralakeCommand(clock));
    line.setExecutionExceptionHandler(Main::explain);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(args);
  }

  private static int explain(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (STOPPING.get()) {
      err.println("Interrupted: run it again, it goes on where it was");
      return FAILED;
    }
    if (e instanceof SpecException wrong) {
      int count = wrong.problems().size();
      err.println("The model can't be used: " + count + (count == 1 ? " problem" : " problems"));
      wrong.problems().forEach(problem -> err.println("  " + problem));
      return WRONG_USAGE;
    }
    if (e instanceof GateException) {
      err.println("Stopped by a gate: " + e.getMessage());
      return GATED;
    }
    if (e instanceof DataException || e instanceof NightRunningException) {
      err.println("Failed: " + e.getMessage());
      return FAILED;
    }
    Logger log = LoggerFactory.getLogger(Main.class);
    log.error("{} failed", parsed.commandSpec().name(), e);
    err.println("Failed: " + e);
    return FAILED;
  }
}
