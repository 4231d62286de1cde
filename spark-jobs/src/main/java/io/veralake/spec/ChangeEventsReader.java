package io.veralake.spec;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what land models say of change events. */
final class ChangeEventsReader {
  private static final Set<LandTable.Format> FORMATS =
      Set.of(LandTable.Format.DEBEZIUM_JSON, LandTable.Format.DEBEZIUM_AVRO);

  private ChangeEventsReader() {}

  /** Whether records of {@code format} are change events. */
  static boolean has(LandTable.Format format) {
    return FORMATS.contains(format);
  }

  /**
   * What {@code node} says.
   *
   * @param known the table's format; null: it has none that is known
   * @param connections the known ones by name; null: they couldn't be read
   */
  static ChangeEvents read(
      Node node,
      LandTable.@Nullable Format known,
      LandSource source,
      @Nullable Map<String, Connection> connections) {
    boolean documents = Scalars.flag(node, "documents", false);
    ChangeEvents.Registry registry = registry(node, connections);
    if (known != null && !has(known)) {
      for (String key : new String[] {"registry", "documents", "table", "unnamed", "binlog"}) {
        if (node.has(key)) {
          node.invalid(key, shown(node, key), "none for format = " + Words.of(known));
        }
      }
    } else if (known != null) {
      boolean numbered =
          known == LandTable.Format.DEBEZIUM_AVRO && source instanceof LandSource.Topics;
      if (numbered && !node.has("registry")) {
        node.missing("registry");
      } else if (!numbered && node.has("registry")) {
        node.invalid("registry", "{ … }", "only for format = debezium-avro with topics");
      }
    }
    return new ChangeEvents(registry, documents, table(node, known), unnamed(node), binlog(node));
  }

  private static String table(Node node, LandTable.@Nullable Format known) {
    String table = node.text("table", "");
    int dot = table.indexOf('.');
    if (node.has("table") && (dot <= 0 || dot == table.length() - 1)) {
      node.invalid("table", table, "schema.table, or database.table where there are no schemas");
    }
    return table;
  }

  private static ChangeEvents.Unnamed unnamed(Node node) {
    if (node.has("unnamed") && !node.has("table")) {
      node.invalid("unnamed", node.text("unnamed"), "none without table");
    }
    return Scalars.word(node, "unnamed", ChangeEvents.Unnamed.class, ChangeEvents.Unnamed.KEEP);
  }

  private static ChangeEvents.Binlog binlog(Node node) {
    Optional<Node> child = node.object("binlog", "binlog");
    if (child.isEmpty()) {
      return ChangeEvents.Binlog.ONE;
    }
    Node binlog = child.orElseThrow();
    List<Long> servers = new ArrayList<>();
    for (String text : binlog.texts("servers")) {
      if (text.matches("[1-9]\\d{0,9}")) {
        servers.add(Long.parseLong(text));
      } else {
        binlog.invalid("servers", text, "the server_id of a MySQL, such as 223344");
      }
    }
    List<Instant> anew = new ArrayList<>();
    for (String text : binlog.texts("anew")) {
      try {
        anew.add(Instant.parse(text));
      } catch (DateTimeException e) {
        binlog.invalid("anew", text, "an instant, such as 2026-03-01T04:00:00Z");
      }
    }
    binlog.end();
    return new ChangeEvents.Binlog(servers, anew);
  }

  private static String shown(Node node, String key) {
    return node.isObject(key) ? "{ … }" : node.text(key).toLowerCase(Locale.ROOT);
  }

  private static ChangeEvents.@Nullable Registry registry(
      Node node, @Nullable Map<String, Connection> connections) {
    Optional<Node> child = node.object("registry", "registry");
    if (child.isEmpty()) {
      return null;
    }
    Node registry = child.orElseThrow();
    boolean both = registry.has("connection") && registry.has("folder");
    if (both) {
      registry.invalid("folder", "beside connection", "either connection or folder");
    }
    String connection =
        registry.has("folder")
            ? registry.text("connection", "")
            : new LandSourceReader(node, connections).connection(registry);
    int digits = Scalars.integer(registry, "id-bytes", 4, 8, 4);
    if (digits != 4 && digits != 8) {
      registry.invalid("id-bytes", Integer.toString(digits), "4 or 8");
    }
    ChangeEvents.Registry read =
        new ChangeEvents.Registry(connection, registry.text("folder", ""), digits);
    registry.end();
    return read;
  }
}
