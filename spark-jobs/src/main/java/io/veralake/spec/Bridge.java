package io.veralake.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which keys belonged together at each of many instants: those of a hub, and of the links and hubs
 * that a walk from it over links reaches. A row is a way along the walk.
 *
 * @param name its table
 * @param hub where the walk begins
 * @param walk the steps, in order, at least one
 * @param ends which keys of hubs count that the walk reaches
 * @param named hubs of the walk whose business keys are shown too
 * @param satellites those that say which keys of its hubs and links were there
 * @param calendar the instants
 * @param names of its columns
 */
public record Bridge(
    String name,
    Hub hub,
    List<Step> walk,
    Ends ends,
    List<Hub> named,
    List<Satellite> satellites,
    SnapshotCalendar calendar,
    VaultNames names)
    implements VaultTable {
  /** Which keys of hubs count that a walk reaches. */
  public enum Ends {
    /** Those that were there. */
    IN_FORCE,
    /** All that a link names which was in force. */
    ANY
  }

  /** What becomes of keys that a step finds no partner for. */
  public enum Join {
    /** They stay, with nulls. */
    LEFT,
    /** They go. */
    INNER,
    /** They stay, with the unknown records of the link and of the hubs that it leads to. */
    UNKNOWN
  }

  /**
   * A step over a link.
   *
   * @param link the link
   * @param from the end that the step enters by
   * @param at the bridge's column whose keys that end has: a hash key that was reached before
   * @param to the ends that it reaches
   * @param prefix what the names of its columns begin with, before an underscore; empty: they are
   *     called as in the link
   * @param join what becomes of keys without a partner
   */
  public record Step(
      Link link, Link.End from, String at, List<Link.End> to, String prefix, Join join) {
    /** Copies the list. Throws if the ends aren't the link's. */
    public Step {
      to = List.copyOf(to);
      if (!link.ends().contains(from) || !link.ends().containsAll(to) || to.contains(from)) {
        throw new IllegalArgumentException("ends of " + link.name());
      }
    }

    /** What {@code column} of its link or hubs is called in the bridge. */
    public String column(String column) {
      return this.prefix.isEmpty() ? column : this.prefix + "_" + column;
    }

    /** The bridge's column for the link's key. */
    public String linkKey() {
      return this.column(this.link.hashKey());
    }

    /** The bridge's column for an end that it reaches. */
    public String endKey(Link.End end) {
      return this.column(end.hashKey());
    }
  }

  /**
   * A column that shows one of another table.
   *
   * @param name what it is called
   * @param table the hub or link
   * @param column the column of that
   * @param type its type; empty: a hash
   */
  public record Shown(String name, VaultTable table, String column, Optional<ColumnType> type) {}

  /** Copies the lists. Throws if a step doesn't start where the walk has been. */
  public Bridge {
    walk = List.copyOf(walk);
    named = List.copyOf(named);
    satellites = List.copyOf(satellites);
    Map<String, Hub> reached = new LinkedHashMap<>(Map.of(hub.hashKey(), hub));
    for (Step step : walk) {
      Hub start = reached.get(step.at());
      if (start == null || !start.name().equals(step.from().hub().name())) {
        throw new IllegalArgumentException(step.link().name() + " at " + step.at());
      }
      step.to().forEach(end -> reached.put(step.endKey(end), end.hub()));
    }
    Set<String> columns = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    shown(hub, walk, named)
        .forEach(
            one -> {
              if (!columns.add(one.name())) {
                throw new IllegalArgumentException("column " + one.name());
              }
            });
  }

  /** With the satellites of {@code vault} that say what was in force. */
  public static Bridge over(
      Collection<? extends VaultTable> vault,
      String name,
      Hub hub,
      List<Step> walk,
      Ends ends,
      List<Hub> named,
      SnapshotCalendar calendar,
      VaultNames names) {
    Map<String, VaultTable> timed = new LinkedHashMap<>();
    timed.put(hub.name(), hub);
    walk.forEach(step -> timed.put(step.link().name(), step.link()));
    if (ends == Ends.IN_FORCE) {
      walk.forEach(step -> step.to().forEach(end -> timed.put(end.hub().name(), end.hub())));
    }
    List<Satellite> satellites = new ArrayList<>();
    timed.values().forEach(table -> InForce.groups(table, vault).forEach(satellites::addAll));
    return new Bridge(name, hub, walk, ends, named, satellites, calendar, names);
  }

  /** The columns but for the instant, the hub's hash key first. */
  public List<Shown> shown() {
    return shown(this.hub, this.walk, this.named);
  }

  /** The columns that {@code step} gives. */
  public List<Shown> shown(Step step) {
    return shown(step, this.named);
  }

  /** The columns that a bridge of {@code hub} over {@code walk} has. */
  static List<Shown> shown(Hub hub, List<Step> walk, List<Hub> named) {
    List<Shown> shown = new ArrayList<>();
    shown.add(new Shown(hub.hashKey(), hub, hub.hashKey(), Optional.empty()));
    if (contains(named, hub)) {
      hub.businessKey().forEach(one -> shown.add(shown(one.name(), hub, one)));
    }
    walk.forEach(step -> shown.addAll(shown(step, named)));
    return shown;
  }

  private static List<Shown> shown(Step step, List<Hub> named) {
    List<Shown> shown = new ArrayList<>();
    Link link = step.link();
    shown.add(new Shown(step.linkKey(), link, link.hashKey(), Optional.empty()));
    link.dependentKey().forEach(one -> shown.add(shown(step.column(one.name()), link, one)));
    for (Link.End end : step.to()) {
      shown.add(new Shown(step.endKey(end), link, end.hashKey(), Optional.empty()));
      if (contains(named, end.hub())) {
        end.hub()
            .businessKey()
            .forEach(one -> shown.add(shown(step.column(one.name()), end.hub(), one)));
      }
    }
    return shown;
  }

  private static Shown shown(String name, VaultTable table, Column column) {
    return new Shown(name, table, column.name(), Optional.of(column.type()));
  }

  private static boolean contains(List<Hub> hubs, Hub hub) {
    return hubs.stream().anyMatch(one -> one.name().equals(hub.name()));
  }

  /** Whether the business keys of {@code one} are shown. */
  public boolean names(Hub one) {
    return contains(this.named, one);
  }

  /** Names of the columns that tell its rows apart, beside the instant. */
  public List<String> key() {
    List<String> key = new ArrayList<>(List.of(this.hashKey()));
    this.walk.forEach(step -> key.add(step.linkKey()));
    return key;
  }

  /** The tables that it is made from. */
  public List<VaultTable> inputs() {
    Map<String, VaultTable> inputs = new LinkedHashMap<>();
    inputs.put(this.hub.name(), this.hub);
    for (Step step : this.walk) {
      inputs.put(step.link().name(), step.link());
      for (Link.End end : step.to()) {
        if (this.ends == Ends.IN_FORCE || this.names(end.hub())) {
          inputs.put(end.hub().name(), end.hub());
        }
      }
    }
    this.satellites.forEach(satellite -> inputs.put(satellite.name(), satellite));
    return List.copyOf(inputs.values());
  }

  /**
   * What its rows depend on beside its inputs' rows and the calendar, as a text: a table that was
   * made by another has other rows.
   */
  public String definition() {
    List<String> parts = new ArrayList<>();
    parts.add(this.hub.name());
    for (Step step : this.walk) {
      parts.add(
          "%s %s from %s at %s to %s%s"
              .formatted(
                  Words.of(step.join()),
                  step.link().name(),
                  step.from().role(),
                  step.at(),
                  step.to().stream().map(Link.End::role).collect(Collectors.joining(" ")),
                  step.prefix().isEmpty() ? "" : " as " + step.prefix()));
    }
    parts.add("ends " + Words.of(this.ends));
    parts.add("names " + this.named.stream().map(Hub::name).collect(Collectors.joining(" ")));
    parts.add(
        "by " + this.satellites.stream().map(Satellite::name).collect(Collectors.joining(" ")));
    return String.join(", ", parts);
  }

  @Override
  public VaultRules rules() {
    return VaultRules.NONE;
  }

  /** The raw tables that feed its inputs. */
  @Override
  public List<VaultSource> sources() {
    return this.inputs().stream().flatMap(input -> input.sources().stream()).distinct().toList();
  }
}
