package io.veralake.run;

import io.veralake.lake.GateException;
import io.veralake.spec.SpecException;
import java.io.PrintWriter;
import java.time.InstantSource;
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

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine(InstantSource.system()).execute(args));
  }

  /** The commands on {@code clock}, which answer with an exit code. */
  static CommandLine commandLine(InstantSource clock) {
    CommandLine line = new CommandLine(new VeralakeCommand(clock));
    line.setExecutionExceptionHandler(Main::explain);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  private static int explain(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (e instanceof SpecException wrong) {
      int count = wrong.problems().size();
      err.println("The model can't be used: " + count + (count == 1 ? " problem" : " problems"));
      wrong.problems().forEach(problem -> err.println("  " + problem));
      return WRONG_USAGE;
    }
    if (e instanceof UsageException) {
      err.println(e.getMessage());
      return WRONG_USAGE;
    }
    if (e instanceof GateException) {
      err.println("Stopped by a gate: " + e.getMessage());
      return GATED;
    }
    err.println(e instanceof StoppedException ? e.getMessage() : "Failed: " + Failure.text(e));
    ParseResult command = parsed.subcommand();
    while (command != null && command.hasSubcommand()) {
      command = command.subcommand();
    }
    if (command != null && command.hasMatchedOption(Options.STACKTRACE)) {
      e.printStackTrace(err);
    } else if (!Failure.expected(e)) {
      err.println("  " + Options.STACKTRACE + " shows where in the program");
    }
    return FAILED;
  }
}
