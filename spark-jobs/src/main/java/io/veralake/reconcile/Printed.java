package io.veralake.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.veralake.spec.Column;
import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints keys and values as JSON, personal ones as a hash that tells them apart and nothing else.
 */
final class Printed implements Serializable {
  private static final long serialVersionUID = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Shape shape;

  Printed(Shape shape) {
    this.shape = shape;
  }

  /** The key as a JSON object. */
  String key(List<@Nullable String> texts) {
    return this.object(this.shape.key(), texts);
  }

  /** What {@code row} shows. */
  Finding.Shown shown(SideRow row) {
    List<BigDecimal> measures = new ArrayList<>();
    measures.add(BigDecimal.ONE);
    this.shape.measures().forEach(place -> measures.add(Values.measure(row.values().get(place))));
    return new Finding.Shown(
        row.partition(), this.object(this.shape.values(), row.values()), measures);
  }

  private String object(List<Column> columns, List<@Nullable String> texts) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < columns.size(); i++) {
      this.put(object, columns.get(i), texts.get(i));
    }
    try {
      return JSON.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void put(ObjectNode object, Column column, @Nullable String text) {
    String name = column.name();
    if (text == null) {
      object.putNull(name);
    } else if (this.shape.personal().contains(name)) {
      object.put(name, "personal:" + digest(text));
    } else {
      switch (column.type().kind()) {
        case INT, BIGINT -> object.put(name, new java.math.BigInteger(text));
        case DECIMAL -> object.put(name, new BigDecimal(text));
        case BOOLEAN -> object.put(name, Boolean.parseBoolean(text));
        case FLOAT, DOUBLE -> putReal(object, name, Values.real(text));
        case STRING, BINARY, DATE, TIMESTAMP -> object.put(name, text);
      }
    }
  }

  private static void putReal(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, value);
    } else {
      object.put(name, Double.toString(value));
    }
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
