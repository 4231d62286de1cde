package io.veralake.spec;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A HOCON object that is being read. Every accessor reports what is wrong and then answers
 * something harmless, so that reading goes on. A key that nobody asked for is an unknown one.
 */
final class Node {
  /**
   * Which object it is.
   *
   * @param kind what it declares, a family of keys ({@code hub}, {@code hub.sources})
   * @param subject what messages call the whole: a table's name, or empty for the engine
   * @param path keys from the file's root to the object
   * @param scan order of the file's keys; null if it doesn't matter
   */
  record Id(String kind, String subject, List<String> path, @Nullable KeyScan scan) {
    private Id child(String childKind, String... keys) {
      List<String> longer = new ArrayList<>(this.path);
      longer.addAll(Arrays.asList(keys));
      String parent = this.kind.replace(Reading.OPEN, "");
      String full = parent.isEmpty() ? childKind : parent + "." + childKind;
      return new Id(full, this.subject, longer, this.scan);
    }
  }

  private final Reading reading;
  private final Id id;
  private final ConfigObject object;
  private final Set<String> asked = new TreeSet<>();

  Node(Reading reading, Id id, ConfigObject object) {
    this.reading = reading;
    this.id = id;
    this.object = object;
  }

  /** The same object, read as one of {@code kind}. */
  Node as(String kind) {
    Node same =
        new Node(
            this.reading,
            new Id(kind, this.id.subject(), this.id.path(), this.id.scan()),
            this.object);
    this.asked.forEach(same::value);
    return same;
  }

  /** What the file is about. */
  String subject() {
    return this.id.subject();
  }

  /** Where the whole object is written. */
  Place place() {
    return Place.of(this.object.origin(), this.reading.conf());
  }

  /** Where {@code key}'s value is written; the object's place if it isn't. */
  Place place(String key) {
    ConfigValue value = this.object.get(key);
    return value == null ? this.place() : Place.of(value.origin(), this.reading.conf());
  }

  /**
   * Where {@code inner} is written in the object under {@code key}; the latter's place if it isn't.
   */
  Place place(String key, String inner) {
    ConfigValue value = this.object.get(key);
    ConfigValue found = value instanceof ConfigObject nested ? nested.get(inner) : null;
    return found == null ? this.place(key) : Place.of(found.origin(), this.reading.conf());
  }

  /** Reports what is wrong at {@code place}: {@code what: value (allowed)}. */
  void problem(Place place, String what, String value, String allowed) {
    this.reading.problems().add(place, what, value, allowed);
  }

  /**
   * Judges {@code sql}, which stands at {@code place} as {@code what}, and reports what is wrong.
   * Answers its type; empty if that isn't known.
   */
  String judged(Place place, String what, String sql, RowSql.Scope scope, RowSql.Wanted wanted) {
    RowSql.Verdict verdict = this.reading.sql().judge(sql, scope, wanted);
    verdict.fault().ifPresent(fault -> this.problem(place, "Invalid " + what, sql, fault));
    return verdict.type();
  }

  /** {@code key of subject}, as messages name it. */
  String what(String key) {
    return this.dotted(key) + (this.subject().isEmpty() ? "" : " of " + this.subject());
  }

  /** Whether the key is there. */
  boolean has(String key) {
    return this.value(key) != null;
  }

  /** Whether the key holds an object, in place of a text. */
  boolean isObject(String key) {
    return this.value(key) instanceof ConfigObject;
  }

  /** Reports {@code Invalid key of subject: value (allowed)}. */
  void invalid(String key, String value, String allowed) {
    this.reading.problems().add(this.place(key), "Invalid " + this.what(key), value, allowed);
  }

  /** Reports a name under {@code key} that nothing has. */
  void unknown(String key, String what, String value, Collection<String> known) {
    this.reading
        .problems()
        .unknown(
            this.place(key),
            what.equals(key) ? this.what(key) : what + " in " + this.what(key),
            value,
            known);
  }

  /** A required text; empty if it is missing. */
  String text(String key) {
    if (!this.has(key)) {
      this.missing(key);
      return "";
    }
    return this.text(key, "");
  }

  /** A text, or {@code otherwise} if it is missing. */
  String text(String key, String otherwise) {
    ConfigValue value = this.value(key);
    return value == null ? otherwise : this.scalar(key, value, otherwise);
  }

  /** A list of texts; a single text stands for a list of one; empty if it is missing. */
  List<String> texts(String key) {
    ConfigValue value = this.value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof ConfigList list)) {
      return List.of(this.scalar(key, value, ""));
    }
    List<String> result = new ArrayList<>();
    for (ConfigValue element : list) {
      String text = this.scalar(key, element, "");
      if (result.contains(text)) {
        this.invalid(key, text, "each name once");
      }
      result.add(text);
    }
    return result;
  }

  /** A non-empty list of texts. */
  List<String> someTexts(String key) {
    List<String> result = this.texts(key);
    if (!this.has(key)) {
      this.missing(key);
    } else if (result.isEmpty()) {
      this.invalid(key, "[]", "at least one");
    }
    return result;
  }

  /** The texts of an object, in their order, nested keys joined by dots; empty if it is missing. */
  Map<String, String> textMap(String key) {
    Map<String, String> result = new LinkedHashMap<>();
    this.object(key).ifPresent(object -> this.flatten(key, List.of(), object, result));
    return result;
  }

  /** The lists of texts of an object, in their order. */
  Map<String, List<String>> textsMap(String key) {
    return this.object(key, "entries")
        .map(
            node -> {
              Map<String, List<String>> result = new LinkedHashMap<>();
              node.keys().forEach(name -> result.put(name, node.texts(name)));
              return result;
            })
        .orElseGet(Map::of);
  }

  /** A secret, which a file may only point to. */
  Secret secret(String key) {
    ConfigValue value = this.value(key);
    return value == null
        ? Secret.NONE
        : new SecretReader(this.reading, this.what(key), this.place(key)).read(value);
  }

  /** Settings that are passed on as they are; those that hold secrets may point to them. */
  Map<String, String> settings(String key) {
    Map<String, String> result = new LinkedHashMap<>();
    this.object(key)
        .ifPresent(
            settings ->
                new SecretReader(this.reading, this.what(key), this.place(key))
                    .settings("", settings, result));
    return result;
  }

  /** The object under {@code key}, whose keys are of family {@code kind}. */
  Optional<Node> object(String key, String kind) {
    return this.object(key).map(child -> new Node(this.reading, this.id.child(kind, key), child));
  }

  /**
   * The objects of the list under {@code key}; a single element needs no list. An element that is a
   * text {@code t} stands for the object {@code {short = t}}; {@code shortKey} empty: it may not be
   * a text.
   */
  List<Node> objects(String key, String shortKey) {
    ConfigValue value = this.value(key);
    if (value == null) {
      return List.of();
    }
    List<? extends ConfigValue> elements = value instanceof ConfigList list ? list : List.of(value);
    List<Node> result = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      ConfigValue element = elements.get(i);
      Id child =
          value instanceof ConfigList
              ? this.id.child(key, key, Integer.toString(i))
              : this.id.child(key, key);
      if (element instanceof ConfigObject one) {
        result.add(new Node(this.reading, child, one));
      } else if (!shortKey.isEmpty() && element.valueType() == ConfigValueType.STRING) {
        ConfigObject one = element.atKey(shortKey).root().withOrigin(element.origin());
        result.add(new Node(this.reading, child, one));
      } else {
        this.invalid(
            key, shown(element), shortKey.isEmpty() ? "objects { … }" : "names or objects { … }");
      }
    }
    return result;
  }

  /** The object's keys in the order in which they are written. Asks for them all. */
  List<String> keys() {
    this.asked.addAll(this.object.keySet());
    return this.inOrder(this.id.path(), this.object);
  }

  /** Ends the reading of the object: reports keys that nobody asked for. */
  void end() {
    Map<String, String> removed = this.reading.removed(this.id.kind());
    for (String key : this.object.keySet()) {
      if (this.asked.contains(key)) {
        continue;
      }
      @Nullable String replacement = removed.get(key);
      String about = this.subject().isEmpty() ? "" : " of " + this.subject();
      if (replacement != null) {
        this.reading
            .problems()
            .add(this.place(key), "Removed key" + about, this.dotted(key), replacement);
      } else {
        String known = this.asked.isEmpty() ? "" : "known: " + String.join(", ", this.asked);
        this.reading
            .problems()
            .add(
                this.place(key),
                "Unknown key" + about,
                this.dotted(key),
                Nearest.hint(key, this.asked).orElse(known));
      }
    }
  }

  /** Reports that a required key isn't there. */
  void missing(String key) {
    this.reading
        .problems()
        .add(
            this.place(),
            "Missing key" + (this.subject().isEmpty() ? "" : " of " + this.subject()),
            this.dotted(key),
            "");
  }

  private String dotted(String key) {
    List<String> words = new ArrayList<>(this.id.path());
    words.add(key);
    words.removeIf(word -> word.matches("\\d+"));
    return String.join(".", words);
  }

  private @Nullable ConfigValue value(String key) {
    this.asked.add(key);
    this.reading.asked(this.id.kind(), key);
    ConfigValue value = this.object.get(key);
    return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
  }

  private Optional<ConfigObject> object(String key) {
    ConfigValue value = this.value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ConfigObject found) {
      return Optional.of(found);
    }
    this.invalid(key, shown(value), "an object { … }");
    return Optional.empty();
  }

  private void flatten(
      String key, List<String> prefix, ConfigObject from, Map<String, String> into) {
    List<String> path = new ArrayList<>(this.id.path());
    path.add(key);
    path.addAll(prefix);
    for (String name : this.inOrder(path, from)) {
      List<String> longer = new ArrayList<>(prefix);
      longer.add(name);
      ConfigValue value = from.get(name);
      if (value instanceof ConfigObject nested) {
        this.flatten(key, longer, nested, into);
      } else if (value instanceof ConfigList) {
        Place place = Place.of(value.origin(), this.reading.conf());
        String what = this.what(key + "." + String.join(".", longer));
        this.problem(place, "Invalid " + what, shown(value), "a text");
      } else if (value != null) {
        into.put(String.join(".", longer), this.scalar(key, value, ""));
      }
    }
  }

  private List<String> inOrder(List<String> path, ConfigObject from) {
    Function<String, Integer> offset =
        name -> {
          KeyScan scan = this.id.scan();
          List<String> full = new ArrayList<>(path);
          full.addAll(Arrays.asList(name.split("\\.")));
          return scan == null ? 0 : scan.offset(full);
        };
    return from.keySet().stream()
        .sorted(Comparator.comparing(offset).thenComparing(Comparator.naturalOrder()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private String scalar(String key, ConfigValue value, String otherwise) {
    switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> {
        return String.valueOf(value.unwrapped());
      }
      case OBJECT, LIST, NULL -> this.invalid(key, shown(value), "a text");
    }
    return otherwise;
  }

  private static String shown(ConfigValue value) {
    String text = value.render(ConfigRenderOptions.concise().setJson(false));
    return value instanceof ConfigObject ? "{ " + text + " }" : text;
  }
}
