package io.veralake.demo.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * A row of a source that keeps no log.
   *
   * @param source the raw table that it is for
   * @param key its key in the vault, as text
   * @param order where it stands among the key's rows, micros since epoch: when it applied
   * @param values what it says, as text; null if the key is gone
   */
  default void row(String source, List<String> key, long order, @Nullable List<String> values) {}
}
