package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The shop's customers, sellers and products. The rows that the journey uses are the same whatever
 * the seed.
 */
final class Population {
  static final long JOURNEY_CUSTOMER = 42;
  static final long JOURNEY_SELLER = 7;
  static final long JOURNEY_PRODUCT = 987;
  static final long JOURNEY_CABLE = 988;

  static final int USER_EMAIL = 1;
  static final int USER_PHONE = 3;
  static final int USER_REGION = 4;
  static final int USER_SEGMENT = 5;
  static final int USER_UPDATED = 7;
  static final int SELLER_RATING = 3;
  static final int PRODUCT_TITLE = 2;
  static final int PRODUCT_PRICE = 5;
  static final int PRODUCT_SELLER = 6;
  static final int PRODUCT_COLOR = 8;

  static final List<String> REGIONS = List.of("north", "south", "east", "west");
  static final List<String> SEGMENTS = List.of("new", "regular", "gold", "business");
  static final List<String> COLORS = List.of("black", "white", "red", "blue", "green");
  private static final List<String> FIRST =
      List.of("Ada", "Björn", "Chloé", "Dmitri", "Elena", "Farid", "Grace", "Hana", "Iván", "Jun");
  private static final List<String> LAST =
      List.of("Novak", "Müller", "Okafor", "Silva", "Tanaka", "O'Neil", "Rossi", "Singh", "Weiß");
  private static final List<String> CATEGORIES =
      List.of("audio", "cables", "kitchen", "garden", "books", "toys", "sports", "lighting");
  private static final List<String> ADJECTIVES =
      List.of("Wireless", "Folding", "Compact", "Classic", "Deluxe", "Silent", "\"Pro\"", "Café");
  private static final List<String> NOUNS =
      List.of("headphones", "kettle", "lamp", "ball", "notebook", "shears", "puzzle", "backpack");

  private final SplittableRandom random;
  private final List<Object[]> users = new ArrayList<>();
  private final List<Object[]> sellers = new ArrayList<>();
  private final List<Object[]> products = new ArrayList<>();
  private int knownUsers;
  private int knownProducts;

  /** The population of a shop of the given size on the eve of the first day. */
  Population(SplittableRandom random, double scale) {
    this.random = random;
    long created = StoreCalendar.start(-200);
    int sellerCount = (int) Math.max(20, 100 * scale);
    for (int i = 1; i <= sellerCount; i++) {
      this.sellers.add(seller(i));
    }
    int userCount = (int) Math.max(200, 4000 * scale);
    for (int i = 0; i < userCount; i++) {
      newUser(created + i * StoreCalendar.MINUTE);
    }
    int productCount = (int) Math.max(1000, 1000 + 1000 * scale);
    for (int i = 0; i < productCount; i++) {
      newProduct(created + i * StoreCalendar.MINUTE);
    }
    this.users.set((int) JOURNEY_CUSTOMER - 1, journeyUser(created));
    this.products.set((int) JOURNEY_PRODUCT - 1, headphones(created));
    this.products.set((int) JOURNEY_CABLE - 1, cable(created));
    this.knownUsers = userCount;
    this.knownProducts = productCount;
  }

  List<Object[]> users() {
    return this.users;
  }

  List<Object[]> sellers() {
    return this.sellers;
  }

  List<Object[]> products() {
    return this.products;
  }

  /** Adds a customer, who orders only once {@link #welcome} was called. */
  Object[] newUser(long now) {
    long id = this.users.size() + 1L;
    String first = pick(FIRST);
    String last = pick(LAST);
    String email = (first + "." + last).toLowerCase(java.util.Locale.ROOT) + id + "@example.com";
    Object[] row = {
      id, email, first + " " + last, phone(), pick(REGIONS), pick(SEGMENTS), now, now
    };
    this.users.add(row);
    return row;
  }

  /** Adds a product, which sells only once {@link #welcome} was called. */
  Object[] newProduct(long now) {
    long id = this.products.size() + 1L;
    long price = this.random.nextInt(199, 20_000);
    String category = pick(CATEGORIES);
    String title = pick(ADJECTIVES) + " " + pick(NOUNS);
    Object[] row = new Object[9];
    row[0] = id;
    row[1] = "SKU-" + id;
    row[PRODUCT_TITLE] = title;
    row[3] = category;
    row[4] = "Brand " + (char) ('A' + this.random.nextInt(26));
    row[PRODUCT_PRICE] = price;
    row[PRODUCT_SELLER] = sellerId();
    row[7] = now;
    this.products.add(row);
    return row;
  }

  /** Lets everybody and everything added so far take part. */
  void welcome() {
    this.knownUsers = this.users.size();
    this.knownProducts = this.products.size();
  }

  /** A customer who may order or change, never the journey's. */
  Object[] anyUser() {
    int index = this.random.nextInt(this.knownUsers);
    return this.users.get(index == JOURNEY_CUSTOMER - 1 ? 0 : index);
  }

  /** A product that may be sold or change, never the journey's; few products sell often. */
  Object[] anyProduct() {
    double skewed = Math.pow(this.random.nextDouble(), 2);
    int index = (int) (skewed * this.knownProducts);
    boolean journey = index == JOURNEY_PRODUCT - 1 || index == JOURNEY_CABLE - 1;
    return this.products.get(journey ? 0 : index);
  }

  /** A seller who may change, never the journey's. */
  Object[] anySeller() {
    int index = this.random.nextInt(this.sellers.size());
    return this.sellers.get(index == JOURNEY_SELLER - 1 ? 0 : index);
  }

  int knownUsers() {
    return this.knownUsers;
  }

  int knownProducts() {
    return this.knownProducts;
  }

  String phone() {
    return "+49 30 " + this.random.nextInt(1_000_000, 9_999_999);
  }

  <T> T pick(List<T> values) {
    return values.get(this.random.nextInt(values.size()));
  }

  private long sellerId() {
    return 1 + this.random.nextInt(this.sellers.size());
  }

  private Object[] seller(long id) {
    if (id == JOURNEY_SELLER) {
      return new Object[] {id, "Sound & Light GmbH", "north", 480L};
    }
    return new Object[] {
      id, pick(LAST) + " Trading " + id, pick(REGIONS), (long) this.random.nextInt(250, 501)
    };
  }

  private static Object[] journeyUser(long created) {
    return new Object[] {
      JOURNEY_CUSTOMER,
      "ada@example.com",
      "Ada Lind",
      "+49 30 1234567",
      "north",
      "gold",
      created,
      created
    };
  }

  private static Object[] headphones(long created) {
    Object[] row = {
      JOURNEY_PRODUCT,
      "SKU-987",
      "Wireless headphones",
      "audio",
      "Aurora",
      59_90L,
      JOURNEY_SELLER,
      created,
      null
    };
    return row;
  }

  private static Object[] cable(long created) {
    Object[] row = {
      JOURNEY_CABLE,
      "SKU-988",
      "USB-C cable, 2 m",
      "cables",
      "Aurora",
      9_95L,
      JOURNEY_SELLER,
      created,
      null
    };
    return row;
  }
}
