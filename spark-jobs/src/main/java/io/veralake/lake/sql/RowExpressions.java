package io.veralake.lake.sql;

import io.veralake.lake.RawColumns;
import io.veralake.spec.Nearest;
import io.veralake.spec.RowSql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import org.apache.spark.sql.catalyst.analysis.Analyzer;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.TableFunctionRegistry;
import org.apache.spark.sql.catalyst.catalog.InMemoryCatalog;
import org.apache.spark.sql.catalyst.catalog.SessionCatalog;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Judges expressions over single rows with Spark's parser and analyser, as a session in UTC and
 * ANSI mode would: the vault loads in no other. Where a column's type isn't known, all but types
 * are judged; a load judges those before it writes anything. Nothing of a row's values is seen, so
 * none can be in a message.
 */
public final class RowExpressions implements RowSql {
  private static final Map<String, String> METADATA = metadata();

  private final CatalystSqlParser parser = new CatalystSqlParser();
  private @Nullable Analyzer analyzer;
  private final SQLConf conf = new SQLConf();

  /** Starts nothing: the analyser is made when the first expression needs it. */
  public RowExpressions() {
    this.conf.setConfString("spark.sql.session.timeZone", "UTC");
    this.conf.setConfString("spark.sql.ansi.enabled", "true");
  }

  /** What is wrong with {@code sql} whatever its columns are; empty: nothing. */
  public static Optional<String> fault(String sql) {
    return new RowExpressions().judge(sql, new Scope(Map.of(), false, ""), Wanted.VALUE).fault();
  }

  @Override
  public Verdict judge(String sql, Scope scope, Wanted wanted) {
    return SQLConf$.MODULE$.withExistingConf(this.conf, () -> this.judged(sql, scope, wanted));
  }

  private Verdict judged(String sql, Scope scope, Wanted wanted) {
    Walk walk;
    try {
      walk = new Walk(this.parser.parseExpression(sql));
    } catch (Exception e) {
      // what Scala throws isn't declared
      return Verdict.wrong("not an expression of SQL: " + reason(e));
    }
    Optional<String> fault = walk.fault();
    Set<String> names = walk.columns();
    boolean known = true;
    for (String name : names) {
      String type = scope.columns().getOrDefault(name, METADATA.getOrDefault(name, ""));
      if (!scope.columns().containsKey(name) && !METADATA.containsKey(name)) {
        boolean bare = RowFunctions.BARE.contains(name);
        fault =
            fault.or(
                () ->
                    bare
                        ? RowFunctions.fault(name)
                        : scope.complete() ? Optional.of(unknown(name, scope)) : Optional.empty());
      }
      known = known && !type.isEmpty();
    }
    if (fault.isPresent()) {
      return Verdict.wrong(fault.get());
    }
    return known ? this.analysed(sql, schema(names, scope), wanted) : Verdict.UNKNOWN;
  }

  private static String unknown(String name, Scope scope) {
    return "unknown column %s of %s: %s"
        .formatted(
            name,
            scope.of(),
            Nearest.hint(name, scope.columns().keySet())
                .orElse(String.join(", ", new TreeSet<>(scope.columns().keySet()))));
  }

  private Verdict analysed(String sql, StructType schema, Wanted wanted) {
    try {
      Expression value = this.resolved(sql, schema);
      if (!value.deterministic() || value.containsPattern(TreePattern.CURRENT_LIKE())) {
        return Verdict.wrong("the same row has to give the same value in every run");
      }
      Optional<String> misfit = this.fits(sql, schema, value, wanted);
      String type = value.dataType().sql().toLowerCase(Locale.ROOT);
      return misfit.isPresent() ? Verdict.wrong(misfit.get()) : new Verdict(misfit, type);
    } catch (Exception e) {
      return Verdict.wrong(reason(e));
    }
  }

  private Optional<String> fits(String sql, StructType schema, Expression value, Wanted wanted) {
    DataType type = value.dataType();
    return switch (wanted.want()) {
      case CONDITION ->
          type.equals(DataTypes.BooleanType)
              ? Optional.empty()
              : Optional.of("a condition, not of type " + type.sql().toLowerCase(Locale.ROOT));
      case ARRAY ->
          type instanceof ArrayType
              ? Optional.empty()
              : Optional.of("an array, not of type " + type.sql().toLowerCase(Locale.ROOT));
      case VALUE ->
          wanted.type().isEmpty()
              ? Optional.empty()
              : this.casts(sql, schema, value, wanted.type());
    };
  }

  /** Whether the value can be cast; a constant has to fit. */
  private Optional<String> casts(String sql, StructType schema, Expression value, String type) {
    Expression cast;
    try {
      cast = this.resolved("try_cast((%s) AS %s)".formatted(sql, type), schema);
    } catch (Exception e) {
      return Optional.of(
          "%s can't be cast to %s"
              .formatted(value.dataType().sql().toLowerCase(Locale.ROOT), type));
    }
    if (value.references().isEmpty() && isThere(value) && !isThere(cast)) {
      return Optional.of("doesn't fit " + type);
    }
    return Optional.empty();
  }

  /** Whether a constant is known and not null. */
  private static boolean isThere(Expression constant) {
    return constant instanceof Literal literal
        ? literal.value() != null
        : constant instanceof Cast cast
            && cast.child() instanceof Literal
            && cast.eval(InternalRow.empty()) != null;
  }

  private Expression resolved(String sql, StructType schema) {
    Seq<String> none = CollectionConverters.asScala(List.<String>of()).toSeq();
    Alias value =
        new Alias(
            this.parser.parseExpression(sql),
            "value",
            NamedExpression.newExprId(),
            none,
            Option.empty(),
            none);
    List<NamedExpression> values = List.of(value);
    LogicalPlan plan =
        new Project(
            CollectionConverters.asScala(values).toSeq(), LocalRelation$.MODULE$.apply(schema));
    LogicalPlan analysed =
        this.analyzer().executeAndCheck(plan, new QueryPlanningTracker(Option.empty()));
    return ((Alias) ((Project) analysed).projectList().head()).child();
  }

  private Analyzer analyzer() {
    if (this.analyzer == null) {
      this.analyzer =
          new Analyzer(
              new SessionCatalog(
                  new InMemoryCatalog(new SparkConf(false), new Configuration(false)),
                  FunctionRegistry.builtin(),
                  TableFunctionRegistry.builtin()));
    }
    return this.analyzer;
  }

  private static StructType schema(Set<String> names, Scope scope) {
    StructType schema = new StructType();
    for (String name : names) {
      String type = scope.columns().getOrDefault(name, METADATA.getOrDefault(name, ""));
      schema = schema.add(name, DataType.fromDDL(type));
    }
    return schema;
  }

  /** What Spark says, without its codes and without the query. */
  private static String reason(Throwable e) {
    String text =
        e instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(e.getMessage());
    String first = text.lines().findFirst().orElse(text);
    return first
        .replaceFirst("^\\[[A-Z0-9_.]+] ", "")
        .replaceFirst(" SQLSTATE: \\w+.*$", "")
        .replaceFirst("\\.$", "");
  }

  private static Map<String, String> metadata() {
    Map<String, String> result = new LinkedHashMap<>();
    result.put(RawColumns.OP, "string");
    result.put(RawColumns.POSITION, RawColumns.POSITION_TYPE.sql());
    result.put(RawColumns.COMMIT_TIME, "timestamp");
    result.put(RawColumns.RECORD_SOURCE, "string");
    result.put(RawColumns.LOAD_TIME, "timestamp");
    result.put(RawColumns.FILE, "string");
    result.put(RawColumns.ROW, "bigint");
    result.put(RawColumns.BATCH, "string");
    return result;
  }
}
