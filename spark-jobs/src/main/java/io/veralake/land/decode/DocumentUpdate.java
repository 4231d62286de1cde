package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What MongoDB says that an update changed, applied to the document before it. Where a path can
 * mean two things, or leads nowhere, it is refused: the document after is exact or there is none.
 */
final class DocumentUpdate {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final ObjectNode document;

  private DocumentUpdate(ObjectNode document) {
    this.document = document;
  }

  /** An array that was shortened to {@code size} items. */
  record Cut(String path, int size) {}

  /** The document {@code before} after fields were removed, others set, and arrays cut. */
  static String apply(String before, List<String> removed, @Nullable String updated, List<Cut> cuts)
      throws BadRecordException {
    DocumentUpdate update = new DocumentUpdate(object(before));
    // A cut array may have been written to behind the cut in the same update.
    for (Cut cut : cuts) {
      update.cut(cut);
    }
    for (String path : removed) {
      update.remove(path);
    }
    if (updated != null) {
      for (Map.Entry<String, JsonNode> field : object(updated).properties()) {
        update.set(field.getKey(), field.getValue());
      }
    }
    try {
      return JSON.writeValueAsString(update.document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode object(String text) throws BadRecordException {
    try {
      if (JSON.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new BadRecordException("Invalid JSON in the envelope: " + e.getOriginalMessage());
    }
    throw new BadRecordException("Invalid document in the envelope (a JSON object)");
  }

  private void cut(Cut cut) throws BadRecordException {
    if (!(this.value(cut.path) instanceof ArrayNode array)
        || cut.size < 0
        || cut.size > array.size()) {
      throw this.inexact(cut.path);
    }
    while (array.size() > cut.size) {
      array.remove(array.size() - 1);
    }
  }

  private void remove(String path) throws BadRecordException {
    JsonNode parent = this.parent(path);
    if (!(parent instanceof ObjectNode object) || object.remove(last(path)) == null) {
      throw this.inexact(path);
    }
  }

  private void set(String path, JsonNode value) throws BadRecordException {
    JsonNode parent = this.parent(path);
    String name = last(path);
    if (parent instanceof ObjectNode object) {
      object.set(name, value);
      return;
    }
    int place = index(name);
    if (!(parent instanceof ArrayNode array) || place < 0 || place > array.size()) {
      throw this.inexact(path);
    }
    if (place == array.size()) {
      array.add(value);
    } else {
      array.set(place, value);
    }
  }

  private @Nullable JsonNode value(String path) throws BadRecordException {
    return step(this.parent(path), last(path));
  }

  /** What holds the last step of {@code path}. */
  private @Nullable JsonNode parent(String path) throws BadRecordException {
    String[] steps = path.split("\\.", -1);
    JsonNode node = this.document;
    for (int i = 0; i < steps.length; i++) {
      String rest = String.join(".", List.of(steps).subList(i, steps.length));
      // A name with a dot in it can't be told from a path; an extended value isn't a container.
      boolean dotted = i < steps.length - 1 && node.has(rest);
      if (dotted || steps[i].isEmpty() || steps[i].startsWith("$")) {
        throw this.inexact(path);
      }
      if (i < steps.length - 1) {
        node = step(node, steps[i]);
        if (node == null) {
          throw this.inexact(path);
        }
      }
    }
    return node;
  }

  private static @Nullable JsonNode step(@Nullable JsonNode node, String name) {
    if (node instanceof ArrayNode array) {
      int place = index(name);
      return place >= 0 && place < array.size() ? array.get(place) : null;
    }
    return node instanceof ObjectNode object ? object.get(name) : null;
  }

  private static int index(String step) {
    return step.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(step) : -1;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private BadRecordException inexact(String path) {
    return new BadRecordException(
        "Cannot rebuild the document after an update: "
            + path
            + " (a path that leads to one place in the document before)");
  }
}
