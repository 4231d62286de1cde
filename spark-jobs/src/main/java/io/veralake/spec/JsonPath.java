package io.veralake.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document: {@code $.customer.id}, {@code $["odd.name"]}, {@code $.lines[0]},
 * {@code $.data[-1].id} (from the end), {@code $} the whole.
 *
 * @param steps from the root on
 */
public record JsonPath(List<Step> steps) implements Serializable {
  /** What messages say is allowed. */
  static final String ALLOWED = "a path such as $.updatedAt, $.customer.id or $.lines[0].id";

  private static final Pattern STEP =
      Pattern.compile("\\.([^.\\[\\]\\s\"'*]+)|\\[\"([^\"]+)\"]|\\[(-?\\d{1,9})]");

  /**
   * One step down.
   *
   * @param name of a member; null: an element of an array
   * @param index of the element, from 0, or from -1 backwards
   */
  public record Step(@Nullable String name, int index) implements Serializable {}

  /** Copies the list. */
  public JsonPath {
    steps = List.copyOf(steps);
  }

  /** The path that {@code text} writes; empty if it writes none. */
  public static Optional<JsonPath> parse(String text) {
    if (!text.startsWith("$")) {
      return Optional.empty();
    }
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int at = 1;
    while (at < text.length()) {
      if (!step.find(at) || step.start() != at) {
        return Optional.empty();
      }
      String name = step.group(1) == null ? step.group(2) : step.group(1);
      steps.add(new Step(name, name == null ? Integer.parseInt(step.group(3)) : 0));
      at = step.end();
    }
    return Optional.of(new JsonPath(steps));
  }

  @Override
  public String toString() {
    return this.steps.stream().map(JsonPath::text).collect(Collectors.joining("", "$", ""));
  }

  private static String text(Step step) {
    if (step.name() == null) {
      return "[" + step.index() + "]";
    }
    boolean plain = STEP.matcher("." + step.name()).matches();
    return plain ? "." + step.name() : "[\"" + step.name() + "\"]";
  }
}
