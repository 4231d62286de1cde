package io.veralake.run;

import io.veralake.docs.Site;
import io.veralake.docs.Stored;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lineage.ModelLineage;
import io.veralake.spec.Configured;
import io.veralake.spec.Model;
import io.veralake.spec.ModelNotes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Writes the documentation of a model. */
final class DocsCommand {
  private final Options options;
  private final PrintWriter out;

  DocsCommand(Options options, PrintWriter out) {
    this.options = options;
    this.out = out;
  }

  /**
   * Writes the pages into the folder {@code to}, or where reports are.
   *
   * @param modelOnly whether the lake isn't to be asked
   */
  void run(@Nullable Path to, boolean modelOnly) {
    Configured read = this.options.read();
    Path folder = to == null ? read.engine().reports().resolve("docs") : to;
    Map<String, Stored> stored = Map.of();
    String without = "the lake wasn't asked";
    if (!modelOnly) {
      try {
        stored = StoredTables.of(read.engine());
        without = stored.isEmpty() ? "nothing was loaded into the lake yet" : "";
      } catch (DataException e) {
        without = String.valueOf(e.getMessage());
        this.out.println(without);
        without = "the lake couldn't be opened";
      }
    }
    String hash = new HashText(read.engine().hash()).sqlType();
    ModelLineage lineage = lineage(read.model(), hash);
    lineage
        .problems()
        .forEach((table, why) -> this.out.println("No lineage of " + table + ": " + why));
    int tables =
        Site.write(
            folder,
            new Site.Content(
                read.model(),
                ModelNotes.read(this.options.conf),
                lineage,
                hash,
                read.engine().environment(),
                stored,
                without));
    this.out.printf(
        "%d tables documented%s: %s%n",
        tables,
        without.isEmpty() ? "" : ", without rows and loads (" + without + ")",
        folder.resolve("index.html"));
  }

  private static ModelLineage lineage(Model model, String hash) {
    SparkSession spark = Sessions.alone("docs");
    try {
      return ModelLineage.of(model, hash, spark);
    } finally {
      spark.stop();
    }
  }
}
