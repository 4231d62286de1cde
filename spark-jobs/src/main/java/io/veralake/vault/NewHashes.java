package io.veralake.vault;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unhex;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.HashRules;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of a vault table with hashes computed anew from what is stored: a hub's business keys; a
 * link's through its hubs; a satellite's through its parent, its hashdiff from its payload. Records
 * that stand for no key, of zeros or ones, stay such.
 */
final class NewHashes {
  /** The old hash key. */
  static final String OLD = "_old_key";

  private final Lake lake;
  private final HashText hash;

  NewHashes(Lake lake, HashText hash) {
    this.lake = lake;
    this.hash = hash;
  }

  /** Columns of {@code table} that hold hashes. */
  static List<String> columns(VaultTable table) {
    List<String> result = new ArrayList<>(List.of(table.hashKey()));
    if (table instanceof Link link) {
      link.ends().forEach(end -> result.add(end.hashKey()));
    } else if (table instanceof Satellite satellite) {
      result.add(satellite.names().hashdiff());
    }
    return result;
  }

  /** The rows, in the table's columns, with {@link #OLD}. Rows without parent are missing. */
  Dataset<Row> of(VaultTable table) {
    Dataset<Row> rows = this.lake.rows(VaultTables.name(table));
    Dataset<Row> result = rows.withColumn(OLD, col(table.hashKey()));
    if (table instanceof Hub hub) {
      result = result.withColumn(hub.hashKey(), this.key(hub.hashKey(), parts(hub, "")));
    } else if (table instanceof Link link) {
      result = this.link(link, result);
    } else {
      result = this.satellite((Satellite) table, result);
    }
    List<Column> columns = new ArrayList<>();
    for (String column : rows.columns()) {
      columns.add(col("`" + column + "`"));
    }
    columns.add(col(OLD));
    return result.select(columns.toArray(Column[]::new));
  }

  private Dataset<Row> link(Link link, Dataset<Row> rows) {
    Dataset<Row> result = this.named(link, rows);
    List<Column> ends = new ArrayList<>();
    for (Link.End end : link.ends()) {
      ends.add(this.key(end.hashKey(), parts(end.hub(), prefix(end))));
    }
    result = result.withColumn(link.hashKey(), this.key(link.hashKey(), parts(link)));
    for (int i = 0; i < ends.size(); i++) {
      result = result.withColumn(link.ends().get(i).hashKey(), ends.get(i));
    }
    return result;
  }

  private Dataset<Row> satellite(Satellite satellite, Dataset<Row> rows) {
    VaultTable parent = satellite.parent();
    Dataset<Row> named = this.lake.rows(VaultTables.name(parent));
    List<HashText.Part> parts = new ArrayList<>();
    if (parent instanceof Link link) {
      named = this.named(link, named);
      parts.addAll(parts(link));
    } else {
      parts.addAll(parts((Hub) parent, ""));
    }
    List<Column> columns = new ArrayList<>(List.of(col(parent.hashKey()).as("_parent")));
    for (int i = 0; i < parts.size(); i++) {
      columns.add(parts.get(i).value().as("_part_" + i));
    }
    Dataset<Row> keys = named.select(columns.toArray(Column[]::new));
    List<HashText.Part> keyed = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      keyed.add(new HashText.Part(parts.get(i).name(), parts.get(i).type(), col("_part_" + i)));
    }
    Column ghost = this.ghost(col(satellite.hashKey()));
    Dataset<Row> joined =
        rows.join(keys, col(satellite.hashKey()).equalTo(col("_parent")), "left")
            .filter(col("_parent").isNotNull().or(ghost));
    Column difference =
        when(ghost, this.standing(col(satellite.names().hashdiff())))
            .when(coalesce(col(satellite.names().deleted()), lit(false)), this.hash.deletion())
            .otherwise(this.hash.difference(compared(satellite, keyed)));
    return joined
        .withColumn(satellite.names().hashdiff(), difference)
        .withColumn(satellite.hashKey(), this.key(satellite.hashKey(), keyed));
  }

  private static List<HashText.Part> compared(Satellite satellite, List<HashText.Part> keyed) {
    List<HashText.Part> result = new ArrayList<>();
    for (String name : satellite.hashdiff()) {
      Optional<io.veralake.spec.Column> column =
          satellite.payload().stream().filter(one -> one.name().equals(name)).findFirst();
      result.add(
          column
              .map(one -> new HashText.Part(name, one.type(), col(one.name())))
              .or(() -> keyed.stream().filter(part -> part.name().equals(name)).findFirst())
              .orElseThrow());
    }
    return result;
  }

  /** {@code rows} of {@code link} with the business keys of its ends. */
  private Dataset<Row> named(Link link, Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (Link.End end : link.ends()) {
      String prefix = prefix(end);
      List<Column> columns = new ArrayList<>(List.of(col(end.hub().hashKey()).as(prefix)));
      end.hub()
          .businessKey()
          .forEach(column -> columns.add(col(column.name()).as(prefix + column.name())));
      Dataset<Row> keys =
          this.lake.rows(VaultTables.name(end.hub())).select(columns.toArray(Column[]::new));
      result =
          result
              .join(keys, col(end.hashKey()).equalTo(col(prefix)), "left")
              .filter(col(prefix).isNotNull().or(this.ghost(col(end.hashKey()))));
    }
    return result;
  }

  private Column key(String column, List<HashText.Part> parts) {
    return when(this.ghost(col(column)), this.standing(col(column)))
        .otherwise(this.hash.key(parts));
  }

  private Column ghost(Column key) {
    return this.digits(key).rlike("^(0+|[fF]+)$");
  }

  /** The key of zeros or ones in the length of the configured algorithm. */
  private Column standing(Column key) {
    int length =
        switch (this.hash.rules().algorithm()) {
          case "MD5" -> 32;
          case "SHA-1" -> 40;
          default -> 64;
        };
    Column digits = functions.repeat(functions.substring(this.digits(key), 1, 1), lit(length));
    return this.binary() ? unhex(digits) : digits;
  }

  private Column digits(Column key) {
    return this.binary() ? hex(key) : key;
  }

  private boolean binary() {
    return this.hash.rules().form() == HashRules.Form.BINARY;
  }

  private static String prefix(Link.End end) {
    return "_end_" + end.role() + "_";
  }

  private static List<HashText.Part> parts(Link link) {
    List<HashText.Part> result = new ArrayList<>();
    link.ends().forEach(end -> result.addAll(parts(end.hub(), prefix(end))));
    link.dependentKey()
        .forEach(
            column ->
                result.add(new HashText.Part(column.name(), column.type(), col(column.name()))));
    return result;
  }

  private static List<HashText.Part> parts(Hub hub, String prefix) {
    return hub.businessKey().stream()
        .map(column -> new HashText.Part(column.name(), column.type(), col(prefix + column.name())))
        .toList();
  }
}
