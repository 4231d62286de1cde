package io.veralake.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads which columns of other tables the rows of a stage get. */
final class PrejoinReader {
  private static final Set<String> ITEM = Set.of(VaultSource.ITEM, VaultSource.ITEM_NUMBER);

  private final Node node;
  private final VaultInput input;
  private final VaultInputs inputs;
  private final Map<String, String> taken = new LinkedHashMap<>();

  /** Of the stage that {@code node} declares, whose rows are {@code input}. */
  PrejoinReader(Node node, VaultInput input, VaultInputs inputs) {
    this.node = node;
    this.input = input;
    this.inputs = inputs;
  }

  /** The rows with their partners' columns; the rows as they are if nothing is joined. */
  VaultInput read() {
    List<Prejoin.Partner> partners = new ArrayList<>();
    this.node
        .object("joins", "entries")
        .ifPresent(
            all -> {
              for (String name : all.keys()) {
                all.object(name, "joins").ifPresent(one -> partners.add(this.partner(one, name)));
              }
              if (partners.isEmpty()) {
                this.node.invalid("joins", "{}", "at least one partner");
              }
            });
    if (partners.isEmpty()) {
      return this.input;
    }
    Prejoin prejoin = new Prejoin(this.node.subject(), this.input.source("true"), partners);
    return new VaultInput(
        this.input.raw(),
        this.input.table(),
        Optional.of(prejoin),
        List.of(),
        this.input.scope().with(this.taken).of(this.node.subject()));
  }

  private Prejoin.Partner partner(Node of, String name) {
    if (!Names.valid(name) || name.contains("__") || name.endsWith("_")) {
      of.problem(
          of.place(),
          "Invalid name of a join of " + of.subject(),
          name,
          Names.ALLOWED + ", no two underscores together and none at the end");
    } else if (this.inputs.hasStage(of.subject() + "__" + name)) {
      of.problem(
          of.place(),
          "Duplicate name",
          of.subject() + "__" + name,
          "already taken by a stage; the join " + name + " has a table of that name");
    }
    VaultInput partner = this.inputs.from(of);
    String where = of.text("where", "true");
    if (of.has("where")) {
      of.judged(
          of.place("where"), of.what("where"), where, partner.scope(), RowSql.Wanted.CONDITION);
    }
    List<Prejoin.Pair> on = this.on(of, partner);
    List<Prejoin.Pair> take = this.take(of, partner);
    of.end();
    boolean same = of.text("from", "").equals(this.node.text("from", ""));
    if (same && on.stream().allMatch(pair -> pair.column().equals(pair.partner()))) {
      of.invalid("on", shown(on), "other columns: a row has its own beside it already");
    }
    return new Prejoin.Partner(name, partner.source(where), on, take);
  }

  private static String shown(List<Prejoin.Pair> pairs) {
    return pairs.stream()
        .map(pair -> pair.column() + " = " + pair.partner())
        .collect(Collectors.joining(", "));
  }

  private List<Prejoin.Pair> on(Node of, VaultInput partner) {
    List<Prejoin.Pair> result = new ArrayList<>();
    written(of, "on", "column of the rows = column of the partner")
        .forEach(
            (column, other) -> {
              boolean known = this.madeLater(of, column) || known(of, "on", column, this.input);
              if (!known(of, "on", other, partner) || !known) {
                return;
              }
              String own = type(this.input, column);
              String its = type(partner, other);
              String pair = column + " = " + other;
              if (!this.input.protection(column).equals(partner.protection(other))) {
                of.invalid(
                    "on", pair, "both sensitive in the same way, or neither: else none is equal");
              } else if (!own.isEmpty() && !its.isEmpty() && !Prejoin.comparable(own, its)) {
                of.invalid(
                    "on",
                    "%s, %s = %s".formatted(pair, own, its),
                    "columns of one type, not floating: a stage can cast them");
              }
              result.add(new Prejoin.Pair(column, other));
            });
    return result;
  }

  /** Whether {@code column} is one that the stage itself makes of what was joined; reports it. */
  private boolean madeLater(Node of, String column) {
    boolean own = this.input.scope().columns().containsKey(column.toLowerCase(Locale.ROOT));
    boolean later =
        !own && this.node.isObject("columns") && this.node.textMap("columns").containsKey(column);
    if (later) {
      of.invalid(
          "on",
          column,
          "a column of from: the stage's own are made of what is joined; a stage below makes it");
    }
    return later;
  }

  private List<Prejoin.Pair> take(Node of, VaultInput partner) {
    List<Prejoin.Pair> result = new ArrayList<>();
    written(of, "take", "name = column of the partner")
        .forEach(
            (name, column) -> {
              if (!Names.valid(name) || ITEM.contains(name)) {
                of.invalid("take", name, Names.ALLOWED);
              } else if (this.input.scope().columns().containsKey(name)) {
                of.invalid("take", name, "a name that no column of the rows has");
              } else if (this.taken.containsKey(name)) {
                of.invalid("take", name, "each name once in all joins");
              }
              if (known(of, "take", column, partner)) {
                String type = type(partner, column);
                if (type.matches("(array|map|struct)<.*")) {
                  of.invalid("take", column + ", " + type, "a column of a plain type");
                }
                this.taken.put(name, type);
                result.add(new Prejoin.Pair(name, column));
              }
            });
    return result;
  }

  private static Map<String, String> written(Node of, String key, String allowed) {
    Map<String, String> result = of.textMap(key);
    if (!of.has(key)) {
      of.missing(key);
    } else if (result.isEmpty()) {
      of.invalid(key, "{}", allowed);
    }
    return result;
  }

  /** Whether {@code input} has, or may have, {@code column}; reports it if not. */
  private static boolean known(Node of, String key, String column, VaultInput input) {
    RowSql.Scope scope = input.scope();
    if (!Names.ofSource(column.toLowerCase(Locale.ROOT))) {
      of.invalid(key, column, "a column; a stage makes one from a path or SQL");
      return false;
    }
    boolean known = scope.columns().containsKey(column.toLowerCase(Locale.ROOT));
    if (scope.complete() && !known) {
      Set<String> all = new TreeSet<>(scope.columns().keySet());
      of.unknown(key, "column of " + scope.of(), column, all);
      return false;
    }
    return true;
  }

  private static String type(VaultInput input, String column) {
    return input.scope().columns().getOrDefault(column.toLowerCase(Locale.ROOT), "");
  }
}
