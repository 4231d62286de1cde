package io.veralake.demo.store;

/** A row of {@code rt.stock}; times in micros since epoch. */
record StockRow(
    long productId,
    int warehouseId,
    long ingestId,
    int quantity,
    long commitTime,
    long receivedTime) {

  /** Appends the row as tab-separated text. */
  void tsv(ByteText out) {
    out.number(productId).raw('\t').number(warehouseId).raw('\t').number(ingestId).raw('\t');
    out.number(quantity).raw("\t0\t").time(commitTime, ' ').raw('\t').time(receivedTime, ' ');
    out.raw('\n');
  }
}
