package io.veralake.mart;

import io.veralake.spec.Mart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;

/**
 * One query that counts the violations of checks: columns {@code n}, the check's place in the list,
 * and {@code violations}. Checks that only ask something of each row share one scan of the mart, as
 * most do; planning and running a query for each would take longer than the mart itself.
 */
final class ViolationCounts {
  private static final Pattern OF_EACH_ROW =
      Pattern.compile("(?is)\\s*SELECT\\s+\\*\\s+FROM\\s+this\\s+WHERE\\s+(.+)");
  private static final Pattern SUBQUERY = Pattern.compile("(?i)\\bSELECT\\b");

  private static final ParserInterface PARSER = new CatalystSqlParser();

  private ViolationCounts() {}

  /** SQL that gives a row for each of {@code checks}. */
  static String of(List<Mart.Check> checks) {
    List<String> parts = new ArrayList<>();
    List<String> ofRows = new ArrayList<>();
    IntStream.range(0, checks.size())
        .forEach(
            n ->
                condition(checks.get(n).sql())
                    .ifPresentOrElse(
                        where ->
                            ofRows.add(
                                "named_struct('n', %d, 'violations', count_if(\n%s\n))"
                                    .formatted(n, where)),
                        () ->
                            parts.add(
                                "SELECT %d AS n, count(*) AS violations FROM (\n%s\n)"
                                    .formatted(n, checks.get(n).sql()))));
    if (!ofRows.isEmpty()) {
      parts.add(
          ofRows.stream()
              .collect(
                  Collectors.joining(
                      ",\n",
                      "SELECT inline(counts) FROM (SELECT array(",
                      ") AS counts FROM this)")));
    }
    return String.join("\nUNION ALL\n", parts);
  }

  /** What {@code sql} asks of each row, if that is all it asks. */
  private static Optional<String> condition(String sql) {
    Matcher query = OF_EACH_ROW.matcher(sql);
    if (!query.matches() || SUBQUERY.matcher(query.group(1)).find()) {
      return Optional.empty();
    }
    try {
      // Not an expression if clauses follow, such as GROUP BY or UNION.
      PARSER.parseExpression(query.group(1));
      return Optional.of(query.group(1));
    } catch (ParseException e) {
      return Optional.empty();
    }
  }
}
