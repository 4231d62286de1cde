package io.veralake.lineage;

import io.veralake.lineage.Dependency.Kind;
import io.veralake.spec.Prejoin;
import io.veralake.spec.Stage;
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
  private final List<Stage> stages;
  private final Optional<Prejoin> prejoin;

  /** Over rows of {@code source}'s table after its stages, and of its array if it names one. */
  SourceExpression(VaultSource source) {
    this("raw." + source.from(), source.explode(), source.stages(), source.prejoin());
  }

  private SourceExpression(
      String table, String explode, List<Stage> stages, Optional<Prejoin> prejoin) {
    this.table = table;
    this.explode = explode;
    this.stages = stages;
    this.prejoin = prejoin;
  }

  private SourceExpression over(String array, List<Stage> before) {
    return new SourceExpression(this.table, array, before, this.prejoin);
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
      result.addAll(this.through(column, same ? Kind.IDENTITY : Kind.TRANSFORMATION));
    }
    return result;
  }

  /** What the conditions of stages depend on, by which rows and items are left out. */
  Set<Dependency> conditions() {
    Set<Dependency> result = new LinkedHashSet<>();
    this.prejoin.ifPresent(
        joined -> {
          result.addAll(new SourceExpression(joined.from()).conditions());
          joined.partners().forEach(partner -> result.addAll(met(joined, partner)));
        });
    for (int i = 0; i < this.stages.size(); i++) {
      Stage stage = this.stages.get(i);
      List<Stage> before = this.stages.subList(0, i);
      result.addAll(this.over("", before).of(stage.where()));
      stage
          .explode()
          .ifPresent(items -> result.addAll(this.over(items.array(), before).of(items.where())));
    }
    return result;
  }

  /** What the last stage that makes {@code column} makes it from; else the column itself. */
  private Set<Dependency> through(String column, Kind kind) {
    String name = column.startsWith("$") ? "" : column.split("\\.", 2)[0];
    for (int i = this.stages.size() - 1; i >= 0; i--) {
      Stage stage = this.stages.get(i);
      List<Stage> before = this.stages.subList(0, i);
      Set<Dependency> made = new LinkedHashSet<>();
      for (Stage.Derived one : stage.columns()) {
        if (one.name().equals(name)) {
          made.addAll(this.over("", before).of(one.expression()));
        }
      }
      if (stage.explode().isPresent()) {
        Stage.Explode items = stage.explode().get();
        SourceExpression item = this.over(items.array(), before);
        for (Stage.Derived one : items.columns()) {
          if (one.name().equals(name)) {
            made.addAll(item.of(one.expression()));
          }
        }
        if (items.ranks().stream().anyMatch(rank -> rank.name().equals(name))) {
          this.over("", before)
              .of(items.array())
              .forEach(one -> made.add(one.then(Kind.TRANSFORMATION)));
        }
      }
      if (stage.names().anyMatch(name::equals)) {
        Set<Dependency> result = new LinkedHashSet<>();
        made.forEach(one -> result.add(one.then(kind)));
        return result;
      }
    }
    return this.prejoin
        .map(joined -> joined(joined, column, name, kind))
        .orElseGet(() -> Set.of(new Dependency(new ColumnRef(this.table, column), kind)));
  }

  /** What a column of rows that take columns of others comes from. */
  private static Set<Dependency> joined(Prejoin prejoin, String column, String name, Kind kind) {
    for (Prejoin.Partner partner : prejoin.partners()) {
      for (Prejoin.Pair pair : partner.take()) {
        if (pair.column().equals(name)) {
          Set<Dependency> result = new LinkedHashSet<>();
          new SourceExpression(partner.from())
              .of(quoted(pair.partner()))
              .forEach(one -> result.add(one.then(kind)));
          result.addAll(met(prejoin, partner));
          return result;
        }
      }
    }
    return new SourceExpression(prejoin.from()).through(column, kind);
  }

  /** What decides which of a partner's rows a row meets. */
  private static Set<Dependency> met(Prejoin prejoin, Prejoin.Partner partner) {
    SourceExpression own = new SourceExpression(prejoin.from());
    SourceExpression its = new SourceExpression(partner.from());
    Set<Dependency> result = new LinkedHashSet<>();
    for (Prejoin.Pair pair : partner.on()) {
      own.of(quoted(pair.column())).forEach(one -> result.add(one.then(Kind.JOIN)));
      its.of(quoted(pair.partner())).forEach(one -> result.add(one.then(Kind.JOIN)));
    }
    its.conditions().forEach(one -> result.add(one.then(Kind.FILTER)));
    its.of(partner.from().where()).forEach(one -> result.add(one.then(Kind.FILTER)));
    return result;
  }

  private static String quoted(String column) {
    return "`" + column + "`";
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
    this.over("", this.stages).columns(parsed, arrays);
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
