package io.veralake.vault;

import io.veralake.spec.Bridge;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the bridges of {@link BridgeModel} should hold, by going through all that happened. */
final class BridgeOracle {
  private static final long DAY = 86_400;

  /** Something that happened to a row of a raw table. */
  record Event(
      String raw,
      long second,
      boolean gone,
      long order,
      String customer,
      String product,
      String parent,
      int line) {
    RawRow row() {
      List<@Nullable Object> values =
          List.of(this.order, this.customer, this.product, this.parent, this.line, "n" + this.line);
      return this.gone
          ? new RawRow("d", values, null, this.second, this.second, this.raw)
          : new RawRow("c", null, values, this.second, this.second, this.raw);
    }
  }

  /** A relation: its text, and its ends' keys by their roles. */
  private record Relation(String text, Map<String, String> ends, int line) {}

  private final List<Event> events;

  /** After {@code events} have been landed, in whatever order. */
  BridgeOracle(List<Event> events) {
    this.events = events.stream().sorted(Comparator.comparing(Event::second)).toList();
  }

  /** The rows at the beginnings of {@code days}, as texts. */
  List<String> rows(Bridge bridge, Iterable<LocalDate> days) {
    List<String> rows = new ArrayList<>();
    for (LocalDate day : days) {
      long second = day.toEpochDay() * DAY;
      for (String key : this.keys(bridge.hub())) {
        if (this.there(bridge.hub(), key, second)) {
          Map<String, @Nullable String> row = new HashMap<>();
          row.put(bridge.hashKey(), key);
          if (bridge.names(bridge.hub())) {
            row.put(bridge.hub().businessKey().get(0).name(), key);
          }
          this.walk(bridge, 0, row, second, day + "", rows);
        }
      }
    }
    return rows;
  }

  private void walk(
      Bridge bridge,
      int at,
      Map<String, @Nullable String> row,
      long second,
      String day,
      List<String> rows) {
    if (at == bridge.walk().size()) {
      StringBuilder text = new StringBuilder(day);
      bridge.shown().forEach(one -> text.append(' ').append(row.get(one.name())));
      rows.add(text.toString());
      return;
    }
    Bridge.Step step = bridge.walk().get(at);
    boolean found = false;
    for (Relation relation : this.relations(step.link(), second)) {
      boolean inForce =
          bridge.ends() == Bridge.Ends.ANY
              || step.to().stream()
                  .allMatch(end -> this.there(end.hub(), relation.ends().get(end.role()), second));
      if (inForce && relation.ends().get(step.from().role()).equals(row.get(step.at()))) {
        found = true;
        Map<String, @Nullable String> longer = new HashMap<>(row);
        longer.put(step.linkKey(), relation.text());
        step.link()
            .dependentKey()
            .forEach(column -> longer.put(step.column(column.name()), "" + relation.line()));
        for (Link.End end : step.to()) {
          String key = relation.ends().get(end.role());
          longer.put(step.endKey(end), key);
          if (bridge.names(end.hub()) && this.keys(end.hub()).contains(key)) {
            longer.put(step.column(end.hub().businessKey().get(0).name()), key);
          }
        }
        this.walk(bridge, at + 1, longer, second, day, rows);
      }
    }
    if (!found && step.join() == Bridge.Join.LEFT) {
      this.walk(bridge, at + 1, row, second, day, rows);
    }
  }

  /** The keys that a hub has by now. */
  private Set<String> keys(Hub hub) {
    Set<String> keys = new LinkedHashSet<>();
    for (Event event : this.events) {
      if (hub.sources().stream().anyMatch(source -> source.from().equals(event.raw()))) {
        keys.add(
            switch (hub.name()) {
              case "hub_order" -> "" + event.order();
              case "hub_customer" -> event.customer();
              default -> event.product();
            });
      }
    }
    return keys;
  }

  private boolean there(Hub hub, @Nullable String key, long second) {
    if (key == null || !this.keys(hub).contains(key)) {
      return false;
    }
    return switch (hub.name()) {
      case "hub_order" -> this.last("orders", e -> "" + e.order(), second).contains(key);
      case "hub_customer" ->
          this.last("customers", Event::customer, second).contains(key)
              || this.last("cards", e -> e.customer() + "/" + e.line(), second).stream()
                  .anyMatch(card -> card.startsWith(key + "/"));
      default -> true;
    };
  }

  /** What was last said not to be gone, by {@code second}. */
  private Set<String> last(String raw, Function<Event, String> key, long second) {
    Set<String> there = new LinkedHashSet<>();
    for (Event event : this.events) {
      if (event.raw().equals(raw) && event.second() <= second) {
        if (event.gone()) {
          there.remove(key.apply(event));
        } else {
          there.add(key.apply(event));
        }
      }
    }
    return there;
  }

  private List<Relation> relations(Link link, long second) {
    Map<String, Relation> found = new HashMap<>();
    Map<Long, String> pointed = new HashMap<>();
    for (Event event : this.events) {
      if (!link.sources().get(0).from().equals(event.raw())) {
        continue;
      }
      Relation relation = relation(link, event);
      boolean then = event.second() <= second;
      switch (link.name()) {
        case "link_made" -> found.put(relation.text(), relation);
        case "link_order_customer" -> {
          String before = pointed.get(event.order());
          if (then && !event.gone()) {
            found.remove(before);
            found.put(relation.text(), relation);
            pointed.put(event.order(), relation.text());
          } else if (then && relation.text().equals(before)) {
            found.remove(before);
            pointed.remove(event.order());
          }
        }
        default -> {
          if (then && !event.gone()) {
            found.put(relation.text(), relation);
          } else if (then) {
            found.remove(relation.text());
          }
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static Relation relation(Link link, Event event) {
    Map<String, String> ends =
        switch (link.name()) {
          case "link_order_customer" ->
              Map.of("order", "" + event.order(), "customer", event.customer());
          case "link_order_line" -> Map.of("order", "" + event.order(), "product", event.product());
          case "link_parents" -> Map.of("child", event.product(), "parent", event.parent());
          default -> Map.of("product", event.product(), "customer", event.customer());
        };
    StringBuilder text = new StringBuilder();
    link.ends().forEach(end -> text.append(ends.get(end.role())).append('-'));
    link.dependentKey().forEach(column -> text.append(event.line()).append('-'));
    return new Relation(text.toString(), ends, event.line());
  }
}
