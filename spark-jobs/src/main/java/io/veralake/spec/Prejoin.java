package io.veralake.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rows of a source with columns of others beside their own, by equal values. They are kept in a
 * table, {@code stage.<name>}, which vault tables read as they read raw tables. A row is there once
 * each of its partners is known; until then it waits.
 *
 * @param name of the stage
 * @param from the rows
 * @param partners whose columns they get
 */
public record Prejoin(String name, VaultSource from, List<Partner> partners) {
  private static final Set<String> INTEGRAL = Set.of("tinyint", "smallint", "int", "bigint");
  private static final Set<String> PLAIN =
      Set.of("string", "binary", "boolean", "date", "timestamp", "timestamp_ntz");

  /**
   * A source that says columns of the rows that name it. All of its rows must say the same of equal
   * values of {@code on}.
   *
   * @param name what messages and its table call it
   * @param from the source's rows
   * @param on equal columns
   * @param take columns that the rows get
   */
  public record Partner(String name, VaultSource from, List<Pair> on, List<Pair> take) {
    /** Copies the lists; the order of {@code on} doesn't matter. */
    public Partner {
      on = on.stream().sorted(Comparator.comparing(Pair::column)).toList();
      take = List.copyOf(take);
    }
  }

  /**
   * A column of the rows and one of the partner.
   *
   * @param column of the rows
   * @param partner of the partner
   */
  public record Pair(String column, String partner) {}

  /** Copies the list. */
  public Prejoin {
    partners = List.copyOf(partners);
  }

  /** Its table, with the namespace. */
  public String table() {
    return "stage." + this.name;
  }

  /** The table, with the namespace, of what is known of {@code partner}. */
  public String table(Partner partner) {
    return this.table() + "__" + partner.name();
  }

  /** All of its tables, with the namespace. */
  public Stream<String> tables() {
    return Stream.concat(Stream.of(this.table()), this.partners.stream().map(this::table));
  }

  /** Everything that it reads. */
  public List<VaultSource> sources() {
    return Stream.concat(Stream.of(this.from), this.partners.stream().map(Partner::from)).toList();
  }

  /**
   * Whether values of two types, as SQL writes them, can be told to be equal: whole numbers of any
   * width, decimals with as many digits behind the point, else the same plain type. Others would
   * have to be cast, which is for a stage to say.
   */
  public static boolean comparable(String one, String other) {
    String first = digits(one);
    return !first.isEmpty() && first.equals(digits(other));
  }

  /** Types within which values are equal if their texts are; empty: no key. */
  private static String digits(String type) {
    if (INTEGRAL.contains(type)) {
      return "0";
    }
    if (type.startsWith("decimal(")) {
      return type.substring(type.indexOf(',') + 1, type.length() - 1).strip();
    }
    return PLAIN.contains(type) ? type : "";
  }
}
