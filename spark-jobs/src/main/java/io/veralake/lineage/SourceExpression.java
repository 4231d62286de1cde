package io.veralake.lineage;

import io.veralake.lineage.Dependency.Kind;
import io.veralake.spec.VaultSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What an expression over the rows of a raw table depends on. Such tables have more columns than
 * are declared, so that names in it are taken for columns; of documents the paths are told apart.
 */
final class SourceExpression {
  private static final String DOCUMENT_VALUE = "get_json_object";
  private static final String EXTENDED = "$.$";

  private final String table;
  private final String explode;

  /** Over rows of {@code source}'s table, and of its array if it names one. */
  SourceExpression(VaultSource source) {
    this.table = "raw." + source.from();
    this.explode = source.explode();
  }

  /** What {@code sql} depends on. */
  Set<Dependency> of(String sql) {
    Expression parsed = CatalystSqlParser$.MODULE$.parseExpression(sql);
    Set<String> columns = new LinkedHashSet<>();
    this.columns(parsed, columns);
    boolean same =
        columns.size() == 1 && (path(parsed).isPresent() || sql.contains("json_object_keys("));
    Set<Dependency> result = new LinkedHashSet<>();
    for (String column : columns) {
      result.add(
          new Dependency(
              new ColumnRef(this.table, column), same ? Kind.IDENTITY : Kind.TRANSFORMATION));
    }
    return result;
  }

  private void columns(Expression expression, Set<String> into) {
    Optional<String> path = path(expression);
    if (path.isPresent()) {
      this.add(path.get(), into);
      return;
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      this.columns(child, into);
    }
  }

  /** Adds a column or a path; what is said of an array's items is said of the array. */
  private void add(String path, Set<String> into) {
    String item = VaultSource.ITEM;
    if (this.explode.isEmpty()
        || !path.equals(item) && !path.startsWith("$" + item) && !path.startsWith(item + ".")) {
      if (!path.equals(VaultSource.ITEM_NUMBER) || this.explode.isEmpty()) {
        into.add(path);
      }
      return;
    }
    Set<String> arrays = new LinkedHashSet<>();
    Expression parsed = CatalystSqlParser$.MODULE$.parseExpression(this.explode);
    new SourceExpression(
            new VaultSource(this.table.substring("raw.".length()), java.util.Map.of(), "true", ""))
        .columns(parsed, arrays);
    String inner = path.replaceFirst("^\\$?" + item, "");
    arrays.forEach(array -> into.add(array.startsWith("$") ? array + "[*]" + inner : array));
  }

  /**
   * The column, or path in a document, that {@code expression} is, whatever type it is given; empty
   * if it is more than that.
   */
  private static Optional<String> path(Expression expression) {
    if (expression instanceof UnresolvedAttribute attribute) {
      return Optional.of(String.join(".", CollectionConverters.asJava(attribute.nameParts())));
    }
    if (expression instanceof Cast cast) {
      return path(cast.child());
    }
    if (!(expression instanceof UnresolvedFunction function)
        || !String.join(".", CollectionConverters.asJava(function.nameParts()))
            .equalsIgnoreCase(DOCUMENT_VALUE)) {
      return Optional.empty();
    }
    List<Expression> arguments = CollectionConverters.asJava(function.arguments());
    if (arguments.size() != 2 || !(arguments.get(1) instanceof Literal path)) {
      return Optional.empty();
    }
    String steps = String.valueOf(path.value());
    return path(arguments.get(0)).map(inside -> joined(inside, steps));
  }

  /** {@code $.path} in the document that is found at {@code inside}. */
  private static String joined(String inside, String steps) {
    if (steps.startsWith(EXTENDED)) {
      return inside;
    }
    if (inside.startsWith("$")) {
      return inside + steps.substring(1);
    }
    return inside.equals("document") ? steps : "$" + inside + steps.substring(1);
  }
}
