package io.veralake.lake;

import io.veralake.spec.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The hash text once more, in plain Java: what Spark's expressions are compared with. */
public final class PlainHashText {
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private PlainHashText() {}

  /** A typed value. */
  public record Value(ColumnType type, @Nullable Object value) {}

  /** Hash key of {@code parts}, as lower-case hex. */
  public static String key(String algorithm, List<Value> parts) {
    StringBuilder text = new StringBuilder();
    for (Value part : parts) {
      text.append(part.value() == null ? "n" : prefixed(text(part.type(), part.value())));
    }
    return hash(algorithm, text.toString());
  }

  /** Hashdiff of named parts, as lower-case hex. */
  public static String difference(String algorithm, Map<String, Value> parts) {
    return hash(algorithm, differenceText(parts));
  }

  private static String differenceText(Map<String, Value> parts) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(parts)
        .forEach(
            (name, part) -> {
              if (part.value() != null) {
                text.append(prefixed(name)).append(prefixed(text(part.type(), part.value())));
              }
            });
    return text.toString();
  }

  /** Hashdiff of a set of members, each of named parts, as lower-case hex. */
  public static String set(String algorithm, List<Map<String, Value>> members) {
    TreeSet<String> texts = new TreeSet<>();
    members.forEach(member -> texts.add(differenceText(member)));
    StringBuilder text = new StringBuilder("s");
    texts.forEach(member -> text.append(prefixed(member)));
    return hash(algorithm, text.toString());
  }

  /** Hashdiff of a deletion, as lower-case hex. */
  public static String deletion(String algorithm) {
    return hash(algorithm, "d");
  }

  /** Text of a value that isn't null. */
  public static String text(ColumnType type, Object value) {
    return switch (type.kind()) {
      case STRING, BOOLEAN, INT, BIGINT -> value.toString();
      case DECIMAL -> ((BigDecimal) value).setScale(type.scale()).toPlainString();
      case DATE -> ((LocalDate) value).toString();
      case TIMESTAMP -> INSTANT.format((Instant) value);
      case BINARY -> HexFormat.of().formatHex((byte[]) value);
      case FLOAT, DOUBLE -> {
        double number = ((Number) value).doubleValue();
        long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
        yield HexFormat.of().toHexDigits(bits);
      }
    };
  }

  private static String prefixed(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length + ":" + text;
  }

  private static String hash(String algorithm, String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("Unknown algorithm " + algorithm, e);
    }
  }
}
