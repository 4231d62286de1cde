package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The stream in memory, read as ClickHouse reads a ReplacingMergeTree with FINAL. */
final class StreamRows implements StreamSink {
  private final List<OrderLineRow> lines = new ArrayList<>();
  private final List<StockRow> stock = new ArrayList<>();

  @Override
  public void line(OrderLineRow row) {
    this.lines.add(row);
  }

  @Override
  public void stock(StockRow row) {
    this.stock.add(row);
  }

  List<OrderLineRow> lines() {
    return this.lines;
  }

  List<StockRow> stock() {
    return this.stock;
  }

  /** The newest row of each key and ingest, deleted ones included, by key. */
  Map<String, List<OrderLineRow>> lastLines() {
    Map<String, OrderLineRow> newest = new TreeMap<>();
    this.lines.stream()
        .sorted(Comparator.comparingLong(OrderLineRow::receivedTime))
        .forEach(row -> newest.put(name(row) + "/" + row.ingestId(), row));
    return newest.values().stream()
        .collect(Collectors.groupingBy(StreamRows::name, TreeMap::new, Collectors.toList()));
  }

  /** The newest row of each key and ingest, by key. */
  Map<String, List<StockRow>> lastStock() {
    Map<String, StockRow> newest = new TreeMap<>();
    this.stock.stream()
        .sorted(Comparator.comparingLong(StockRow::receivedTime))
        .forEach(row -> newest.put(name(row) + "/" + row.ingestId(), row));
    return newest.values().stream()
        .collect(Collectors.groupingBy(StreamRows::name, TreeMap::new, Collectors.toList()));
  }

  static String name(OrderLineRow row) {
    return row.orderId() + "/" + row.lineNumber();
  }

  static String name(StockRow row) {
    return row.productId() + "/" + row.warehouseId();
  }
}
