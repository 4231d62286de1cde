package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;

/** The nights of a shop's stream: some that were before, and what stands out. */
final class ShopQuality {
  private final Shop shop;

  ShopQuality(Shop shop) {
    this.shop = shop;
  }

  /** {@code nights} nights before the run of {@code asOf} that found {@code missing} rows each. */
  void earlierNights(long asOf, int nights, long missing) {
    this.shop
        .lake
        .spark()
        .sql(
            "SELECT s.*, s.as_of - make_dt_interval(CAST(n.id AS int) + 1) AS night FROM %s s CROSS JOIN range(%d) n WHERE s.as_of = timestamp '%s'"
                .formatted(
                    this.shop.lake.sqlName("recon.summary"), nights, Shop.START.plusSeconds(asOf)))
        .withColumn("as_of", col("night"))
        .withColumn("missing", lit(missing))
        .drop("night")
        .createOrReplaceTempView("earlier_" + this.shop.database);
    this.shop
        .lake
        .spark()
        .sql(
            "INSERT INTO %s SELECT * FROM earlier_%s"
                .formatted(this.shop.lake.sqlName("recon.summary"), this.shop.database));
  }

  /** What stands out as {@code cause differences/compared usual}, of the lake and of ClickHouse. */
  List<String> unusual(long asOf) {
    List<String> found = new ArrayList<>();
    String what =
        " WHERE unusual AND reconciliation = '"
            + this.shop.reconciliation.name()
            + "' AND as_of = ";
    this.shop
        .lake
        .spark()
        .sql(
            "SELECT concat(cause, ' ', differences, '/', compared, ' ', CAST(usual AS decimal(9,4))) FROM "
                + this.shop.lake.sqlName("recon.quality")
                + what
                + "timestamp '"
                + Shop.START.plusSeconds(asOf)
                + "'")
        .collectAsList()
        .forEach(row -> found.add("lake: " + row.getString(0)));
    this.shop
        .clickHouse()
        .rows(
            "SELECT concat(cause, ' ', toString(differences), '/', toString(compared), ' ', toDecimalString(usual, 4)) FROM recon.quality"
                + what
                + "fromUnixTimestamp64Micro("
                + Shop.micros(asOf)
                + ")")
        .forEach(row -> found.add("ClickHouse: " + row.get(0)));
    return found;
  }
}
