package io.veralake.run;

import io.veralake.spec.Configured;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands on records that couldn't be landed. */
@Command(
    name = "quarantine",
    description = "Records that couldn't be landed: list, show, replay.",
    mixinStandardHelpOptions = true)
final class QuarantineCommand implements Runnable {
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @Spec
  CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @ParentCommand
  VeralakeCommand veralake;

  @Override
  public void run() {
    throw new ParameterException(
        this.spec.commandLine(), "Missing command (list, show or replay; see --help)");
  }

  @Command(
      description = "How many there are of each table and reason, and since when.",
      mixinStandardHelpOptions = true)
  int list(@Mixin Options options) {
    Set<String> only = new TreeSet<>(options.only);
    Configured read = options.read();
    Map<String, String> owners =
        read.model().land().stream().collect(Collectors.toMap(LandTable::name, LandTable::owner));
    try (LakeCatalog catalog = LakeCatalog.open(read.engine())) {
      new KeptRecords(catalog.iceberg(), owners).list(only).forEach(this.out()::println);
    }
    return Main.DONE;
  }

  @Command(
      description = "Where one of them was found, and why it can't be landed.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin Options options,
      @Parameters(
              paramLabel = "RECORD",
              description = "Its name from the list, or more of its SHA-256.")
          String name,
      @Option(
              names = "--bytes",
              description =
                  "Print its original bytes and nothing else. They may hold personal data.")
          boolean bytes) {
    Engine engine = options.read().engine();
    try (LakeCatalog catalog = LakeCatalog.open(engine)) {
      KeptRecords kept = new KeptRecords(catalog.iceberg());
      if (bytes) {
        this.out()
            .println(
                new String(
                    kept.bytes(name, engine.privacy().encryptionKey()), StandardCharsets.UTF_8));
      } else {
        kept.show(name).forEach(this.out()::println);
      }
    }
    return Main.DONE;
  }

  @Command(
      description = "Lands them again, after what was wrong has been mended.",
      mixinStandardHelpOptions = true)
  int replay(@Mixin Options options) {
    return this.veralake.run(
        "quarantine replay", options, model -> Steps.replay(model, options.only));
  }

  private PrintWriter out() {
    return this.spec.commandLine().getOut();
  }
}
