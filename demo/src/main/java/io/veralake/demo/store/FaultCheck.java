package io.veralake.demo.store;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what the reconciliation found with the list of faults: each night must find its own
 * faults, nothing that isn't on the list, in every partition that it compared all that still stands
 * there, and to the cent what they are worth.
 */
final class FaultCheck {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");
  private static final Map<String, String> TABLES =
      Map.of("sales", Fault.LINES, "stock", Fault.STOCK);

  private final ClickHouseHttp server;
  private final List<Fault> faults;
  private final List<String> problems = new ArrayList<>();
  private final StringBuilder table = new StringBuilder();

  FaultCheck(ClickHouseHttp server, List<Fault> faults) {
    this.server = server;
    this.faults = faults;
  }

  /** A night of a reconciliation. */
  private record Night(String reconciliation, int day) {
    String table() {
      String table = TABLES.get(reconciliation);
      if (table == null) {
        throw new StoreException("Unknown reconciliation: " + reconciliation + " (sales, stock)");
      }
      return table;
    }

    /** Whether a fault is still there in this night: what was late is there the next day. */
    boolean has(Fault fault) {
      return fault.table().equals(table())
          && fault.day() <= day
          && (fault.cause() != Fault.Cause.LATE || fault.day() == day);
    }
  }

  /** Checks all nights; the result is the differing rows, none if all is well. */
  List<String> run() throws IOException {
    Map<Night, Map<String, String>> found = found();
    Map<Night, Set<String>> compared = new LinkedHashMap<>();
    Map<Night, Map<String, BigDecimal>> money = money(compared);
    if (compared.isEmpty()) {
      this.problems.add("Missing reconciliation: recon.restatement is empty (run a night first)");
    }
    this.table.append(
        String.format(
            "%-10s  %-6s  %-13s %9s %9s %14s%n",
            "night", "what", "cause", "expected", "found", "revenue"));
    compared.forEach(
        (night, partitions) -> {
          compareRows(night, partitions, found.getOrDefault(night, Map.of()));
          compareMoney(night, partitions, money.getOrDefault(night, Map.of()));
        });
    int last = compared.keySet().stream().mapToInt(Night::day).max().orElse(0);
    for (String reconciliation : TABLES.keySet()) {
      for (int day = 1; day <= last; day++) {
        if (!compared.containsKey(new Night(reconciliation, day))) {
          this.problems.add("Missing night " + StoreCalendar.date(day) + " of " + reconciliation);
        }
      }
    }
    return this.problems;
  }

  /** The table of what was expected and found. */
  String table() {
    return this.table.toString();
  }

  private void compareRows(Night night, Set<String> partitions, Map<String, String> found) {
    Map<String, Fault> expected = new TreeMap<>();
    Map<String, Fault> standing = new TreeMap<>();
    for (Fault fault : this.faults) {
      if (night.has(fault)) {
        standing.put(name(fault), fault);
        if (fault.day() == night.day() || partitions.contains(partition(fault))) {
          expected.put(name(fault), fault);
        }
      }
    }
    for (var fault : expected.entrySet()) {
      String columns = found.get(fault.getKey());
      String wanted = String.join(",", new TreeSet<>(fault.getValue().columns()));
      if (columns == null) {
        this.problems.add(describe(night) + "not found: " + fault.getKey());
      } else if (!wanted.isEmpty() && !wanted.equals(columns)) {
        this.problems.add(
            describe(night) + fault.getKey() + ": columns " + columns + ", not " + wanted);
      }
    }
    for (String name : found.keySet()) {
      if (!standing.containsKey(name)) {
        this.problems.add(describe(night) + "not a fault: " + name);
      }
    }
    print(night, expected, found);
  }

  private void print(Night night, Map<String, Fault> expected, Map<String, String> found) {
    for (Fault.Cause cause : Fault.Cause.values()) {
      String word = " " + cause.word() + " ";
      long revenue =
          expected.values().stream()
              .filter(fault -> fault.cause() == cause)
              .mapToLong(fault -> fault.delta().revenue())
              .sum();
      long wanted = expected.values().stream().filter(fault -> fault.cause() == cause).count();
      long seen = found.keySet().stream().filter(name -> name.contains(word)).count();
      if (wanted + seen > 0) {
        this.table.append(
            String.format(
                "%-10s  %-6s  %-13s %9d %9d %14s%n",
                StoreCalendar.date(night.day()),
                night.reconciliation(),
                cause.word(),
                wanted,
                seen,
                new ByteText().cents(revenue)));
      }
    }
  }

  private void compareMoney(Night night, Set<String> partitions, Map<String, BigDecimal> found) {
    Map<String, BigDecimal> expected = new TreeMap<>();
    for (Fault fault : this.faults) {
      if (night.has(fault) && partitions.contains(partition(fault))) {
        String place = partition(fault) + " " + fault.cause().word() + " ";
        add(expected, place + "quantity", BigDecimal.valueOf(fault.delta().quantity()));
        add(expected, place + "rows", BigDecimal.valueOf(fault.rows()));
        if (fault.table().equals(Fault.LINES)) {
          add(expected, place + "revenue", BigDecimal.valueOf(fault.delta().revenue(), 2));
        }
      }
    }
    Set<String> places = new TreeSet<>(expected.keySet());
    places.addAll(found.keySet());
    for (String place : places) {
      BigDecimal wanted = expected.getOrDefault(place, BigDecimal.ZERO);
      BigDecimal seen = found.getOrDefault(place, BigDecimal.ZERO);
      if (wanted.compareTo(seen) != 0) {
        this.problems.add(
            describe(night)
                + place
                + ": "
                + seen.toPlainString()
                + ", not "
                + wanted.toPlainString());
      }
    }
  }

  private static void add(Map<String, BigDecimal> sums, String place, BigDecimal value) {
    sums.merge(place, value, BigDecimal::add);
  }

  private Map<Night, Map<String, String>> found() throws IOException {
    Map<Night, Map<String, String>> found = new LinkedHashMap<>();
    String sql =
        "SELECT toDate(as_of, 'UTC'), reconciliation, cause, key, arrayStringConcat(arraySort(ifNull(columns, [])), ','), evidence"
            + " FROM recon.discrepancy FORMAT TabSeparatedRaw";
    for (String[] row : rows(sql)) {
      String evidence = row[5].contains(":") ? row[5].substring(0, row[5].indexOf(':')) : row[5];
      boolean phantom = row[2].equals(Fault.Cause.PHANTOM.word());
      String name = numbers(row[3]) + " " + row[2] + " " + (phantom ? evidence : "");
      found.computeIfAbsent(night(row), any -> new TreeMap<>()).put(name, row[4]);
    }
    return found;
  }

  private Map<Night, Map<String, BigDecimal>> money(Map<Night, Set<String>> compared)
      throws IOException {
    Map<Night, Map<String, BigDecimal>> money = new LinkedHashMap<>();
    String causes =
        Arrays.stream(Fault.Cause.values())
            .map(cause -> "toString(" + cause.word().replace('-', '_') + ")")
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT toDate(as_of, 'UTC') AS night, reconciliation, ifNull(partition, ''), measure, "
            + causes
            + " FROM recon.restatement ORDER BY night, reconciliation, partition, measure FORMAT TabSeparatedRaw";
    for (String[] row : rows(sql)) {
      compared.computeIfAbsent(night(row), any -> new TreeSet<>()).add(row[2]);
      for (Fault.Cause cause : Fault.Cause.values()) {
        BigDecimal value = new BigDecimal(row[4 + cause.ordinal()]);
        if (value.signum() != 0) {
          add(
              money.computeIfAbsent(night(row), any -> new TreeMap<>()),
              row[2] + " " + cause.word() + " " + row[3],
              value);
        }
      }
    }
    return money;
  }

  private List<String[]> rows(String sql) throws IOException {
    return this.server.query(sql).lines().map(line -> line.split("\t", -1)).toList();
  }

  /** The night of a row that begins with as-of and reconciliation. */
  private static Night night(String[] row) {
    LocalDate asOf = LocalDate.parse(row[0]);
    return new Night(row[1], (int) ChronoUnit.DAYS.between(StoreCalendar.FIRST_DAY, asOf));
  }

  private static String name(Fault fault) {
    return numbers(fault.keyJson()) + " " + fault.cause().word() + " " + fault.evidence();
  }

  /** The numbers of a key, whatever it is written like. */
  private static String numbers(String key) {
    Matcher matcher = NUMBER.matcher(key);
    return matcher.results().map(result -> result.group()).collect(Collectors.joining("/"));
  }

  private static String partition(Fault fault) {
    return fault.table().equals(Fault.STOCK)
        ? fault.key().get(1).toString()
        : fault.partition().toString();
  }

  private static String describe(Night night) {
    return StoreCalendar.date(night.day()) + " " + night.reconciliation() + ": ";
  }
}
