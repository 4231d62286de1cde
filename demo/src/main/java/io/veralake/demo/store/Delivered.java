package io.veralake.demo.store;

/** Hears of what a day's files deliver, once for each change, in the order of delivery. */
interface Delivered {
  /** Listens to nothing. */
  Delivered NOTHING =
      new Delivered() {
        @Override
        public void change(ChangeEvent event) {}

        @Override
        public void stock(long product, int warehouse, int quantity, long changed) {}
      };

  void change(ChangeEvent event);

  void stock(long product, int warehouse, int quantity, long changed);
}
