package io.veralake.spec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the declarations of tables in ClickHouse. */
final class PublicationReader {
  private static final Set<String> TAKEN =
      Set.of("default", "system", "information_schema", "recon");

  private static final Set<ColumnType.Kind> EXACT =
      Set.of(ColumnType.Kind.INT, ColumnType.Kind.BIGINT, ColumnType.Kind.DECIMAL);

  private final Map<String, Mart> marts;
  private final Set<String> martNames;
  private final Map<String, Reconciliation> reconciliations;
  private final Set<String> reconciliationNames;

  /** Over what was read, and the names of all that is declared. */
  PublicationReader(
      Map<String, Mart> marts,
      Set<String> martNames,
      Map<String, Reconciliation> reconciliations,
      Set<String> reconciliationNames) {
    this.marts = marts;
    this.martNames = martNames;
    this.reconciliations = reconciliations;
    this.reconciliationNames = reconciliationNames;
  }

  /** The table that {@code node} declares; empty if there is no such mart. */
  Optional<Publication> read(Node node) {
    String star = node.text("star");
    if (node.has("star") && (!Names.valid(star) || TAKEN.contains(star))) {
      node.invalid(
          "star", star, Names.ALLOWED + "; not " + Words.either(TAKEN.stream().sorted().toList()));
    }
    String martName = node.text("mart", node.subject());
    if (!this.martNames.contains(martName)) {
      node.unknown("mart", "mart", martName, this.martNames);
    }
    Mart mart = this.marts.get(martName);
    List<String> names =
        mart == null ? List.of() : mart.columns().stream().map(Column::name).toList();
    List<String> orderBy = node.texts("order-by");
    if (node.has("order-by") && orderBy.isEmpty()) {
      node.invalid("order-by", "[]", "at least one");
    }
    orderBy.forEach(column -> MartReader.known(node, "order-by", column, names));
    Map<String, String> types = new TreeMap<>(node.textMap("types"));
    types.keySet().forEach(column -> MartReader.known(node, "types", column, names));
    Optional<Node> child = node.object("live", "live");
    Publication.@Nullable Live live =
        child.isPresent() ? this.live(child.orElseThrow(), martName, names) : null;
    List<Column> columns = mart == null ? List.of() : mart.columns();
    List<String> measures = this.measures(node, martName, columns);
    Limits limits =
        node.object("limits", "limits")
            .map(some -> new LimitsReader(some).read(columns, summable(columns)))
            .orElse(Limits.NONE);
    node.end();
    if (mart == null) {
      return Optional.empty();
    }
    Set<String> summed = new LinkedHashSet<>(measures);
    summed.addAll(limits.measures().keySet());
    return Optional.of(
        new Publication(
            node.subject(),
            star,
            mart,
            orderBy.isEmpty() ? mart.grain() : orderBy,
            types,
            live,
            List.copyOf(summed),
            limits));
  }

  /** What is declared; else what the mart's reconciliations sum; without such, its decimals. */
  private List<String> measures(Node node, String mart, List<Column> columns) {
    List<String> summable = summable(columns);
    if (node.has("measures")) {
      return node.texts("measures").stream()
          .filter(name -> LimitsReader.measure(node, "measures", name, columns, summable))
          .toList();
    }
    List<String> compared =
        this.reconciliations.values().stream()
            .filter(reconciliation -> reconciliation.mart().name().equals(mart))
            .flatMap(reconciliation -> reconciliation.measures().stream())
            .filter(summable::contains)
            .distinct()
            .toList();
    return compared.isEmpty()
        ? columns.stream()
            .filter(column -> column.type().kind() == ColumnType.Kind.DECIMAL)
            .map(Column::name)
            .filter(summable::contains)
            .toList()
        : compared;
  }

  /** Columns whose totals are exact. */
  private static List<String> summable(List<Column> columns) {
    return columns.stream()
        .filter(column -> EXACT.contains(column.type().kind()))
        .filter(column -> column.type().scale() <= Publication.MEASURE_SCALE)
        .map(Column::name)
        .toList();
  }

  private Publication.@Nullable Live live(Node node, String martName, List<String> names) {
    String name = node.text("reconciliation");
    if (node.has("reconciliation") && !this.reconciliationNames.contains(name)) {
      node.unknown("reconciliation", "reconciliation", name, this.reconciliationNames);
    }
    Map<String, String> columns = node.textMap("columns");
    columns.keySet().forEach(column -> MartReader.known(node, "columns", column, names));
    String gone = node.text("gone", "");
    Map<String, String> lookups = this.lookups(node, martName, names);
    node.end();
    Reconciliation reconciliation = this.reconciliations.get(name);
    if (reconciliation == null) {
      return null;
    }
    if (!reconciliation.mart().name().equals(martName)) {
      node.invalid(
          "reconciliation",
          name + ", of " + reconciliation.mart().name(),
          "a reconciliation of " + martName);
    }
    return new Publication.Live(reconciliation, columns, gone, lookups);
  }

  private Map<String, String> lookups(Node node, String martName, List<String> names) {
    Map<String, String> lookups = new TreeMap<>();
    Mart mart = this.marts.get(martName);
    node.textMap("lookups")
        .forEach(
            (column, dimension) -> {
              MartReader.known(node, "lookups", column, names);
              if (mart != null && !mart.refresh().lookups().containsKey(dimension)) {
                node.unknown(
                    "lookups",
                    "lookup of mart " + martName,
                    dimension,
                    mart.refresh().lookups().keySet().stream().sorted().toList());
              } else {
                lookups.put(column, dimension);
              }
              Mart versions = this.marts.get(dimension);
              if (versions != null && versions.grain().size() != 1) {
                node.invalid(
                    "lookups",
                    column + " = " + dimension + ", whose grain is " + versions.grain(),
                    "a dimension with a grain of one column");
              }
            });
    return lookups;
  }
}
