package io.veralake.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a model writes a column's value: SQL, a path into a document or an item, or a constant.
 *
 * @param kind which of them
 * @param text what is written
 * @param type the type that it names; empty: none
 */
record ValueForm(Kind kind, String text, String type) {
  /** The forms; the lower-case name is the key. */
  enum Kind {
    SQL,
    PATH,
    CONSTANT
  }

  private static final String TYPE = "type";
  private static final String ITEM_PATH = "$" + VaultSource.ITEM;
  private static final Pattern KEY = Pattern.compile("\\$\\._id(?![^.\\[])");

  /**
   * The values under {@code columns}: a text, or an object with one of {@code sql}, {@code path}
   * and {@code constant}, and {@code type} if {@code typed}. A name may have dots in it if it is
   * one of {@code dotted}.
   */
  static Map<String, ValueForm> read(Node node, Set<String> dotted, boolean typed) {
    Map<String, ValueForm> result = new LinkedHashMap<>();
    Map<String, Map<String, String>> objects = new LinkedHashMap<>();
    Map<String, String> written = node.textMap("columns");
    for (Map.Entry<String, String> entry : written.entrySet()) {
      String name = entry.getKey();
      int dot = name.lastIndexOf('.');
      String last = name.substring(dot + 1);
      boolean form = last.equals(TYPE) || kind(last).isPresent();
      if (dot > 0 && form && !dotted.contains(name)) {
        objects
            .computeIfAbsent(name.substring(0, dot), any -> new LinkedHashMap<>())
            .put(last, entry.getValue());
      } else {
        result.put(name, of(entry.getValue()));
      }
    }
    objects.forEach(
        (name, keys) -> object(node, name, keys, typed).ifPresent(v -> result.put(name, v)));
    return result;
  }

  private static Optional<ValueForm> object(
      Node node, String name, Map<String, String> keys, boolean typed) {
    Place place = node.place("columns", name);
    String what = "Invalid column " + name + " in " + node.what("columns");
    List<String> kinds = keys.keySet().stream().filter(key -> kind(key).isPresent()).toList();
    if (kinds.size() != 1) {
      node.problem(
          place,
          what,
          kinds.isEmpty() ? String.join(", ", keys.keySet()) : String.join(", ", kinds),
          "one of sql, path and constant");
      return Optional.empty();
    }
    String type = keys.getOrDefault(TYPE, "");
    if (!typed && !type.isEmpty()) {
      node.problem(place, what, "type = " + type, "the vault table says its columns' types");
    }
    Kind kind = kind(kinds.get(0)).orElseThrow();
    String text = keys.getOrDefault(kinds.get(0), "");
    if (kind == Kind.PATH && !text.startsWith("$.") && !text.startsWith(ITEM_PATH)) {
      node.problem(place, what, text, "a path such as $.a.b, or $item.a of an item");
    }
    return Optional.of(new ValueForm(kind, text, type));
  }

  /** The short form. */
  static ValueForm of(String text) {
    boolean path = text.startsWith("$.") || text.startsWith(ITEM_PATH);
    return new ValueForm(path ? Kind.PATH : Kind.SQL, text, "");
  }

  private static Optional<Kind> kind(String key) {
    for (Kind kind : Kind.values()) {
      if (Words.of(kind).equals(key)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Whether it is of an item of an array. */
  boolean ofItem() {
    return this.kind == Kind.PATH && this.text.startsWith(ITEM_PATH);
  }

  /** As SQL over rows of {@code input}, with {@code type}. */
  String sql(VaultInput input, ColumnType type) {
    return switch (this.kind) {
      case SQL -> this.text;
      case CONSTANT -> constant(this.text, type);
      case PATH -> this.ofItem() ? itemPath(this.text, type) : path(input, this.text, type);
    };
  }

  /** {@code text} as a value of {@code type}. */
  static String constant(String text, ColumnType type) {
    String quoted = quoted(text);
    return type.kind() == ColumnType.Kind.STRING
        ? quoted
        : "CAST(%s AS %s)".formatted(quoted, type.sql());
  }

  /** {@code text} as SQL writes it. */
  static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** What {@link #quoted} was made from. */
  static String unquoted(String sql) {
    return sql.substring(1, sql.length() - 1).replace("\\'", "'").replace("\\\\", "\\");
  }

  /** {@code "$.images[*]"} as the array of the items' texts. */
  static String array(VaultInput input, String expression) {
    if (!expression.startsWith("$.") || !input.documents()) {
      return expression;
    }
    String path = expression.replaceFirst("\\[\\*]$", "").replace("'", "\\'");
    return "from_json(get_json_object(document, '%s'), 'array<string>')".formatted(path);
  }

  /** {@code "$item.name"} as the value at that path in the item's JSON. */
  private static String itemPath(String expression, ColumnType type) {
    String path = "$" + expression.substring(ITEM_PATH.length()).replace("'", "\\'");
    String text =
        path.equals("$")
            ? VaultSource.ITEM
            : "get_json_object(%s, '%s')".formatted(VaultSource.ITEM, path);
    return ExtendedJson.value(text, type);
  }

  private static String path(VaultInput input, String expression, ColumnType type) {
    String path = "'" + expression.replace("'", "\\'") + "'";
    String text = "get_json_object(document, " + path + ")";
    if (input.hasId() && KEY.matcher(expression).lookingAt()) {
      // A delete may have nothing else than the key.
      text =
          "coalesce(%s, get_json_object(concat('{\"_id\":', _id, '}'), %s))".formatted(text, path);
    }
    return ExtendedJson.value(text, type);
  }
}
