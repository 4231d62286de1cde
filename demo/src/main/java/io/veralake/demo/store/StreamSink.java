package io.veralake.demo.store;

/** Takes the rows that the stream's consumer writes. */
interface StreamSink {
  /** A sink that keeps nothing, for days that are only played again. */
  StreamSink NOTHING =
      new StreamSink() {
        @Override
        public void line(OrderLineRow row) {}

        @Override
        public void stock(StockRow row) {}
      };

  void line(OrderLineRow row);

  void stock(StockRow row);
}
