package io.veralake.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Collision codes of hubs, as those who refer to them see them. */
final class HubCodes {
  /** The column that a hub has for them. */
  static final Column COLUMN =
      new Column(Hub.COLLISION_CODE, new ColumnType(ColumnType.Kind.STRING, 0, 0));

  private HubCodes() {}

  /** Whether any source of the hub {@code node} says one; then all have to. */
  static boolean declared(Node node) {
    return VaultSourceReader.nodes(node).stream().anyMatch(VaultWanted::isCoded);
  }

  /** What the hub's own sources may say: any, if there are codes. */
  static Map<String, Set<String>> ofHub(Node node) {
    return declared(node) ? Map.of(Hub.COLLISION_CODE, Set.of()) : Map.of();
  }

  /** What sources of a link may say, by the columns of its ends. */
  static Map<String, Set<String>> of(List<Link.End> ends) {
    Map<String, Set<String>> result = new LinkedHashMap<>();
    Map<String, String> names = VaultReader.endNames(ends);
    for (Link.End end : ends) {
      if (end.hub().coded()) {
        String full = end.role() + "." + Hub.COLLISION_CODE;
        names.forEach(
            (name, of) -> {
              if (of.equals(full)) {
                result.put(name, known(end.hub()));
              }
            });
      }
    }
    return result;
  }

  /** What sources of a satellite may say that describes {@code parent}. */
  static Map<String, Set<String>> of(VaultTable parent) {
    if (parent instanceof Link link) {
      return of(link.ends());
    }
    return parent instanceof Hub hub && hub.coded()
        ? Map.of(Hub.COLLISION_CODE, known(hub))
        : Map.of();
  }

  /** The codes that the hub's sources have. */
  private static Set<String> known(Hub hub) {
    Set<String> codes = new TreeSet<>();
    for (VaultSource source : hub.sources()) {
      String sql = source.columns().getOrDefault(Hub.COLLISION_CODE, "''");
      codes.add(ValueForm.unquoted(sql));
    }
    return codes;
  }
}
