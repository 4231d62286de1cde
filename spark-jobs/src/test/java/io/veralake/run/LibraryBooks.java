package io.veralake.run;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.fixture.Command;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the library example publishes, and what its expected texts say. */
final class LibraryBooks {
  static final Path EXAMPLE = Command.PROJECT.resolve("examples/library");

  private LibraryBooks() {}

  /** The tables that are to be published after the night of {@code day}. */
  static String expected(int day) throws IOException {
    String text = Files.readString(EXAMPLE.resolve("expected/day" + day + ".txt"));
    return text.substring(text.indexOf("library."));
  }

  /** The published tables in the form of {@code expected}, whose headings say which columns. */
  static String shown(Engine.ClickHouseServer server, String expected) {
    List<String> blocks = new ArrayList<>();
    for (String heading : expected.lines().filter(line -> line.contains(": ")).toList()) {
      List<String> lines = new ArrayList<>(List.of(heading));
      lines.addAll(published(server, heading));
      blocks.add(String.join("\n", lines) + "\n");
    }
    return String.join("\n", blocks);
  }

  /** The rows under a heading {@code table: column | column …}. */
  static List<String> published(Engine.ClickHouseServer server, String heading) {
    String table = heading.substring(0, heading.indexOf(':'));
    String[] columns = heading.substring(heading.indexOf(':') + 2).split(" \\| ");
    String list = String.join(", ", columns);
    String sql =
        "SELECT %s FROM %s ORDER BY %s SETTINGS output_format_decimal_trailing_zeros = 1"
            .formatted(list, table, list);
    try (ClickHouse clickHouse = ClickHouse.connect(server)) {
      return clickHouse.rows(sql).stream().map(LibraryBooks::line).toList();
    }
  }

  /** Drops what was published. */
  static void drop(Engine.ClickHouseServer server) {
    try (ClickHouse clickHouse = ClickHouse.connect(server)) {
      clickHouse.execute("DROP DATABASE IF EXISTS library SYNC");
      clickHouse.execute("DROP DATABASE IF EXISTS library_data SYNC");
    }
  }

  private static String line(List<@Nullable String> values) {
    return String.join(
        " | ",
        values.stream()
            .map(value -> value == null ? "null" : value.replaceFirst("\\.000000$", ""))
            .toList());
  }
}
