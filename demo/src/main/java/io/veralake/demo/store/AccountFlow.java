package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Customers' credentials: most have some, some choose another password, some give their account up.
 * And the shop's lists of codes, which are relabelled, dropped and taken up again.
 */
final class AccountFlow {
  private static final int GUESTS = 100;
  private static final int LABEL = 3;

  private final Agenda agenda;
  private final Population population;
  private final ShopTable credentials;
  private final ShopTable codes;
  private final SplittableRandom random;
  private final double scale;
  private final TreeMap<Long, Object[]> known = new TreeMap<>();
  private final List<Object[]> listed = new ArrayList<>();

  AccountFlow(Simulated simulated, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.population = simulated.population();
    this.scale = simulated.scale();
    this.credentials = new ShopTable(simulated.log(), SourceTable.CREDENTIALS);
    this.codes = new ShopTable(simulated.log(), SourceTable.CODES);
    this.random = random;
  }

  /** What is there on the eve of the first day. */
  Map<SourceTable, List<Object[]>> rows() {
    list("order_status", "new", "paid", "shipped", "delivered", "cancelled", "on-hold");
    list("interaction_type", "browse", "search", "cart", "purchase", "fax");
    for (Object[] user : this.population.users()) {
      if (this.random.nextInt(1000) >= GUESTS) {
        long id = (Long) user[0];
        this.known.put(id, credentials(id));
      }
    }
    Map<SourceTable, List<Object[]>> rows = new LinkedHashMap<>();
    rows.put(SourceTable.CODES, this.listed);
    rows.put(SourceTable.CREDENTIALS, new ArrayList<>(this.known.values()));
    return rows;
  }

  private void list(String list, String... codes) {
    for (String code : codes) {
      String label = code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1);
      this.listed.add(new Object[] {this.listed.size() + 1L, list, code, label});
    }
  }

  private Object[] credentials(long user) {
    String hash = String.format(Locale.ROOT, "$2b$12$%016x", this.random.nextLong());
    return new Object[] {user, hash, this.agenda.now()};
  }

  /** Plans a day's changes. */
  void plan(int day) {
    long changes = Math.max(4, Math.round(40 * this.scale));
    for (long i = 0; i < changes; i++) {
      at(day, this::change);
    }
    if (day == 2) {
      at(day, () -> relabel(4, "Cancelled by customer or shop"));
      at(day, () -> this.codes.delete(this.listed.get(5)));
      at(day, () -> this.codes.delete(this.listed.get(10)));
    } else if (day == 3) {
      at(day, () -> this.codes.insert(this.listed.get(5)));
    }
  }

  private void relabel(int index, String label) {
    this.listed.set(index, this.codes.update(this.listed.get(index), LABEL, label));
  }

  private void change() {
    long user = 1 + this.random.nextInt(this.population.knownUsers());
    Object[] row = this.known.get(user);
    if (row == null) {
      Object[] fresh = credentials(user);
      this.known.put(user, fresh);
      this.credentials.insert(fresh);
    } else if (this.random.nextInt(4) == 0) {
      this.known.remove(user);
      this.credentials.delete(row);
    } else {
      Object[] fresh = credentials(user);
      this.known.put(user, this.credentials.update(row, 1, fresh[1], 2, fresh[2]));
    }
  }

  private void at(int day, Runnable change) {
    long time = this.random.nextLong(StoreCalendar.HOUR, StoreCalendar.DAY - StoreCalendar.HOUR);
    this.agenda.at(StoreCalendar.start(day) + time, change);
  }
}
