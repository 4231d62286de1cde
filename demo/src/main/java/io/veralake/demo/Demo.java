package io.veralake.demo;

import io.veralake.demo.clickhouse.ServerException;
import io.veralake.demo.s3.S3Command;
import io.veralake.demo.s3.S3Exception;
import io.veralake.demo.store.StoreCommand;
import io.veralake.demo.store.StoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What the demo needs around the engine: servers without Docker, and the simulated store. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Servers without Docker, and a simulated store.",
    subcommands = {ClickHouseCommand.class, S3Command.class, StoreCommand.class})
public final class Demo {
  private Demo() {}

  /** Runs a subcommand; exit code 0: done, 1: failed, 2: bad usage. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, with messages instead of stack traces for what people can mend. */
  static CommandLine commandLine() {
    return new CommandLine(new Demo())
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              if (exception instanceof ServerException
                  || exception instanceof S3Exception
                  || exception instanceof StoreException) {
                command.getErr().println(exception.getMessage());
                command.getErr().flush();
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw exception;
            });
  }
}
