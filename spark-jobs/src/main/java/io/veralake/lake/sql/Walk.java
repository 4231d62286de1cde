package io.veralake.lake.sql;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UnresolvedNamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.UnresolvedWindowExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import scala.jdk.javaapi.CollectionConverters;

/** What a parsed expression names, and what it does that needs more than its row. */
final class Walk {
  private final Set<String> columns = new TreeSet<>();
  private final Set<String> faults = new LinkedHashSet<>();

  Walk(Expression parsed) {
    this.walk(parsed, Set.of());
  }

  /** Names of columns, in lower case. */
  Set<String> columns() {
    return this.columns;
  }

  /** The first thing that is wrong whatever the columns are; empty: nothing. */
  Optional<String> fault() {
    return this.faults.stream().findFirst();
  }

  private void walk(Expression node, Set<String> bound) {
    Set<String> inside = bound;
    if (node instanceof UnresolvedAttribute attribute) {
      this.named(attribute.nameParts().head(), bound);
    } else if (node instanceof UnresolvedNamedLambdaVariable variable) {
      this.named(variable.nameParts().head(), bound);
    } else if (node instanceof UnresolvedFunction function) {
      this.called(function);
    } else if (node instanceof SubqueryExpression) {
      this.faults.add(
          "a subquery reads other rows, whose arrival would decide: give the vault table a source of its own, or join in a mart");
      return;
    } else if (node instanceof WindowExpression || node instanceof UnresolvedWindowExpression) {
      this.faults.add(
          "a window sees other rows, which depend on the batch: satellites keep the order of versions, explode.ranks those of one array");
    } else if (node instanceof Star) {
      this.faults.add("* isn't a value: name the column");
    } else if (node instanceof LambdaFunction lambda) {
      inside = new TreeSet<>(bound);
      for (NamedExpression argument : CollectionConverters.asJava(lambda.arguments())) {
        inside.add(argument.name().toLowerCase(Locale.ROOT));
      }
    }
    for (Expression child : CollectionConverters.asJava(node.children())) {
      this.walk(child, inside);
    }
  }

  private void named(String name, Set<String> bound) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!bound.contains(lower)) {
      this.columns.add(lower);
    }
  }

  private void called(UnresolvedFunction function) {
    String name = function.nameParts().last();
    if (function.nameParts().size() > 1) {
      this.faults.add("unknown function %s: one of Spark SQL".formatted(name));
    } else {
      RowFunctions.fault(name).ifPresent(this.faults::add);
    }
    if (function.isDistinct() || function.filter().isDefined()) {
      this.faults.add(RowFunctions.fault("count").orElseThrow());
    }
  }
}
