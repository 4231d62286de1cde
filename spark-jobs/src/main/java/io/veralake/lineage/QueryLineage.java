package io.veralake.lineage;

import io.veralake.lineage.Dependency.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Deduplicate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LateralJoin;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SetOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.UnionLoop;
import org.apache.spark.sql.catalyst.plans.logical.UnionLoopRef;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * What the columns of a query depend on, found in the plan that Spark made of it, before it is
 * optimised: names are resolved there and nothing is rewritten yet.
 */
final class QueryLineage {
  private final Map<String, Map<String, Origin>> relations;
  private final Map<ExprId, Origin> known = new HashMap<>();
  private final Map<Long, List<Origin>> named = new HashMap<>();
  private final Set<Dependency> rows = new LinkedHashSet<>();
  private final ExpressionLineage expressions = new ExpressionLineage(this);
  private int cut;

  /**
   * Over {@code relations}: temporary views by name, each with what its columns, by lower-case
   * name, stand for.
   */
  QueryLineage(Map<String, Map<String, Origin>> relations) {
    this.relations = relations;
  }

  /** What each column of {@code plan} depends on, by name and in order. */
  Map<String, Origin> columns(LogicalPlan plan) {
    List<Origin> origins = this.outputs(plan);
    Map<String, Origin> result = new LinkedHashMap<>();
    List<Attribute> output = list(plan.output());
    for (int i = 0; i < output.size(); i++) {
      result.put(output.get(i).name().toLowerCase(Locale.ROOT), origins.get(i));
    }
    return result;
  }

  /** What decides which rows there are, of all plans that were looked at. */
  Set<Dependency> rows() {
    return this.rows;
  }

  /** What the columns of {@code plan} depend on, in order. */
  List<Origin> outputs(LogicalPlan plan) {
    this.walk(plan);
    return list(plan.output()).stream().map(this::origin).toList();
  }

  /** What the attribute depends on. */
  Origin origin(Attribute attribute) {
    return this.known.getOrDefault(attribute.exprId(), Origin.NONE);
  }

  private void walk(LogicalPlan plan) {
    if (this.isRelation(plan) || this.isNamed(plan) || this.isLoop(plan)) {
      return;
    }
    boolean cuts = plan instanceof GlobalLimit || plan instanceof Offset;
    this.cut += cuts ? 1 : 0;
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      this.walk(child);
    }
    this.cut -= cuts ? 1 : 0;
    if (plan instanceof LateralJoin join) {
      this.outputs((LogicalPlan) join.right().plan());
    }
    this.choose(plan);
    this.define(plan);
  }

  /** Looks at a view that stands for a table. */
  private boolean isRelation(LogicalPlan plan) {
    if (!(plan instanceof View view)) {
      return false;
    }
    Map<String, Origin> columns =
        this.relations.get(view.desc().identifier().table().toLowerCase(Locale.ROOT));
    if (columns == null) {
      return false;
    }
    for (Attribute attribute : list(view.output())) {
      this.known.put(
          attribute.exprId(),
          columns.getOrDefault(attribute.name().toLowerCase(Locale.ROOT), Origin.NONE));
    }
    return true;
  }

  /** Looks at common table expressions and what refers to them. */
  private boolean isNamed(LogicalPlan plan) {
    if (plan instanceof WithCTE with) {
      for (CTERelationDef definition : CollectionConverters.asJava(with.cteDefs())) {
        this.named.put(definition.id(), this.outputs(definition.child()));
      }
      this.walk(with.plan());
      return true;
    }
    if (plan instanceof CTERelationRef reference) {
      this.put(list(reference.output()), this.named.getOrDefault(reference.cteId(), List.of()));
      return true;
    }
    return false;
  }

  /** Looks at recursive ones: what their beginning and their step give, until nothing is new. */
  private boolean isLoop(LogicalPlan plan) {
    if (plan instanceof UnionLoopRef reference) {
      this.put(list(reference.output()), this.named.getOrDefault(reference.loopId(), List.of()));
      return true;
    }
    if (!(plan instanceof UnionLoop loop)) {
      return false;
    }
    List<Origin> all = this.outputs(loop.anchor());
    List<Origin> before = List.of();
    while (!all.equals(before)) {
      before = all;
      this.named.put(loop.id(), all);
      all = either(all, this.outputs(loop.recursion()));
    }
    this.put(list(plan.output()), all);
    return true;
  }

  /** Notes what decides about the rows of {@code plan}. */
  private void choose(LogicalPlan plan) {
    if (plan instanceof Filter filter) {
      this.choose(filter.condition(), Kind.FILTER);
    } else if (plan instanceof Join join) {
      OptionConverters.toJava(join.condition()).ifPresent(c -> this.choose(c, Kind.JOIN));
    } else if (plan instanceof LateralJoin join) {
      OptionConverters.toJava(join.condition()).ifPresent(c -> this.choose(c, Kind.JOIN));
    } else if (plan instanceof Aggregate aggregate) {
      CollectionConverters.asJava(aggregate.groupingExpressions())
          .forEach(expression -> this.choose(expression, Kind.GROUP_BY));
    } else if (plan instanceof Distinct distinct) {
      list(distinct.output()).forEach(attribute -> this.choose(attribute, Kind.GROUP_BY));
    } else if (plan instanceof Deduplicate once) {
      list(once.keys()).forEach(attribute -> this.choose(attribute, Kind.GROUP_BY));
    } else if (plan instanceof Sort sort && this.cut > 0) {
      CollectionConverters.asJava(sort.order())
          .forEach(order -> this.choose((Expression) order, Kind.SORT));
    }
  }

  private void choose(Expression expression, Kind kind) {
    this.rows.addAll(this.expressions.of(expression).then(kind).all());
  }

  /** Notes what the columns that {@code plan} makes depend on; others are its children's. */
  private void define(LogicalPlan plan) {
    if (plan instanceof Project project) {
      this.defineAll(CollectionConverters.asJava(project.projectList()));
    } else if (plan instanceof Aggregate aggregate) {
      this.defineAll(CollectionConverters.asJava(aggregate.aggregateExpressions()));
    } else if (plan instanceof Window window) {
      this.defineAll(CollectionConverters.asJava(window.windowExpressions()));
    } else if (plan instanceof Union || plan instanceof SetOperation) {
      this.defineSet(plan);
    } else if (plan instanceof Generate generate) {
      for (Attribute attribute : list(generate.generatorOutput())) {
        this.known.put(
            attribute.exprId(), this.expressions.generated(generate.generator(), attribute));
      }
    } else if (plan instanceof Expand expand) {
      List<Origin> all = List.of();
      for (var projection : CollectionConverters.asJava(expand.projections())) {
        List<Origin> one =
            CollectionConverters.asJava(projection).stream().map(this.expressions::of).toList();
        all = all.isEmpty() ? one : either(all, one);
      }
      this.put(list(expand.output()), all);
    } else {
      this.defineUnknown(plan);
    }
  }

  private void defineAll(List<NamedExpression> expressions) {
    for (NamedExpression expression : expressions) {
      if (expression instanceof Alias alias) {
        this.known.put(alias.exprId(), this.expressions.of(alias.child()));
      }
    }
  }

  /** Columns of sets that are put together go by their places. */
  private void defineSet(LogicalPlan plan) {
    List<LogicalPlan> children = CollectionConverters.asJava(plan.children());
    List<Origin> all = this.given(children.get(0));
    for (LogicalPlan child : children.subList(1, children.size())) {
      if (plan instanceof Union) {
        all = either(all, this.given(child));
      } else {
        this.given(child).forEach(from -> this.rows.addAll(from.then(Kind.FILTER).all()));
      }
    }
    if (!(plan instanceof Union)) {
      all.forEach(from -> this.rows.addAll(from.then(Kind.FILTER).all()));
    }
    this.put(list(plan.output()), all);
  }

  /** A node that nobody told us about: whatever it makes comes from all that it is given. */
  private void defineUnknown(LogicalPlan plan) {
    List<Origin> given = new ArrayList<>();
    for (LogicalPlan child : CollectionConverters.asJava(plan.children())) {
      given.addAll(this.given(child));
    }
    for (Attribute attribute : list(plan.output())) {
      if (!this.known.containsKey(attribute.exprId())) {
        this.known.put(attribute.exprId(), Origin.any(given).whole().then(Kind.TRANSFORMATION));
      }
    }
  }

  private List<Origin> given(LogicalPlan child) {
    return list(child.output()).stream().map(this::origin).toList();
  }

  private void put(List<Attribute> attributes, List<Origin> origins) {
    for (int i = 0; i < attributes.size(); i++) {
      Origin origin = i < origins.size() ? origins.get(i) : Origin.NONE;
      this.known.put(attributes.get(i).exprId(), origin);
    }
  }

  private static List<Origin> either(List<Origin> some, List<Origin> others) {
    List<Origin> result = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      result.add(Origin.any(List.of(some.get(i), others.get(i))));
    }
    return result;
  }

  private static List<Attribute> list(scala.collection.immutable.Seq<Attribute> attributes) {
    return CollectionConverters.asJava(attributes);
  }
}
