package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the declarations of stages. */
final class StageReader {
  private static final ColumnType STRING = new ColumnType(ColumnType.Kind.STRING, 0, 0);
  private static final Set<String> ITEM = Set.of(VaultSource.ITEM, VaultSource.ITEM_NUMBER);

  private final Node node;
  private final VaultInput input;
  private final Set<String> taken = new TreeSet<>();
  private final Map<String, String> added = new LinkedHashMap<>();

  private StageReader(Node node, VaultInput input) {
    this.node = node;
    this.input = input;
  }

  /** What the stage that {@code node} declares gives of the rows of {@code input}. */
  static VaultInput read(Node node, VaultInput input, VaultInputs inputs) {
    return new StageReader(node, new PrejoinReader(node, input, inputs).read()).read();
  }

  private VaultInput read() {
    List<Stage.Derived> columns = this.columns(this.node, this.input.scope());
    String where = this.condition(this.node, this.input.scope());
    Optional<Stage.Explode> explode = this.node.object("explode", "explode").map(this::explode);
    this.node.end();
    Stage stage = new Stage(this.node.subject(), columns, where, explode);
    List<Stage> stages = new ArrayList<>(this.input.stages());
    stages.add(stage);
    return new VaultInput(
        this.input.raw(),
        this.input.table(),
        this.input.prejoin(),
        stages,
        this.input.scope().with(this.added).of(stage.name()));
  }

  private String condition(Node of, RowSql.Scope scope) {
    String where = of.text("where", "true");
    if (of.has("where")) {
      of.judged(of.place("where"), of.what("where"), where, scope, RowSql.Wanted.CONDITION);
    }
    return where;
  }

  private List<Stage.Derived> columns(Node of, RowSql.Scope scope) {
    List<Stage.Derived> result = new ArrayList<>();
    ValueForm.read(of, Set.of(), true)
        .forEach((name, form) -> result.add(this.column(of, name, form, scope)));
    return result;
  }

  private Stage.Derived column(Node of, String name, ValueForm form, RowSql.Scope scope) {
    Place place = of.place("columns", name);
    String what = "column " + name + " in " + of.what("columns");
    this.take(of, place, what, name);
    Optional<ColumnType> type = Optional.empty();
    if (!form.type().isEmpty()) {
      type = ColumnType.parse(form.type());
      if (type.isEmpty()) {
        of.problem(place, "Invalid type of " + what, form.type(), ColumnType.ALLOWED);
      }
    } else if (form.kind() != ValueForm.Kind.SQL) {
      type = Optional.of(STRING);
    }
    String sql = form.sql(this.input, type.orElse(STRING));
    String found = "";
    if (form.kind() == ValueForm.Kind.PATH) {
      this.checkPath(of, place, what, form, scope);
    } else {
      boolean constant = form.kind() == ValueForm.Kind.CONSTANT;
      String judged = constant ? ValueForm.quoted(form.text()) : sql;
      RowSql.Wanted wanted = type.map(RowSql.Wanted::value).orElse(RowSql.Wanted.VALUE);
      found = of.judged(place, what, judged, scope, wanted);
    }
    this.added.put(name, type.map(ColumnType::sql).orElse(found));
    return new Stage.Derived(name, sql, type);
  }

  private void checkPath(Node of, Place place, String what, ValueForm form, RowSql.Scope scope) {
    if (form.ofItem() && !scope.columns().containsKey(VaultSource.ITEM)) {
      of.problem(place, "Invalid " + what, form.text(), "a path of the document, $.…");
    } else if (!form.ofItem() && this.input.table() != null && !this.input.documents()) {
      of.problem(
          place, "Invalid " + what, form.text(), "SQL: %s has no documents".formatted(scope.of()));
    }
  }

  private void take(Node of, Place place, String what, String name) {
    if (!Names.valid(name)) {
      of.problem(place, "Invalid " + what, name, Names.ALLOWED);
    } else if (ITEM.contains(name)) {
      of.problem(place, "Invalid " + what, name, "another name: expressions call the item so");
    } else if (!this.taken.add(name)) {
      of.problem(place, "Invalid " + what, name, "each name once");
    }
  }

  private Stage.Explode explode(Node of) {
    String written = of.text("array");
    String array = ValueForm.array(this.input, written);
    String type = "";
    if (of.has("array")) {
      type =
          of.judged(
              of.place("array"), of.what("array"), array, this.input.scope(), RowSql.Wanted.ARRAY);
    }
    String item = type.startsWith("array<") ? type.substring(6, type.length() - 1) : "";
    RowSql.Scope scope =
        this.input.scope().with(Map.of(VaultSource.ITEM, item, VaultSource.ITEM_NUMBER, "int"));
    List<Stage.Derived> columns = this.columns(of, scope);
    String where = this.condition(of, scope);
    List<String> names = columns.stream().map(Stage.Derived::name).toList();
    List<String> key = of.texts("key");
    key.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> of.unknown("key", "column", name, names));
    List<Stage.Rank> ranks = new ArrayList<>();
    of.object("ranks", "entries")
        .ifPresent(
            all -> {
              for (String name : all.keys()) {
                all.object(name, "ranks")
                    .ifPresent(rank -> ranks.add(this.rank(rank, name, names)));
              }
            });
    of.end();
    return new Stage.Explode(array, columns, where, key, ranks);
  }

  private Stage.Rank rank(Node of, String name, List<String> names) {
    this.take(of, of.place(), "rank " + name + " of " + of.subject(), name);
    Set<String> known = new TreeSet<>(names);
    List<String> within = of.texts("within");
    within.stream()
        .filter(column -> !known.contains(column))
        .forEach(column -> of.unknown("within", "column of the item", column, known));
    known.add(VaultSource.ITEM_NUMBER);
    List<Stage.Term> order = new ArrayList<>();
    for (String term : of.someTexts("order-by")) {
      String[] words = term.strip().split("\\s+");
      String direction = words.length == 2 ? words[1].toLowerCase(Locale.ROOT) : "asc";
      if (words.length > 2 || !Set.of("asc", "desc").contains(direction)) {
        of.invalid("order-by", term, "a column of the item, with asc or desc behind it");
      } else if (!known.contains(words[0])) {
        of.unknown("order-by", "column of the item", words[0], known);
      }
      order.add(new Stage.Term(words[0], direction.equals("desc")));
    }
    of.end();
    this.added.put(name, "int");
    return new Stage.Rank(name, within, order);
  }
}
