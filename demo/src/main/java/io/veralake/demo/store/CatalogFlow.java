package io.veralake.demo.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Customers come and change their profile, products come and change price or title, sellers are
 * rated; on day 2 products get a color.
 */
final class CatalogFlow {
  private final Agenda agenda;
  private final ChangeLog log;
  private final Population population;
  private final SplittableRandom random;
  private final double scale;

  CatalogFlow(Simulated simulated, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.log = simulated.log();
    this.population = simulated.population();
    this.scale = simulated.scale();
    this.random = random;
  }

  /**
   * Writes the snapshot of what is there on the eve of the first day.
   *
   * @param others rows of tables that aren't the catalogue's, which come before these
   */
  void snapshot(Map<SourceTable, List<Object[]>> others) {
    Map<SourceTable, List<Object[]>> all = new LinkedHashMap<>(others);
    all.put(SourceTable.PRODUCTS, this.population.products());
    all.put(SourceTable.SELLERS, this.population.sellers());
    all.put(SourceTable.USERS, this.population.users());
    boolean first = true;
    for (Map.Entry<SourceTable, List<Object[]>> table : all.entrySet()) {
      List<Object[]> rows = table.getValue();
      for (int i = 0; i < rows.size(); i++) {
        String marker = i == 0 ? "first_in_data_collection" : "true";
        if (i == rows.size() - 1) {
          boolean last = table.getKey() == SourceTable.USERS;
          marker = last ? "last" : "last_in_data_collection";
        }
        this.log.snapshot(table.getKey(), rows.get(i), first ? "first" : marker);
        first = false;
      }
    }
  }

  /** Plans a day's changes. */
  void plan(int day) {
    long start = StoreCalendar.start(day);
    if (day == 2) {
      this.agenda.at(start + 8 * StoreCalendar.HOUR, this.log::addColor);
    }
    this.agenda.at(start + StoreCalendar.HOUR, this.population::welcome);
    spread(day, 40, this::newUser);
    spread(day, 80, this::changeProfile);
    spread(day, 30, this::changeContact);
    spread(day, 10, this::newProduct);
    spread(day, 60, this::changePrice);
    spread(day, 20, day < 2 ? this::changeTitle : this::changeLook);
    spread(day, 3, this::changeRating);
  }

  private void spread(int day, int count, Runnable change) {
    long changes = Math.max(2, Math.round(count * this.scale));
    for (long i = 0; i < changes; i++) {
      long time =
          StoreCalendar.start(day) + this.random.nextLong(StoreCalendar.HOUR, StoreCalendar.DAY);
      this.agenda.at(time, change);
    }
  }

  private void newUser() {
    insert(SourceTable.USERS, this.population.newUser(this.agenda.now()));
  }

  private void changeProfile() {
    Object[] user = this.population.anyUser();
    int column = this.random.nextInt(3) == 0 ? Population.USER_REGION : Population.USER_SEGMENT;
    List<String> values =
        column == Population.USER_REGION ? Population.REGIONS : Population.SEGMENTS;
    changeUser(user, column, this.population.pick(values));
  }

  private void changeContact() {
    Object[] user = this.population.anyUser();
    if (this.random.nextBoolean()) {
      changeUser(user, Population.USER_PHONE, this.population.phone());
    } else {
      changeUser(
          user, Population.USER_EMAIL, "mail" + this.random.nextInt(1_000_000) + "@example.net");
    }
  }

  private void changeUser(Object[] user, int column, Object value) {
    Object[] after = OrderDesk.with(user, column, value);
    after[Population.USER_UPDATED] = this.agenda.now();
    update(SourceTable.USERS, this.population.users(), user, after);
  }

  private void newProduct() {
    Object[] row = this.population.newProduct(this.agenda.now());
    if (StoreCalendar.day(this.agenda.now()) > 2) {
      row[Population.PRODUCT_COLOR] = this.population.pick(Population.COLORS);
    }
    insert(SourceTable.PRODUCTS, row);
  }

  private void changePrice() {
    Object[] product = this.population.anyProduct();
    long price = (Long) product[Population.PRODUCT_PRICE];
    long change = price * this.random.nextInt(-10, 11) / 100 + 1;
    changeProduct(product, Population.PRODUCT_PRICE, price + change);
  }

  private void changeTitle() {
    Object[] product = this.population.anyProduct();
    changeProduct(product, Population.PRODUCT_TITLE, product[Population.PRODUCT_TITLE] + ", new");
  }

  private void changeLook() {
    boolean colored = this.agenda.now() > StoreCalendar.start(2) + 8 * StoreCalendar.HOUR;
    if (colored) {
      Object[] product = this.population.anyProduct();
      changeProduct(product, Population.PRODUCT_COLOR, this.population.pick(Population.COLORS));
    } else {
      changeTitle();
    }
  }

  private void changeProduct(Object[] product, int column, Object value) {
    Object[] after = OrderDesk.with(product, column, value);
    update(SourceTable.PRODUCTS, this.population.products(), product, after);
  }

  private void changeRating() {
    Object[] seller = this.population.anySeller();
    Object[] after =
        OrderDesk.with(seller, Population.SELLER_RATING, (long) this.random.nextInt(250, 501));
    update(SourceTable.SELLERS, this.population.sellers(), seller, after);
  }

  private void insert(SourceTable table, Object[] row) {
    this.log.begin(false);
    this.log.insert(table, row);
    this.log.commit();
  }

  private void update(SourceTable table, List<Object[]> rows, Object[] before, Object[] after) {
    rows.set(Math.toIntExact((Long) before[0]) - 1, after);
    this.log.begin(false);
    this.log.update(table, before, after);
    this.log.commit();
  }
}
