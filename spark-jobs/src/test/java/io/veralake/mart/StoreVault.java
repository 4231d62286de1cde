package io.veralake.mart;

import io.veralake.lake.Lake;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into the vault's tables as the vault stage lays them out. Rows wait until {@link
 * #flush}, which makes one commit a table.
 */
final class StoreVault {
  private final Lake lake;
  private final Map<String, List<Row>> waiting = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private long sequence;

  StoreVault(Lake lake) {
    this(lake, StoreModel.VAULT);
  }

  /** A vault of some tables only. */
  StoreVault(Lake lake, List<? extends VaultTable> tables) {
    this.lake = lake;
    for (VaultTable table : tables) {
      lake.spark()
          .sql(
              "CREATE TABLE %s (%s) USING iceberg"
                  .formatted(lake.sqlName("vault." + table.name()), type(table).toDDL()));
    }
  }

  void customer(long id, String region, String segment, Instant at) {
    this.satellite(StoreModel.PROFILE, this.hub(StoreModel.CUSTOMER, id), at, region, segment);
  }

  void customerDeleted(long id, Instant at) {
    this.satellite(StoreModel.PROFILE, this.hub(StoreModel.CUSTOMER, id), at);
  }

  void product(long id, String title, String category, Instant at) {
    this.satellite(
        StoreModel.DESCRIPTION,
        this.hub(StoreModel.PRODUCT, id),
        at,
        "sku" + id,
        title,
        category,
        "brand",
        null);
  }

  void price(long id, String price, Instant at) {
    this.satellite(
        StoreModel.PRICE, this.hub(StoreModel.PRODUCT, id), at, new java.math.BigDecimal(price));
  }

  void seller(long id, String name, String region, Instant at) {
    this.satellite(
        StoreModel.SELLER_SAT,
        this.hub(StoreModel.SELLER, id),
        at,
        name,
        region,
        new java.math.BigDecimal("4.50"));
  }

  void order(long id, long customer, Instant orderTime, @Nullable String region, Instant at) {
    byte[] order = this.hub(StoreModel.ORDER, id);
    this.link(StoreModel.ORDER_CUSTOMER, List.of(order, this.hub(StoreModel.CUSTOMER, customer)));
    this.satellite(StoreModel.ORDER_SAT, order, at, Timestamp.from(orderTime), "web", region);
  }

  void status(long id, String status, Instant at) {
    this.satellite(StoreModel.STATUS, this.hub(StoreModel.ORDER, id), at, status);
  }

  void orderDeleted(long id, Instant at) {
    byte[] order = this.hub(StoreModel.ORDER, id);
    this.satellite(StoreModel.ORDER_SAT, order, at);
    this.satellite(StoreModel.STATUS, order, at);
  }

  void line(
      long order, int number, long product, long seller, int quantity, String price, Instant at) {
    this.satellite(
        StoreModel.LINE,
        this.lineKey(order, number, product, seller),
        at,
        quantity,
        new java.math.BigDecimal(price),
        new java.math.BigDecimal("0.00"));
  }

  void lineDeleted(long order, int number, long product, long seller, Instant at) {
    this.satellite(StoreModel.LINE, this.lineKey(order, number, product, seller), at);
  }

  void stock(long product, int warehouse, int quantity, Instant at) {
    byte[] link =
        this.link(
            StoreModel.STOCK,
            List.of(
                this.hub(StoreModel.PRODUCT, product), this.hub(StoreModel.WAREHOUSE, warehouse)));
    this.satellite(StoreModel.STOCK_SAT, link, at, quantity);
  }

  /** Commits what waits, one append a table. */
  void flush() {
    this.waiting.forEach(
        (name, rows) -> {
          VaultTable table =
              StoreModel.VAULT.stream()
                  .filter(one -> one.name().equals(name))
                  .findFirst()
                  .orElseThrow();
          this.lake.append(
              this.lake.spark().createDataFrame(rows, type(table)).coalesce(1),
              "vault." + name,
              "vault",
              Map.of());
        });
    this.waiting.clear();
  }

  private byte[] lineKey(long order, int number, long product, long seller) {
    return this.link(
        StoreModel.ORDER_LINE,
        List.of(
            this.hub(StoreModel.ORDER, order),
            this.hub(StoreModel.PRODUCT, product),
            this.hub(StoreModel.SELLER, seller)),
        number);
  }

  private byte[] hub(Hub hub, Number key) {
    byte[] hash = hash(hub.name() + key);
    if (this.seen.add(hub.name() + key)) {
      this.add(hub, hash, key, loaded(), "test");
    }
    return hash;
  }

  private byte[] link(Link link, List<byte[]> ends, Object... dependent) {
    String text =
        link.name() + ends.stream().map(Arrays::toString).toList() + Arrays.toString(dependent);
    byte[] hash = hash(text);
    if (this.seen.add(text)) {
      List<Object> values = new ArrayList<>(List.of(hash));
      values.addAll(ends);
      values.addAll(List.of(dependent));
      values.addAll(List.of(loaded(), "test"));
      this.add(link, values.toArray());
    }
    return hash;
  }

  private void satellite(Satellite satellite, byte[] key, Instant at, @Nullable Object... payload) {
    boolean deleted = payload.length == 0;
    List<@Nullable Object> values = new ArrayList<>();
    values.add(key);
    values.add(hash(deleted ? "d" : Arrays.toString(payload)));
    values.addAll(
        deleted
            ? java.util.Collections.nCopies(satellite.payload().size(), null)
            : Arrays.asList(payload));
    values.add(deleted);
    values.add(Timestamp.from(at));
    values.addAll(List.of(at.toEpochMilli(), this.sequence++, 0L));
    values.add(loaded());
    values.add("test");
    this.add(satellite, values.toArray());
  }

  private void add(VaultTable table, @Nullable Object... values) {
    this.waiting
        .computeIfAbsent(table.name(), name -> new ArrayList<>())
        .add(RowFactory.create(values));
  }

  private static Timestamp loaded() {
    return Timestamp.from(Instant.EPOCH);
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StructType type(VaultTable table) {
    StructType type = new StructType();
    for (Map.Entry<String, String> column : VaultColumns.types(table, "binary").entrySet()) {
      type = type.add(column.getKey(), DataType.fromDDL(column.getValue()));
    }
    return type;
  }
}
