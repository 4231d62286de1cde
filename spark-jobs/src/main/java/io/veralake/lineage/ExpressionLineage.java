package io.veralake.lineage;

import io.veralake.lineage.Dependency.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Crc32;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.ExplodeBase;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.GetArrayItem;
import org.apache.spark.sql.catalyst.expressions.GetArrayStructFields;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.HashExpression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.InSubquery;
import org.apache.spark.sql.catalyst.expressions.Inline;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Mask;
import org.apache.spark.sql.catalyst.expressions.Md5;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.RankLike;
import org.apache.spark.sql.catalyst.expressions.RowNumberLike;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.expressions.Sha1;
import org.apache.spark.sql.catalyst.expressions.Sha2;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.First;
import org.apache.spark.sql.catalyst.expressions.aggregate.Last;
import org.apache.spark.sql.catalyst.expressions.aggregate.Max;
import org.apache.spark.sql.catalyst.expressions.aggregate.MaxMinBy;
import org.apache.spark.sql.catalyst.expressions.aggregate.Min;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** What a resolved expression depends on. */
final class ExpressionLineage {
  private final QueryLineage query;

  /** Of expressions whose attributes and subqueries {@code query} knows. */
  ExpressionLineage(QueryLineage query) {
    this.query = query;
  }

  /** What {@code expression} depends on. */
  Origin of(Expression expression) {
    if (expression instanceof Attribute attribute) {
      return this.query.origin(attribute);
    } else if (expression instanceof Alias alias) {
      return this.of(alias.child());
    } else if (expression instanceof OuterReference outer) {
      return this.of((Expression) outer.e());
    } else if (expression instanceof SortOrder order) {
      return this.of(order.child());
    } else if (expression instanceof Literal) {
      return Origin.NONE;
    } else if (expression instanceof CreateNamedStruct struct) {
      return this.struct(struct);
    } else if (expression instanceof GetStructField field) {
      return this.of(field.child()).field(name(field));
    } else if (expression instanceof GetArrayStructFields field) {
      return this.of(field.child()).field(field.field().name());
    } else if (expression instanceof GetArrayItem item) {
      return this.of(item.child());
    } else if (expression instanceof Cast cast) {
      boolean same = Cast.canUpCast(cast.child().dataType(), cast.dataType());
      Origin from = this.of(cast.child());
      return same ? from : from.then(Kind.TRANSFORMATION);
    }
    return this.made(expression);
  }

  /** What the column that {@code generator} gives depends on. */
  Origin generated(Generator generator, Attribute column) {
    if (generator instanceof Inline inline) {
      return this.of(inline.child()).field(column.name());
    }
    if (generator instanceof ExplodeBase explode && !column.name().equals("pos")) {
      return this.of(explode.child());
    }
    return this.any(CollectionConverters.asJava(((Expression) generator).children()))
        .whole()
        .then(Kind.TRANSFORMATION);
  }

  private Origin made(Expression expression) {
    if (expression instanceof If one) {
      return this.chosen(List.of(one.predicate()), List.of(one.trueValue(), one.falseValue()));
    } else if (expression instanceof CaseWhen several) {
      return this.chosen(several);
    } else if (expression instanceof Coalesce several) {
      return this.any(CollectionConverters.asJava(several.children())).then(Kind.TRANSFORMATION);
    } else if (expression instanceof CreateArray array) {
      return this.any(CollectionConverters.asJava(array.children())).then(Kind.TRANSFORMATION);
    } else if (expression instanceof AggregateExpression aggregate) {
      Origin result = this.aggregated(aggregate.aggregateFunction());
      return OptionConverters.toJava(aggregate.filter())
          .map(filter -> result.and(this.of(filter).then(Kind.CONDITION)))
          .orElse(result);
    } else if (expression instanceof AggregateFunction function) {
      return this.aggregated(function);
    } else if (expression instanceof WindowExpression window) {
      return this.windowed(window);
    } else if (expression instanceof SubqueryExpression subquery) {
      return this.subquery(subquery);
    } else if (expression instanceof InSubquery in) {
      Origin asked = this.any(CollectionConverters.asJava(in.values()));
      return asked.and(this.of(in.query())).whole().then(Kind.TRANSFORMATION);
    }
    Origin all = this.any(CollectionConverters.asJava(expression.children())).whole();
    return hashes(expression)
        ? all.then(Kind.TRANSFORMATION).masked()
        : all.then(Kind.TRANSFORMATION);
  }

  private Origin any(List<Expression> expressions) {
    return Origin.any(expressions.stream().map(this::of).toList());
  }

  private Origin struct(CreateNamedStruct struct) {
    List<Expression> names = CollectionConverters.asJava(struct.nameExprs());
    List<Expression> values = CollectionConverters.asJava(struct.valExprs());
    Map<String, Origin> fields = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = String.valueOf(names.get(i).eval(null)).toLowerCase(Locale.ROOT);
      fields.merge(name, this.of(values.get(i)), (a, b) -> Origin.any(List.of(a, b)));
    }
    return Origin.struct(fields);
  }

  private static String name(GetStructField field) {
    return OptionConverters.toJava(field.name())
        .orElseGet(
            () ->
                ((org.apache.spark.sql.types.StructType) field.child().dataType())
                    .fieldNames()[field.ordinal()]);
  }

  private Origin chosen(CaseWhen several) {
    List<Expression> conditions = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    for (Tuple2<Expression, Expression> branch : CollectionConverters.asJava(several.branches())) {
      conditions.add(branch._1());
      values.add(branch._2());
    }
    OptionConverters.toJava(several.elseValue()).ifPresent(values::add);
    return this.chosen(conditions, values);
  }

  private Origin chosen(List<Expression> conditions, List<Expression> values) {
    return this.any(values)
        .then(Kind.TRANSFORMATION)
        .and(this.any(conditions).whole().then(Kind.CONDITION));
  }

  private Origin aggregated(AggregateFunction function) {
    if (function instanceof MaxMinBy by) {
      Origin chosen = this.of(by.orderingExpr()).whole().then(Kind.CONDITION);
      return this.of(by.valueExpr()).then(Kind.AGGREGATION).and(chosen);
    }
    Origin all = this.any(CollectionConverters.asJava(function.children()));
    boolean passes =
        function instanceof First
            || function instanceof Last
            || function instanceof Max
            || function instanceof Min;
    return (passes ? all : all.whole()).then(Kind.AGGREGATION);
  }

  private Origin windowed(WindowExpression window) {
    Expression function = window.windowFunction();
    List<Expression> others = new ArrayList<>();
    others.addAll(CollectionConverters.asJava(window.windowSpec().partitionSpec()));
    others.addAll(CollectionConverters.asJava(window.windowSpec().orderSpec()));
    boolean counts = function instanceof RankLike || function instanceof RowNumberLike;
    if (counts) {
      others.addAll(CollectionConverters.asJava(function.children()));
    }
    Origin value = counts ? Origin.NONE : this.of(function);
    return value.and(this.any(others).whole().then(Kind.WINDOW));
  }

  private Origin subquery(SubqueryExpression subquery) {
    List<Origin> outputs = this.query.outputs((LogicalPlan) subquery.plan());
    if (subquery instanceof ScalarSubquery) {
      return outputs.get(0);
    }
    return Origin.any(outputs).whole();
  }

  private static boolean hashes(Expression expression) {
    return expression instanceof HashExpression
        || expression instanceof Md5
        || expression instanceof Sha1
        || expression instanceof Sha2
        || expression instanceof Crc32
        || expression instanceof Mask;
  }
}
