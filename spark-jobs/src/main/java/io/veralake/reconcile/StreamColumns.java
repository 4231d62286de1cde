package io.veralake.reconcile;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a stream whose columns can't be compared with the mart's without losing something: a
 * difference would be invented, or hidden.
 */
final class StreamColumns {
  private static final Pattern WRAPPED = Pattern.compile("(?:LowCardinality|Nullable)\\((.*)\\)");
  private static final Pattern DECIMAL = Pattern.compile("Decimal\\((\\d+),\\s*(\\d+)\\)");
  private static final Pattern TIME =
      Pattern.compile("DateTime(?:64\\((\\d)(?:,.*)?\\)|(?:\\(.*\\))?)");

  private final Reconciliation reconciliation;
  private final Shape shape;

  StreamColumns(Reconciliation reconciliation, Shape shape) {
    this.reconciliation = reconciliation;
    this.shape = shape;
  }

  /** Checks the columns that the live rows have. */
  void check(ClickHouse clickHouse) {
    Map<String, String> there = new LinkedHashMap<>();
    String describe = new StreamSql(this.reconciliation, this.shape).describe();
    for (List<@Nullable String> row : clickHouse.rows(describe)) {
      there.put(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
    }
    List<String> problems = new ArrayList<>();
    for (Column column : this.shape.all()) {
      this.check(column, there.get(column.name()), problems);
    }
    for (String time :
        List.of(
            this.reconciliation.stream().commitTime(),
            this.reconciliation.stream().receivedTime())) {
      String type = there.get(time);
      if (type == null) {
        problems.add(time + " is missing");
      } else if (!TIME.matcher(plain(type)).matches()) {
        problems.add(time + " is " + type + " (a DateTime or DateTime64)");
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(
          "Cannot reconcile %s: the rows of %s don't fit mart %s: %s (stream.rows must give these columns: %s)"
              .formatted(
                  this.reconciliation.name(),
                  this.reconciliation.stream().table(),
                  this.reconciliation.mart().name(),
                  String.join("; ", problems),
                  there.keySet()));
    }
  }

  private void check(Column column, @Nullable String type, List<String> problems) {
    if (type == null) {
      problems.add(column.name() + " is missing");
    } else if (!fits(plain(type), column.type())) {
      problems.add(
          column.name() + " is " + type + ", which " + column.type() + " can't hold exactly");
    }
  }

  /**
   * Whether every value of ClickHouse's {@code type} has the canonical text that the same value has
   * as {@code expected}.
   */
  static boolean fits(String type, ColumnType expected) {
    return switch (expected.kind()) {
      case BOOLEAN -> type.equals("Bool");
      case INT, BIGINT -> type.matches("U?Int\\d+");
      case FLOAT, DOUBLE -> type.matches("Float(32|64)");
      case DECIMAL -> decimalFits(type, expected.scale());
      case STRING -> type.equals("String") || type.startsWith("Enum");
      case BINARY -> type.equals("String");
      case DATE -> type.equals("Date") || type.equals("Date32");
      case TIMESTAMP -> timeFits(type);
    };
  }

  private static boolean decimalFits(String type, int scale) {
    Matcher decimal = DECIMAL.matcher(type);
    return type.matches("U?Int(8|16|32|64)")
        || decimal.matches() && Integer.parseInt(decimal.group(2)) <= scale;
  }

  private static boolean timeFits(String type) {
    Matcher time = TIME.matcher(type);
    return time.matches() && (time.group(1) == null || Integer.parseInt(time.group(1)) <= 6);
  }

  private static String plain(String type) {
    Matcher wrapped = WRAPPED.matcher(type);
    return wrapped.matches() ? plain(wrapped.group(1).strip()) : type;
  }
}
