package io.veralake.spec;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a vault table does about what isn't known.
 *
 * @param ghosts its ghost records, each with the values of the columns that aren't as usual, as
 *     text; none: it has no such record
 * @param nullKeys of a link: what a null in a business key column of an end leads to, by {@code
 *     <role>.<column>}; of a hub, by {@code .<column>}; a column that isn't named here: {@link
 *     NullKey#SKIP}
 * @param unsent of a satellite: what it does about payload that the source kept back because it
 *     hadn't changed
 * @param absentHubs of a link: what to do about keys of its ends that their hubs don't have
 * @param sharedKeys of a hub: what to do about business keys that sources claim under several
 *     collision codes
 */
public record VaultRules(
    Map<Ghost, Map<String, String>> ghosts,
    Map<String, NullKey> nullKeys,
    Unsent unsent,
    AbsentHubs absentHubs,
    SharedKeys sharedKeys) {
  /** Neither ghost records nor rows without keys. */
  public static final VaultRules NONE = new VaultRules(Map.of(), Map.of());

  /** What a satellite does about payload that the source kept back because it hadn't changed. */
  public enum Unsent {
    /** Nothing is loaded until the source sends it. */
    REFUSE,
    /**
     * The row is stored with a mark in its place, and read with the value of the version before it:
     * the model says that no change is missing in between.
     */
    CARRY
  }

  /** What to do about keys of a link's ends that their hubs don't have. */
  public enum AbsentHubs {
    /** Nothing: hubs and links are loaded independently, and nobody looks. */
    ACCEPT,
    /** They are counted. */
    COUNT,
    /** The load stops before it writes. */
    STOP
  }

  /** What to do about business keys that sources claim under several collision codes. */
  public enum SharedKeys {
    /** They are different keys, as the codes say, and counted. */
    COUNT,
    /** The load stops before it writes. */
    STOP
  }

  /** Refuses to load what the source kept back. */
  public VaultRules(Map<Ghost, Map<String, String>> ghosts, Map<String, NullKey> nullKeys) {
    this(ghosts, nullKeys, Unsent.REFUSE);
  }

  /** Of a satellite. */
  public VaultRules(
      Map<Ghost, Map<String, String>> ghosts, Map<String, NullKey> nullKeys, Unsent unsent) {
    this(ghosts, nullKeys, unsent, AbsentHubs.ACCEPT, SharedKeys.COUNT);
  }

  /** Of a link. */
  public VaultRules(
      Map<Ghost, Map<String, String>> ghosts,
      Map<String, NullKey> nullKeys,
      AbsentHubs absentHubs) {
    this(ghosts, nullKeys, Unsent.REFUSE, absentHubs, SharedKeys.COUNT);
  }

  /** Of a hub. */
  public VaultRules(
      Map<Ghost, Map<String, String>> ghosts,
      Map<String, NullKey> nullKeys,
      SharedKeys sharedKeys) {
    this(ghosts, nullKeys, Unsent.REFUSE, AbsentHubs.ACCEPT, sharedKeys);
  }

  /** A record that stands for something that isn't known. */
  public enum Ghost {
    /** What nobody named. Its hash key is all zeros. */
    UNKNOWN("(unknown)", "-1", "0001-01-01"),
    /** What was named wrongly. Its hash key is all ones. */
    ERROR("(error)", "-2", "8888-12-31");

    private final String text;
    private final String number;
    private final String date;

    Ghost(String text, String number, String date) {
      this.text = text;
      this.number = number;
      this.date = date;
    }

    /** The usual value of a column of {@code type}, as text; for booleans and binaries none. */
    public java.util.Optional<String> value(ColumnType type) {
      return switch (type.kind()) {
        case STRING -> java.util.Optional.of(this.text);
        case INT, BIGINT, FLOAT, DOUBLE, DECIMAL -> java.util.Optional.of(this.number);
        case DATE, TIMESTAMP -> java.util.Optional.of(this.date);
        case BOOLEAN, BINARY -> java.util.Optional.empty();
      };
    }
  }

  /** What a null in a key leads to. */
  public enum NullKey {
    /** The row is skipped and counted. */
    SKIP,
    /** To the hub's unknown record. */
    UNKNOWN,
    /** To the hub's error record. */
    ERROR
  }

  /** Copies the maps. */
  public VaultRules {
    Map<Ghost, Map<String, String>> copied = new EnumMap<>(Ghost.class);
    ghosts.forEach((ghost, values) -> copied.put(ghost, Map.copyOf(values)));
    ghosts = java.util.Collections.unmodifiableMap(copied);
    nullKeys = java.util.Collections.unmodifiableMap(new TreeMap<>(nullKeys));
  }

  /**
   * What a null in {@code column} of the end {@code role} leads to; of a hub's own key: role "".
   */
  public NullKey nullKey(String role, String column) {
    return this.nullKeys.getOrDefault(role + "." + column, NullKey.SKIP);
  }
}
