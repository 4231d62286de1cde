package io.veralake.demo.store;

import java.util.SplittableRandom;

/** Products move to other sellers, some of them back again. */
final class AssortmentFlow {
  private final Agenda agenda;
  private final Population population;
  private final ShopTable table;
  private final SplittableRandom random;
  private final double scale;

  AssortmentFlow(Simulated simulated, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.population = simulated.population();
    this.scale = simulated.scale();
    this.table = new ShopTable(simulated.log(), SourceTable.PRODUCTS);
    this.random = random;
  }

  /** Plans a day's moves. */
  void plan(int day) {
    long moves = Math.max(3, Math.round(8 * this.scale));
    for (long i = 0; i < moves; i++) {
      long time = this.random.nextLong(StoreCalendar.HOUR, 20 * StoreCalendar.HOUR);
      this.agenda.at(StoreCalendar.start(day) + time, this::move);
    }
  }

  private void move() {
    int index = this.random.nextInt(Math.min(900, this.population.knownProducts()));
    Object before = this.population.products().get(index)[Population.PRODUCT_SELLER];
    long seller = 1 + this.random.nextInt(this.population.sellers().size());
    sell(index, seller);
    if (this.random.nextInt(3) == 0) {
      this.agenda.in(
          this.random.nextLong(StoreCalendar.HOUR, 30 * StoreCalendar.HOUR),
          () -> sell(index, (Long) before));
    }
  }

  private void sell(int index, long seller) {
    Object[] product = this.population.products().get(index);
    if (!product[Population.PRODUCT_SELLER].equals(seller)) {
      Object[] moved = this.table.update(product, Population.PRODUCT_SELLER, seller);
      this.population.products().set(index, moved);
    }
  }
}
