package io.veralake.run;

import io.veralake.lake.InstantViews;
import io.veralake.lake.ValueCipher;
import io.veralake.maintain.MaintainStep;
import io.veralake.spec.Configured;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands. */
@Command(
    name = "veralake",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {QuarantineCommand.class, PlanCommand.class, ReproduceCommand.class},
    description =
        "Turns raw change data into a star schema that can be trusted, and puts right what the streaming layer got wrong.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong usage, configuration or model",
      "3:stopped by a gate, nothing became visible"
    })
final class VeralakeCommand implements Runnable {
  private static final String APPROVE = "--approve";
  private static final String APPROVE_MEANING =
      "Publish exactly this plan, though it is over limits; anything else stops the run.";

  private final InstantSource clock;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @Spec
  CommandSpec spec;

  VeralakeCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void run() {
    throw new ParameterException(this.spec.commandLine(), "Missing command (see veralake --help)");
  }

  @Command(
      description = "Checks configuration and model, starts nothing.",
      mixinStandardHelpOptions = true)
  int validate(@Mixin Options options) {
    Configured read = options.read();
    Model model = read.model();
    this.out()
        .printf(
            "The model is consistent: %d raw tables, %d vault tables, %d marts, %d reconciliations, %d publications (environment %s)%n",
            model.land().size(),
            model.vault().size(),
            model.marts().size(),
            model.reconciliations().size(),
            model.publications().size(),
            read.engine().environment());
    return Main.DONE;
  }

  @Command(
      description = "Lands new files and records into raw tables.",
      mixinStandardHelpOptions = true)
  int land(@Mixin Options options) {
    return this.stages("land", EnumSet.of(Stage.LAND), options);
  }

  @Command(description = "Loads the vault from what was landed.", mixinStandardHelpOptions = true)
  int vault(@Mixin Options options) {
    return this.stages("vault", EnumSet.of(Stage.VAULT), options);
  }

  @Command(description = "Builds the marts from the vault.", mixinStandardHelpOptions = true)
  int mart(@Mixin Options options) {
    return this.stages("mart", EnumSet.of(Stage.MART), options);
  }

  @Command(
      description = "Compares marts with the streaming layer's tables and writes the report.",
      mixinStandardHelpOptions = true)
  int reconcile(@Mixin Options options) {
    return this.stages("reconcile", EnumSet.of(Stage.RECONCILE), options);
  }

  @Command(
      description = "Makes the marts visible in ClickHouse, a whole star at once.",
      mixinStandardHelpOptions = true)
  int publish(
      @Mixin Options options,
      @Option(names = APPROVE, paramLabel = "PLAN", split = ",", description = APPROVE_MEANING)
          @Nullable List<String> approved) {
    return this.publishing("publish", EnumSet.of(Stage.PUBLISH), options, approved);
  }

  @Command(description = "All five stages in one session.", mixinStandardHelpOptions = true)
  int nightly(
      @Mixin Options options,
      @Option(names = APPROVE, paramLabel = "PLAN", split = ",", description = APPROVE_MEANING)
          @Nullable List<String> approved) {
    return this.publishing("nightly", EnumSet.allOf(Stage.class), options, approved);
  }

  @Command(
      description =
          "Compares what ClickHouse serves with what Iceberg holds: rows, checksum and totals of each published partition.",
      mixinStandardHelpOptions = true)
  int verify(
      @Mixin Options options,
      @Option(
              names = "--generation",
              paramLabel = "N",
              description = "This generation (default: the one that readers see).")
          @Nullable Long generation) {
    return this.run(
        "verify", options, model -> PublishSteps.verify(model, options.only, generation));
  }

  @Command(
      description = "Makes the previous generation of a star visible again.",
      mixinStandardHelpOptions = true)
  int undo(@Mixin Options options) {
    return this.run("undo", options, model -> PublishSteps.undo(model, options.only));
  }

  @Command(
      description =
          "Puts small files together, drops snapshots and files that nothing needs any more.",
      mixinStandardHelpOptions = true)
  int maintain(
      @Mixin Options options,
      @Option(
              names = "--older-than",
              paramLabel = "DAYS",
              description =
                  "Drop snapshots older than so many days (default: veralake.maintain.expire-after). Nights that are kept, and what tables were filled up to, always stay.")
          @Nullable Integer olderThan) {
    if (olderThan != null && olderThan < 0) {
      throw new UsageException("Invalid --older-than: " + olderThan + " (days, 0 or more)");
    }
    Engine.Maintain kept = options.read().engine().maintain();
    MaintainStep.Grace grace =
        new MaintainStep.Grace(
            this.clock.instant(),
            olderThan == null ? kept.expireAfter() : Duration.ofDays(olderThan),
            kept.orphansAfter());
    return this.run("maintain", options, model -> MaintainSteps.of(model, options.only, grace));
  }

  @Command(
      description =
          "Takes over vault tables that another tool filled: checks their columns and hashes, adds what they lack.",
      mixinStandardHelpOptions = true)
  int adopt(@Mixin Options options) {
    return this.run("adopt", options, model -> AdoptSteps.of(model, options.only));
  }

  @Command(
      description =
          "Makes the hashes of vault tables anew, as they are configured now, and proves that nothing else changed.",
      mixinStandardHelpOptions = true)
  int rehash(@Mixin Options options) {
    return this.run("rehash", options, model -> RehashSteps.of(model, options.only));
  }

  @Command(
      description = "What each table was made from and when, and how the last runs ended.",
      mixinStandardHelpOptions = true)
  int status(@Mixin Options options) {
    StatusReport.of(options.read().engine()).forEach(this.out()::println);
    return Main.DONE;
  }

  @Command(
      description = "Decrypts values of sensitive columns, one a line, from standard input.",
      mixinStandardHelpOptions = true)
  int decrypt(@Mixin Options options) {
    Secret key = options.read().engine().privacy().encryptionKey();
    if (key.isEmpty()) {
      throw new UsageException(
          "Missing key: veralake.privacy.encryption-key (point to it with { env = NAME } or { file = path })");
    }
    ValueCipher cipher = new ValueCipher(key.value());
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
        .lines()
        .map(line -> new String(cipher.decryptText(line.strip()), StandardCharsets.UTF_8))
        .forEach(this.out()::println);
    return Main.DONE;
  }

  @Command(
      description = "Which columns raw tables got, when, and from which batch.",
      mixinStandardHelpOptions = true)
  int schemas(@Mixin Options options) {
    Configured read = options.read();
    List<String> known = read.model().land().stream().map(LandTable::name).sorted().toList();
    Steps.allKnown(options.only, Set.copyOf(known));
    try (LakeCatalog catalog = LakeCatalog.open(read.engine())) {
      for (String table : options.only.isEmpty() ? known : options.only) {
        TableIdentifier name = TableIdentifier.of("raw", table);
        if (catalog.iceberg().tableExists(name)) {
          this.out().println(name);
          new SchemaHistory(catalog.iceberg().loadTable(name)).lines().forEach(this.out()::println);
        }
      }
    }
    return Main.DONE;
  }

  @Command(
      description =
          "Writes what the model declares as pages to read: tables, columns, and what each comes from.",
      mixinStandardHelpOptions = true)
  int docs(
      @Mixin Options options,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              description = "Folder for the pages (default: docs in veralake.reports).")
          @Nullable Path to,
      @Option(
              names = "--model-only",
              description = "Don't look at the lake for rows, sizes and last loads.")
          boolean modelOnly) {
    new DocsCommand(options, this.out()).run(to, modelOnly);
    return Main.DONE;
  }

  @Command(
      description =
          "Prints SQL that gives a Spark session views of what the vault held at an instant.",
      mixinStandardHelpOptions = true)
  int views(@Mixin Options options) {
    Configured read = options.read();
    new InstantViews(read.model(), read.engine().catalog().name())
        .statements()
        .forEach(statement -> this.out().println(statement + ";\n"));
    return Main.DONE;
  }

  @Command(
      description =
          "Follows a published figure back to the records that it comes from, and forward through what was restated.",
      mixinStandardHelpOptions = true)
  int explain(
      @Mixin Options options,
      @Option(names = "--mart", paramLabel = "MART", required = true, description = "The mart.")
          String mart,
      @Option(
              names = "--key",
              paramLabel = "COLUMN=VALUE",
              split = ",",
              description = "Which of its rows: columns and their values, separated by commas.")
          @Nullable Map<String, String> key,
      @Option(
              names = "--partition",
              paramLabel = "VALUE",
              description = "Instead of rows a partition that is compared with the stream …")
          @Nullable String partition,
      @Option(
              names = "--measure",
              paramLabel = "COLUMN",
              description = "… and one of its measures.")
          @Nullable String measure,
      @Option(
              names = "--most",
              paramLabel = "ROWS",
              defaultValue = "50",
              description = "Rows that are shown of each table (default: ${DEFAULT-VALUE}).")
          int most,
      @Option(names = "--json", description = "Print JSON.") boolean json) {
    new ExplainCommand(options, this.out())
        .run(
            new ExplainCommand.Question(
                mart, key == null ? Map.of() : key, partition, measure, most),
            json,
            this.clock.instant());
    return Main.DONE;
  }

  @Command(
      description =
          "Flags a published figure that is doubted: the next night checks, explains and answers it.",
      mixinStandardHelpOptions = true)
  int flag(
      @Mixin Options options,
      @Mixin FlagOptions figure,
      @Option(names = "--list", description = "Show the latest flags, and their answers.")
          boolean list) {
    FlagCommand command = new FlagCommand(options, this.out());
    if (list) {
      command.list();
    } else {
      command.add(figure.flag(this.clock.instant()));
    }
    return Main.DONE;
  }

  private int stages(String command, Set<Stage> stages, Options options) {
    return this.run(command, options, model -> new Steps(model, stages, options.only));
  }

  private int publishing(
      String command, Set<Stage> stages, Options options, @Nullable List<String> approved) {
    Approvals plans = Approvals.of(approved == null ? List.of() : approved);
    return this.run(command, options, model -> new Steps(model, stages, options.only, plans));
  }

  /** Runs {@code steps} over the model, as one run named {@code command}. */
  int run(String command, Options options, Function<Model, Steps> steps) {
    Configured read = options.read();
    Job job = new Job(command, read, options.asOf(this.clock.instant()), this.clock, this.out());
    new Night(job, steps.apply(read.model())).run();
    return Main.DONE;
  }

  private PrintWriter out() {
    return this.spec.commandLine().getOut();
  }
}
