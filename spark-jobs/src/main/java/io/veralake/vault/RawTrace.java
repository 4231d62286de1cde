package io.veralake.vault;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Satellite;
import io.veralake.spec.Stage;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** Goes from rows of the vault back to the raw rows that they were made of. */
public final class RawTrace {
  private static final Pattern WORD = Pattern.compile("\\w+");

  /** A condition of more positions than this takes Spark longer to plan than to read. */
  private static final int EXACT_PLACES = 200;

  private final RunContext context;
  private final VaultTable table;

  private RawTrace(RunContext context, VaultTable table) {
    this.context = context;
    this.table = table;
  }

  /**
   * Raw rows of one table.
   *
   * @param table {@code raw.table}
   * @param rows the rows, all their columns
   * @param hidden names of source columns (lower case) that personal columns of the vault are made
   *     of
   */
  public record Found(String table, List<Row> rows, Set<String> hidden) {}

  /**
   * Whether rows of {@code table} know the position of the record that they were made of: versions
   * and events do, keys don't.
   */
  public static boolean knowsPositions(VaultTable table) {
    return VaultColumns.events(table)
        || table instanceof Satellite satellite && satellite.versions();
  }

  /**
   * The raw rows of which {@code rows} of {@code table} were made, of each raw table that feeds it;
   * at most {@code most} of each. Several rows can have one record, and a record of a raw table
   * that was thinned out since is missing.
   */
  public static List<Found> of(RunContext context, VaultTable table, List<Row> rows, int most) {
    return new RawTrace(context, table).find(rows, most);
  }

  private List<Found> find(List<Row> rows, int most) {
    if (!knowsPositions(this.table)) {
      return List.of();
    }
    Map<String, Dataset<Row>> records = new LinkedHashMap<>();
    Map<String, Set<String>> hidden = new HashMap<>();
    List<Row> versions =
        rows.stream()
            .filter(row -> !row.isNullAt(row.fieldIndex(this.table.names().position().get(0))))
            .toList();
    for (VaultSource source : versions.isEmpty() ? List.<VaultSource>of() : this.table.sources()) {
      String raw = "raw." + source.from();
      if (this.lake().snapshot(source.table()).isPresent()
          && this.lake().snapshot(raw).isPresent()) {
        records.merge(raw, this.records(source, versions), Dataset::union);
        hidden.put(raw, hidden(this.context, source.from()));
      }
    }
    List<Found> found = new ArrayList<>();
    records.forEach(
        (raw, named) -> {
          Dataset<Row> all =
              this.lake()
                  .rows(raw)
                  .join(
                      functions.broadcast(named.distinct()),
                      CollectionConverters.asScala(Staging.RECORD).toSeq(),
                      "left_semi")
                  .orderBy(RawColumns.COMMIT_TIME, RawColumns.POSITION);
          List<Row> some = all.limit(most).collectAsList();
          if (!some.isEmpty()) {
            found.add(new Found(raw, some, hidden.getOrDefault(raw, Set.of())));
          }
        });
    return found;
  }

  /**
   * What names the raw rows of {@code source} that speak of the keys of {@code versions} at their
   * positions. A position alone doesn't tell rows apart: all rows of a source's first snapshot can
   * have the same one.
   */
  private Dataset<Row> records(VaultSource source, List<Row> versions) {
    List<String> position = this.table.names().position();
    Set<Row> places = new LinkedHashSet<>();
    versions.forEach(
        row -> places.add(RowFactory.create(position.stream().map(row::getAs).toArray())));
    Staging staging =
        new Staging(
                this.table,
                new HashText(this.context.engine().hash()),
                this.context.asOf(),
                new RawModels(this.context.model().land()))
            .withRecords();
    Dataset<Row> observed =
        staging.observations(source, this.lake().rows(source.table()).where(at(places)));
    List<String> same = new ArrayList<>(staging.found());
    same.addAll(position);
    Column[] columns = same.stream().map(functions::col).toArray(Column[]::new);
    Dataset<Row> wanted =
        this.lake()
            .spark()
            .createDataFrame(versions, versions.get(0).schema())
            .select(columns)
            .distinct();
    return observed
        .join(functions.broadcast(wanted), CollectionConverters.asScala(same).toSeq(), "left_semi")
        .select(Staging.RECORD.stream().map(functions::col).toArray(Column[]::new));
  }

  /**
   * Rows at {@code places}: exactly, if they are few; else between the first and the last of them.
   */
  private static Column at(Set<Row> places) {
    List<String> fields =
        Arrays.stream(RawColumns.POSITION_TYPE.fieldNames())
            .map(field -> RawColumns.POSITION + "." + field)
            .toList();
    if (places.size() > EXACT_PLACES) {
      LongSummaryStatistics major =
          places.stream().mapToLong(place -> place.getLong(0)).summaryStatistics();
      return functions.col(fields.get(0)).between(major.getMin(), major.getMax());
    }
    Column any = functions.lit(false);
    for (Row place : places) {
      Column same = functions.lit(true);
      for (int i = 0; i < fields.size(); i++) {
        same = same.and(functions.col(fields.get(i)).equalTo(place.get(i)));
      }
      any = any.or(same);
    }
    return any;
  }

  /** Names that the expressions of personal columns over {@code raw} hold. */
  private static Set<String> hidden(RunContext context, String raw) {
    Set<String> hidden = new HashSet<>();
    for (VaultTable table : context.model().vault()) {
      if (table instanceof Satellite satellite) {
        satellite.sources().stream()
            .filter(source -> source.from().equals(raw))
            .forEach(source -> hidden.addAll(personal(satellite, source)));
      }
    }
    return hidden;
  }

  /** What personal columns of {@code satellite} are made of, followed back through the stages. */
  private static Set<String> personal(Satellite satellite, VaultSource source) {
    Set<String> words = new HashSet<>();
    satellite.personal().forEach(column -> words(source.expression(column), words));
    if (words.contains(VaultSource.ITEM)) {
      words(source.explode(), words);
    }
    for (int i = source.stages().size() - 1; i >= 0; i--) {
      Stage stage = source.stages().get(i);
      List<Stage.Derived> derived = new ArrayList<>();
      stage.explode().ifPresent(explode -> derived.addAll(explode.columns()));
      derived.addAll(stage.columns());
      // A column may be made of others of its stage.
      for (int round = 0; round < derived.size(); round++) {
        derived.stream()
            .filter(column -> words.contains(column.name().toLowerCase(Locale.ROOT)))
            .forEach(column -> words(column.expression(), words));
      }
      if (words.contains(VaultSource.ITEM)) {
        stage.explode().ifPresent(explode -> words(explode.array(), words));
      }
    }
    return words;
  }

  private static void words(String expression, Set<String> into) {
    Matcher words = WORD.matcher(expression);
    while (words.find()) {
      into.add(words.group().toLowerCase(Locale.ROOT));
    }
  }

  private Lake lake() {
    return this.context.lake();
  }
}
