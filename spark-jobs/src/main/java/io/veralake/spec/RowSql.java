package io.veralake.spec;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Judges SQL of a model that makes a value from one row: before there is a lake, and before a
 * source was read. What it lets pass depends on nothing but the row.
 */
public interface RowSql {
  /** Judges nothing: for readers of a model that was judged before. */
  RowSql UNJUDGED = (sql, scope, want) -> Verdict.UNKNOWN;

  /** What an expression has to be. */
  enum Want {
    /** A value that can be cast to the type. */
    VALUE,
    /** A truth value. */
    CONDITION,
    /** An array. */
    ARRAY
  }

  /**
   * What is wanted.
   *
   * @param want what it has to be
   * @param type for a value: the type to which it is cast, as SQL writes it; empty: any
   */
  record Wanted(Want want, String type) {
    /** A condition. */
    public static final Wanted CONDITION = new Wanted(Want.CONDITION, "");

    /** An array. */
    public static final Wanted ARRAY = new Wanted(Want.ARRAY, "");

    /** A value of any type. */
    public static final Wanted VALUE = new Wanted(Want.VALUE, "");

    /** A value that can be cast to {@code type}. */
    public static Wanted value(ColumnType type) {
      return new Wanted(Want.VALUE, type.sql());
    }
  }

  /**
   * What expressions see.
   *
   * @param columns types of columns by lower-case name, as SQL writes them; empty: there is such a
   *     column, its type isn't known
   * @param complete whether there are no others, but for the metadata of raw rows
   * @param of what the columns are of, for messages
   */
  record Scope(Map<String, String> columns, boolean complete, String of) {
    /** Copies the map. */
    public Scope {
      Map<String, String> copied = new LinkedHashMap<>();
      columns.forEach((name, type) -> copied.put(name.toLowerCase(Locale.ROOT), type));
      columns = java.util.Collections.unmodifiableMap(copied);
    }

    /** The same with more columns, which hide those of their names. */
    public Scope with(Map<String, String> more) {
      Map<String, String> all = new LinkedHashMap<>(this.columns);
      more.forEach((name, type) -> all.put(name.toLowerCase(Locale.ROOT), type));
      return new Scope(all, this.complete, this.of);
    }

    /** The same, called otherwise. */
    public Scope of(String name) {
      return new Scope(this.columns, this.complete, name);
    }
  }

  /**
   * What an expression is.
   *
   * @param fault what is wrong with it, and what would be right; empty: nothing
   * @param type its type, as SQL writes it; empty: not known
   */
  record Verdict(Optional<String> fault, String type) {
    /** Nothing is known to be wrong. */
    public static final Verdict UNKNOWN = new Verdict(Optional.empty(), "");

    /** Wrong, for the reason {@code fault}. */
    public static Verdict wrong(String fault) {
      return new Verdict(Optional.of(fault), "");
    }
  }

  /** Judges {@code sql}, which sees {@code scope}. */
  Verdict judge(String sql, Scope scope, Wanted wanted);
}
