package io.veralake.lake.sql;

import io.veralake.spec.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Nondeterministic;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Which functions give the same value of the same row, whenever and wherever they are called. */
final class RowFunctions {
  private static final String SAME =
      "the same row has to give the same value in every run: use a column such as _commit_time or _load_time, or the row's own values";

  /** Functions that Spark writes without parentheses too. */
  static final Set<String> BARE =
      Set.of(
          "current_date",
          "current_time",
          "current_timestamp",
          "localtimestamp",
          "current_user",
          "session_user",
          "user",
          "current_catalog",
          "current_database",
          "current_schema");

  /** Functions that depend on the session, the file or the machine though nothing else tells. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "now",
          "curdate",
          "current_timezone",
          "version",
          "reflect",
          "java_method",
          "try_reflect",
          "input_file_name",
          "input_file_block_start",
          "input_file_block_length",
          "spark_partition_id",
          "monotonically_increasing_id",
          "uuid",
          "rand",
          "random",
          "randn",
          "randstr",
          "uniform",
          "shuffle",
          "collations",
          "session_window",
          "window",
          "window_time");

  private static final Map<String, String> GROUPS =
      Map.of(
          "agg_funcs",
          "an aggregate sees other rows, which depend on the batch: compute it in a mart",
          "window_funcs",
          "a window sees other rows, which depend on the batch: satellites keep the order of versions, explode.ranks those of one array",
          "generator_funcs",
          "one row may give several only through explode of a stage, or of a multi-active satellite's source");

  private RowFunctions() {}

  /** What is wrong with a call of {@code name}; empty: nothing. */
  static Optional<String> fault(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (BARE.contains(lower) || ELSEWHERE.contains(lower)) {
      return Optional.of("%s() isn't a value of the row: %s".formatted(lower, SAME));
    }
    Option<ExpressionInfo> info =
        FunctionRegistry.builtin().lookupFunction(FunctionIdentifier.apply(lower));
    if (info.isEmpty()) {
      return Optional.of("unknown function %s%s".formatted(lower, near(lower)));
    }
    String why = GROUPS.get(info.get().getGroup());
    if (why != null) {
      return Optional.of("%s: %s".formatted(lower, why));
    }
    return isNondeterministic(info.get())
        ? Optional.of("%s() isn't a value of the row: %s".formatted(lower, SAME))
        : Optional.empty();
  }

  private static boolean isNondeterministic(ExpressionInfo info) {
    try {
      return Nondeterministic.class.isAssignableFrom(
          Class.forName(info.getClassName(), false, RowFunctions.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String near(String name) {
    Set<String> known = new TreeSet<>();
    List<FunctionIdentifier> all =
        new ArrayList<>(CollectionConverters.asJava(FunctionRegistry.builtin().listFunction()));
    all.forEach(function -> known.add(function.funcName()));
    return Nearest.hint(name, known).map(hint -> ": " + hint).orElse(": one of Spark SQL");
  }
}
