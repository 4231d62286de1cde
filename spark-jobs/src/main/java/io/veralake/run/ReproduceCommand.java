package io.veralake.run;

import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.mart.MartAt;
import io.veralake.publish.ReproduceStep;
import io.veralake.publish.ReproduceStep.Rebuilding;
import io.veralake.publish.ReproduceStep.Target;
import io.veralake.publish.ReproduceStep.Wanted;
import io.veralake.publish.Reproduced;
import io.veralake.publish.Reproduced.Source;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes a published generation again. */
@Command(
    name = "reproduce",
    description =
        "Makes a published generation again from the snapshots that it names, and proves that the rows are those that were published.",
    mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
  private static final List<String> FORMATS = List.of("parquet", "csv");

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @ParentCommand
  VeralakeCommand veralake;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls a command
  @Mixin
  Options options;

  @Option(
      names = "--generation",
      paramLabel = "N",
      required = true,
      description = "The generation, as publish and ops.publications number it.")
  long generation;

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      defaultValue = "vault",
      description =
          "vault: run the marts' queries again over what the vault held then; marts: take the marts' rows of then (default: ${DEFAULT-VALUE}).")
  String from = "vault";

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Write the rows too, a folder a table in this folder, which may be an address such as s3a://… (default: only prove).")
  @Nullable String to;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet or csv (default: ${DEFAULT-VALUE}).")
  String format = "parquet";

  @Override
  public Integer call() {
    Source source = this.source();
    if (!FORMATS.contains(this.format)) {
      throw new UsageException(
          "Invalid --format: " + this.format + " (" + String.join(", ", FORMATS) + ")");
    }
    Target target = this.to == null ? null : new Target(this.to, this.format);
    return this.veralake.run(
        "reproduce",
        this.options,
        model ->
            steps(
                model, this.options.only, new Wanted(this.generation, List.of(), source, target)));
  }

  private Source source() {
    for (Source source : Source.values()) {
      if (source.name().toLowerCase(Locale.ROOT).equals(this.from)) {
        return source;
      }
    }
    throw new UsageException("Invalid --from: " + this.from + " (vault, marts)");
  }

  /** The step that makes {@code wanted}; {@code only} names a star, or tables of one. */
  static Steps steps(Model model, List<String> only, Wanted wanted) {
    Set<String> known = new TreeSet<>();
    Set<String> stars = new TreeSet<>();
    for (Publication publication : model.publications()) {
      known.add(publication.star());
      known.add(publication.name());
      if (only.isEmpty()
          || only.contains(publication.star())
          || only.contains(publication.name())) {
        stars.add(publication.star());
      }
    }
    Steps.allKnown(only, known);
    if (stars.size() != 1) {
      throw new UsageException(
          stars.isEmpty()
              ? "Nothing to reproduce: the model declares no publications"
              : "Missing --only: generations are numbered star by star (name one of "
                  + String.join(", ", stars)
                  + ")");
    }
    String star = stars.iterator().next();
    List<String> tables = only.contains(star) ? List.of() : only;
    Wanted some = new Wanted(wanted.generation(), tables, wanted.source(), wanted.target());
    Steps steps = new Steps();
    steps.add(
        "reproduce " + star,
        Set.of(),
        context -> {
          Reproduced result = ReproduceStep.run(context, star, some, new FromMarts());
          steps.publishing().note(lines(result));
          if (!result.isEqual()) {
            throw new DataException(failure(result));
          }
          return Outcome.of("tables", result.tables().size(), "rows", result.rows());
        });
    return steps;
  }

  private static List<String> lines(Reproduced result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "  reproduced %s, generation %d, from %s: %,d rows%s",
            result.star(),
            result.generation(),
            result.source().words(),
            result.rows(),
            result.isEqual() ? ", equal to what was published" : ""));
    result.tables().forEach(table -> lines.add("    " + table));
    return lines;
  }

  private static String failure(Reproduced result) {
    return "Generation "
        + result.generation()
        + " of star "
        + result.star()
        + " doesn't come out as it was published: "
        + result.tables().stream()
            .filter(table -> !table.isEqual())
            .map(
                table ->
                    table.name()
                        + " was published with "
                        + table.published()
                        + ", "
                        + result.source().words()
                        + " gives "
                        + table.made())
            .collect(Collectors.joining("; "))
        + (result.source() == Source.VAULT
            ? " (a mart's query that isn't a function of its inputs, such as one with now() or rand(), gives other rows each time; --from marts takes the marts' rows)"
            : "");
  }

  /** The marts' queries. */
  static class FromMarts implements Rebuilding {
    @Override
    public boolean isDeclared(Mart mart, String definition) {
      return MartAt.isDeclared(mart, definition);
    }

    @Override
    public List<String> expired(RunContext context, Mart mart, Map<String, Long> inputs) {
      return new MartAt(context, mart, inputs).expired();
    }

    @Override
    public Dataset<Row> rows(RunContext context, Mart mart, Map<String, Long> inputs) {
      return new MartAt(context, mart, inputs).rows();
    }
  }
}
