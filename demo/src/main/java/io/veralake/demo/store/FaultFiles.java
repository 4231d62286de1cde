package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The lists of faults on disk, a file a day. */
final class FaultFiles {
  private static final String SUFFIX = ".jsonl";
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"day\":(\\d+),\"as_of\":\"[^\"]+\",\"table\":\"([^\"]+)\",\"key\":\\{\"\\w+\":(\\d+),\"\\w+\":(\\d+)},"
              + "\"cause\":\"([^\"]+)\",\"evidence\":\"([^\"]*)\",\"partition\":\"([^\"]+)\",\"columns\":\\[([^]]*)],"
              + "\"quantity\":(-?\\d+),\"amount\":\"(-?[\\d.]+)\",\"revenue\":\"(-?[\\d.]+)\"}");

  private FaultFiles() {}

  /** Writes the faults that the night of a day must find first. */
  static void write(Path folder, int day, List<Fault> faults) throws IOException {
    var out = new ByteText();
    faults.forEach(fault -> fault.line(out));
    Files.createDirectories(folder);
    Files.write(folder.resolve(StoreCalendar.date(day) + SUFFIX), out.toBytes());
  }

  /** Reads the faults of all days there. */
  static List<Fault> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new StoreException("Missing list of faults: " + folder + " (store day N writes it)");
    }
    List<Fault> faults = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          faults.add(parse(file, line));
        }
      }
    }
    return faults;
  }

  private static Fault parse(Path file, String line) {
    Matcher m = LINE.matcher(line);
    if (!m.matches()) {
      throw new StoreException("Invalid fault in " + file + ": " + line);
    }
    List<String> columns =
        m.group(8).isEmpty() ? List.of() : Arrays.asList(m.group(8).replace("\"", "").split(","));
    return new Fault(
        Integer.parseInt(m.group(1)),
        m.group(2),
        List.of(Long.parseLong(m.group(3)), Long.parseLong(m.group(4))),
        Fault.Cause.valueOf(m.group(5).toUpperCase(Locale.ROOT).replace('-', '_')),
        m.group(6),
        LocalDate.parse(m.group(7)),
        columns,
        new Worth(Long.parseLong(m.group(9)), cents(m.group(10)), cents(m.group(11))));
  }

  private static long cents(String text) {
    return new java.math.BigDecimal(text).movePointRight(2).longValueExact();
  }
}
