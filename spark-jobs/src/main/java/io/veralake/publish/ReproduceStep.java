package io.veralake.publish;

import static org.apache.spark.sql.functions.col;

import io.veralake.clickhouse.CanonicalText;
import io.veralake.clickhouse.CanonicalText.Sums;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.publish.PublicationLog.Recorded;
import io.veralake.publish.Reproduced.Source;
import io.veralake.publish.Reproduced.Table;
import io.veralake.spec.Mart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Makes a published generation again from the snapshots that it names, proves that the rows are
 * those that were published, and writes them if that is wanted. Needs no ClickHouse; changes
 * nothing that anybody reads.
 */
public final class ReproduceStep {
  /** A mart's rows as they were, made from snapshots of its inputs. */
  public interface Rebuilding {
    /** Whether the mart is declared as it was under this fingerprint. */
    boolean isDeclared(Mart mart, String definition);

    /** Inputs whose snapshots aren't there any more, each {@code namespace.table at snapshot}. */
    List<String> expired(RunContext context, Mart mart, Map<String, Long> inputs);

    /** The rows. */
    Dataset<Row> rows(RunContext context, Mart mart, Map<String, Long> inputs);
  }

  /**
   * Where rows are written, a folder a table in it.
   *
   * @param folder the folder, or an address that Hadoop knows
   * @param format {@code parquet} or {@code csv}
   */
  public record Target(String folder, String format) {}

  /**
   * What is to be made.
   *
   * @param generation the generation
   * @param only these tables; empty: all
   * @param source from what
   * @param target where to; null: it is only proven
   */
  public record Wanted(long generation, List<String> only, Source source, @Nullable Target target) {
    /** Copies the list. */
    public Wanted {
      only = List.copyOf(only);
    }
  }

  private static final int MOST_NAMED = 3;
  private static final int MOST_LINES = 10;

  private final RunContext context;
  private final String star;
  private final Wanted wanted;
  private final Rebuilding rebuilding;

  private ReproduceStep(RunContext context, String star, Wanted wanted, Rebuilding rebuilding) {
    this.context = context;
    this.star = star;
    this.wanted = wanted;
    this.rebuilding = rebuilding;
  }

  /**
   * Makes {@code wanted} of star {@code name}. Nothing is written unless all tables can be made,
   * and a table only if it is what was published.
   */
  public static Reproduced run(
      RunContext context, String name, Wanted wanted, Rebuilding rebuilding) {
    return new ReproduceStep(context, name, wanted, rebuilding).reproduce();
  }

  private Reproduced reproduce() {
    List<Recorded> all = new PublicationLog(this.context, this.star).of(this.wanted.generation());
    List<Recorded> tables =
        all.stream()
            .filter(
                table ->
                    this.wanted.only().isEmpty()
                        || this.wanted.only().contains(table.publication()))
            .toList();
    List<String> known = all.stream().map(Recorded::publication).toList();
    for (String name : this.wanted.only()) {
      if (!known.contains(name)) {
        throw new DataException(
            "Missing table "
                + name
                + " in generation "
                + this.wanted.generation()
                + " of star "
                + this.star
                + " (it has "
                + String.join(", ", known)
                + ")");
      }
    }
    this.stopIfImpossible(tables);
    for (Recorded table : tables) {
      this.stopIfWritten(table);
    }
    List<Table> made = new ArrayList<>();
    for (Recorded table : tables) {
      made.add(this.made(table));
    }
    return new Reproduced(this.star, this.wanted.generation(), this.wanted.source(), made);
  }

  /** Tells all that is in the way at once. */
  private void stopIfImpossible(List<Recorded> tables) {
    List<String> reasons = new ArrayList<>();
    boolean expired = false;
    for (Recorded table : tables) {
      Optional<Mart> mart = this.mart(table);
      if (this.wanted.source() == Source.MARTS) {
        if (!this.keepsSnapshot(table)) {
          expired = true;
          reasons.add(
              table.publication()
                  + ": mart."
                  + table.mart()
                  + " at "
                  + table.snapshot()
                  + " is gone");
        }
      } else if (mart.isEmpty() || !this.rebuilding.isDeclared(mart.get(), table.definition())) {
        reasons.add(
            table.publication()
                + ": mart."
                + table.mart()
                + " is declared otherwise now (take --conf with the model of that night"
                + this.orMarts(table)
                + ")");
      } else {
        List<String> gone = this.rebuilding.expired(this.context, mart.get(), table.inputs());
        expired |= !gone.isEmpty();
        if (!gone.isEmpty()) {
          reasons.add(
              table.publication()
                  + ": "
                  + String.join(", ", gone.subList(0, Math.min(MOST_NAMED, gone.size())))
                  + (gone.size() > MOST_NAMED
                      ? " and " + (gone.size() - MOST_NAMED) + " more are gone"
                      : gone.size() == 1 ? " is gone" : " are gone")
                  + this.orMarts(table));
        }
      }
    }
    if (!reasons.isEmpty()) {
      throw new DataException(
          "Cannot reproduce generation "
              + this.wanted.generation()
              + " of star "
              + this.star
              + ":\n  "
              + String.join("\n  ", reasons.subList(0, Math.min(MOST_LINES, reasons.size())))
              + (reasons.size() > MOST_LINES
                  ? "\n  and " + (reasons.size() - MOST_LINES) + " more tables"
                  : "")
              + (expired
                  ? "\nveralake maintain drops snapshots older than maintain.expire-after, and those of nights after maintain.keep-nights nights: set maintain.keep-nights to as many nights as are to be reproduced"
                  : ""));
    }
  }

  private String orMarts(Recorded table) {
    return this.keepsSnapshot(table)
        ? ", or --from marts: mart." + table.mart() + " has its rows"
        : "";
  }

  private boolean keepsSnapshot(Recorded table) {
    String name = "mart." + table.mart();
    return this.context.lake().exists(name)
        && this.context.lake().table(name).snapshot(table.snapshot()) != null;
  }

  private Optional<Mart> mart(Recorded table) {
    return this.context.model().marts().stream()
        .filter(mart -> mart.name().equals(table.mart()))
        .findFirst();
  }

  private Table made(Recorded table) {
    Dataset<Row> rows = this.rows(table);
    Row summed =
        rows.select(CanonicalText.sparkChecksum(table.columns()).as("c"))
            .selectExpr(
                "count(*)",
                "coalesce(sum(CAST(c & 4294967295 AS decimal(20, 0))), 0)",
                "coalesce(sum(CAST(shiftrightunsigned(c, 32) AS decimal(20, 0))), 0)")
            .head();
    Sums sums =
        new Sums(
            summed.getLong(0),
            summed.getDecimal(1).toBigInteger().longValue(),
            summed.getDecimal(2).toBigInteger().longValue());
    String written = "";
    if (sums.equals(table.sums()) && this.wanted.target() != null) {
      written = this.folder(this.wanted.target(), table).toString();
      rows.write()
          .option("header", "true")
          .format(this.wanted.target().format().toLowerCase(Locale.ROOT))
          .save(written);
    }
    return new Table(
        table.publication(), table.sums().count(), text(table.sums()), text(sums), written);
  }

  private static String text(Sums sums) {
    return sums.count() + " rows, checksum " + sums.high() + "/" + sums.low();
  }

  private Dataset<Row> rows(Recorded table) {
    Dataset<Row> rows =
        this.wanted.source() == Source.MARTS
            ? this.context
                .lake()
                .spark()
                .sql(
                    "SELECT * FROM "
                        + this.context.lake().sqlName("mart." + table.mart())
                        + " VERSION AS OF "
                        + table.snapshot())
            : this.rebuilding.rows(this.context, this.mart(table).orElseThrow(), table.inputs());
    return rows.select(
        table.columns().stream()
            .map(
                column ->
                    col("`" + column.name() + "`").cast(column.type().sql()).as(column.name()))
            .toArray(org.apache.spark.sql.Column[]::new));
  }

  private Path folder(Target target, Recorded table) {
    return new Path(new Path(target.folder()), table.publication());
  }

  private void stopIfWritten(Recorded table) {
    if (this.wanted.target() == null) {
      return;
    }
    Path folder = this.folder(this.wanted.target(), table);
    try {
      FileSystem files =
          folder.getFileSystem(this.context.lake().spark().sessionState().newHadoopConf());
      if (files.exists(folder)) {
        throw new DataException(
            "Cannot write to " + folder + ": it is there already (name another folder with --to)");
      }
    } catch (java.io.IOException e) {
      throw new DataException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }
}
