package io.veralake.demo.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The five kinds of documents, as JSON lines; some of the services' logs are not JSON, and are
 * meant to be so.
 */
final class Documents {
  private static final List<String> TYPES = List.of("browse", "search", "cart", "purchase");
  private static final List<String> PAGES = List.of("Home Page", "Product Page", "Search", "Cart");
  private static final List<String> ACTIONS = List.of("click", "scroll", "submit", "leave");
  private static final List<String> OPINIONS =
      List.of(
          "Great product! ...",
          "Good value",
          "Broke after a week :(",
          "Très bien – comme décrit",
          "\"Meh\"\nand slow");
  private static final List<String> TAGS = List.of("wireless", "new", "sale", "outdoor", "café");
  private static final List<String> LEVELS = List.of("INFO", "WARN", "ERROR");
  private static final int INTERACTIONS = 6000;
  private static final int REVIEWS = 150;
  private static final int LOGS = 600;
  private static final int PER_SESSION = 5;

  private final long seed;
  private final double scale;

  Documents(long seed, double scale) {
    this.seed = seed;
    this.scale = scale;
  }

  /**
   * Writes a day's documents about customers and products that are known in the morning; gives the
   * number of those that can't be read.
   */
  int write(int day, @Nullable Path input, Population population, Delivered delivered)
      throws IOException {
    if (input == null && delivered == Delivered.NOTHING) {
      return 0;
    }
    var first =
        new Context(
            day, input, new SplittableRandom(this.seed * 1_000_003 + day), population, delivered);
    var campaigns = new Campaigns(this.seed, day);
    visits(first, campaigns);
    campaigns.write(input, delivered);
    reviews(first.split());
    metadata(first.split());
    return logs(first.split());
  }

  private record Context(
      int day,
      @Nullable Path input,
      SplittableRandom random,
      Population population,
      Delivered delivered) {
    Context split() {
      return new Context(day, input, random.split(), population, delivered);
    }

    InputFile file(String type) throws IOException {
      String name = "documents/" + type + "/" + StoreCalendar.date(day) + ".jsonl";
      return new InputFile(input, name, sent());
    }

    /** When the day's files were written: all that the engine knows of a document's time. */
    long sent() {
      return StoreCalendar.start(day + 1);
    }

    /** Tells that a document is delivered. */
    void told(String source, List<Object> key, @Nullable Object... values) {
      delivered.row(
          source,
          key.stream().map(Object::toString).toList(),
          sent(),
          java.util.Arrays.stream(values).map(String::valueOf).toList());
    }

    long customer() {
      return 1 + random.nextInt(population.knownUsers());
    }

    long product() {
      return 1 + random.nextInt(population.knownProducts());
    }

    <T> T pick(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }
  }

  private long count(int perDay) {
    return Math.max(20, Math.round(perDay * this.scale));
  }

  private void visits(Context c, Campaigns campaigns) throws IOException {
    long sessions = count(INTERACTIONS) / PER_SESSION;
    long spacing = (StoreCalendar.DAY - StoreCalendar.HOUR) / sessions;
    try (InputFile events = c.file("customer_interactions");
        InputFile visits = c.file("session_data")) {
      for (long i = 0; i < sessions; i++) {
        long begin = second(StoreCalendar.start(c.day()) + i * spacing);
        String session = String.format(Locale.ROOT, "s%d-%06x", c.day(), i);
        campaigns.visit(session, visit(c, session, begin, events, visits), begin);
      }
    }
  }

  /** Writes a visit and gives its customer. */
  private static long visit(
      Context c, String session, long begin, InputFile events, InputFile visits)
      throws IOException {
    long customer = c.customer();
    long end = begin + 50 * StoreCalendar.MINUTE;
    c.told("doc_sessions", List.of(session), text(begin), text(end));
    c.told("doc_session_customers", List.of(session, customer));
    ByteText visit = visits.text();
    visit.raw("{\"session_id\":").json(session).raw(",\"customer_id\":").number(customer);
    time(visit.raw(",\"start_time\":"), begin);
    time(visit.raw(",\"end_time\":"), end);
    visit.raw(",\"pages_visited\":[");
    List<String> pages = new ArrayList<>();
    for (int i = 0; i < PER_SESSION; i++) {
      long at =
          second(
              begin + (i + 1) * StoreCalendar.MINUTE + c.random().nextLong(StoreCalendar.MINUTE));
      long product = c.product();
      String page = c.pick(PAGES);
      visit.raw(i == 0 ? "" : ",").raw("{\"page_name\":").json(page);
      time(visit.raw(",\"visit_timestamp\":"), at);
      visit.raw(",\"product_id\":").number(product).raw('}');
      pages.add(page + "\t" + text(at) + "\t" + product);
      ByteText event = events.text();
      int from = event.length();
      String type = c.pick(TYPES);
      event.raw("{\"customer_id\":").number(customer);
      event.raw(",\"interaction_type\":").json(type);
      time(event.raw(",\"timestamp\":"), at);
      event.raw(",\"page\":").json(page).raw(",\"product_id\":").number(product);
      String action = c.pick(ACTIONS);
      c.told("doc_interactions", List.of(customer, product, session, text(at), type), page, action);
      event.raw(",\"interaction_details\":{\"action\":").json(action);
      event.raw(",\"clicked_element\":\"Add to Cart\",\"session_id\":").json(session).raw("}}\n");
      if (c.random().nextInt(100) == 0) {
        byte[] again = java.util.Arrays.copyOfRange(event.array(), from, event.length());
        event.raw(again);
      }
      events.drain();
    }
    c.told("doc_session_pages", List.of(session), pages.toArray());
    actions(c, session, begin + 15 * StoreCalendar.MINUTE, visit.raw("],\"actions\":["));
    visit.raw("]}\n");
    visits.drain();
    return customer;
  }

  /**
   * Puts something into the cart; every third visit goes on to the checkout, every other leaves it.
   */
  private static void actions(Context c, String session, long put, ByteText visit) {
    long product = c.product();
    List<String> actions = new ArrayList<>();
    actions.add("add_to_cart\t" + text(put) + "\t" + product + "\t\\N");
    visit.raw("{\"action\":\"add_to_cart\",\"product_id\":").number(product);
    time(visit.raw(",\"timestamp\":"), put);
    visit.raw('}');
    if (product % 3 == 0) {
      long at = put + 15 * StoreCalendar.MINUTE;
      String status = product % 2 == 0 ? "abandoned" : "completed";
      actions.add("checkout_attempt\t" + text(at) + "\t\\N\t" + status);
      time(visit.raw(",{\"action\":\"checkout_attempt\",\"timestamp\":"), at);
      visit.raw(",\"status\":").json(status).raw('}');
    }
    c.told("doc_session_actions", List.of(session), actions.toArray());
  }

  private void reviews(Context c) throws IOException {
    long reviews = count(REVIEWS);
    try (InputFile out = c.file("product_reviews")) {
      for (long i = 0; i < reviews; i++) {
        long review = c.day() * 100_000_000L + i;
        long product = c.product();
        long customer = c.customer();
        String rating = c.random().nextInt(1, 5) + (c.random().nextBoolean() ? ".5" : ".0");
        String opinion = c.pick(OPINIONS);
        long written = anyTime(c);
        c.told(
            "doc_reviews",
            List.of(customer, product, review),
            rating,
            opinion.replace("\n", "\\n"),
            text(written));
        ByteText text = out.text();
        text.raw("{\"review_id\":").number(review).raw(",\"product_id\":").number(product);
        text.raw(",\"customer_id\":").number(customer).raw(",\"rating\":").raw(rating);
        text.raw(",\"review_text\":").json(opinion);
        time(text.raw(",\"review_date\":"), written);
        text.raw(
            ",\"review_media\":[{\"media_type\":\"image\",\"url\":\"https://example.com/review-img");
        text.number(i).raw(".jpg\"}]}\n");
        out.drain();
      }
    }
  }

  private void metadata(Context c) throws IOException {
    long products = c.day() == 1 ? c.population().knownProducts() / 2 : count(20);
    try (InputFile out = c.file("product_metadata")) {
      for (long i = 0; i < products; i++) {
        metadata(c, c.day() == 1 ? i + 1 : c.product(), out.text());
        out.drain();
      }
    }
  }

  private static void metadata(Context c, long product, ByteText text) {
    String hours = c.random().nextInt(5, 30) + " hours";
    String bluetooth = c.random().nextInt(10) == 0 ? "5.4" : "5.0";
    c.told("doc_product_metadata", List.of(product), hours, "Yes", bluetooth);
    text.raw("{\"product_id\":").number(product);
    text.raw(",\"metadata\":{\"specifications\":{\"battery_life\":").json(hours);
    text.raw(",\"water_resistant\":\"Yes\",\"bluetooth_version\":").json(bluetooth);
    text.raw("},\"images\":[");
    List<String> images = new ArrayList<>();
    int count = c.random().nextInt(4);
    for (int i = 1; i <= count; i++) {
      String url = "https://example.com/" + product + "-" + c.random().nextInt(9) + ".jpg";
      String label = "Product Image " + i;
      images.add(url + "\t" + label);
      text.raw(i == 1 ? "{\"url\":" : ",{\"url\":").json(url);
      text.raw(",\"alt_text\":").json(label).raw('}');
    }
    c.told("doc_product_images", List.of(product), images.toArray());
    List<String> tags = new ArrayList<>();
    for (int i = c.random().nextInt(4); i > 0; i--) {
      tags.add(c.pick(TAGS));
    }
    c.told("doc_product_tags", List.of(product), tags.toArray());
    text.raw("],\"tags\":[");
    for (int i = 0; i < tags.size(); i++) {
      text.raw(i == 0 ? "" : ",").json(tags.get(i));
    }
    text.raw("]}}\n");
  }

  private int logs(Context c) throws IOException {
    long logs = count(LOGS);
    int broken = 0;
    try (InputFile out = c.file("application_logs")) {
      for (long i = 0; i < logs; i++) {
        int chance = c.random().nextInt(100);
        boolean comma = i == 0 || chance < 10;
        ByteText text = out.text();
        log(c, i, comma, text);
        broken += comma ? 1 : 0;
        if (i == 5 || chance == 98) {
          text.raw("{\"log_id\":").number(i).raw(",\"log_level\":\"ERR\n");
          broken++;
        } else if (i == 9 || chance == 99) {
          text.raw("{\"log_id\":").number(i).raw(",\"message\":\"Caf");
          text.raw("é".getBytes(StandardCharsets.ISO_8859_1)).raw("\"}\n");
          broken++;
        }
        out.drain();
      }
    }
    return broken;
  }

  private static void log(Context c, long number, boolean comma, ByteText text) {
    text.raw("{\"log_id\":").number(c.day() * 100_000_000L + number);
    text.raw(",\"log_level\":").json(comma ? "ERROR" : c.pick(LEVELS));
    text.raw(",\"message\":\"Failed to load product details\"");
    time(text.raw(",\"timestamp\":"), anyTime(c));
    text.raw(",\"product_id\":").number(c.product()).raw(",\"error_code\":\"500\"");
    text.raw(comma ? ",}\n" : "}\n");
  }

  private static long anyTime(Context c) {
    return second(StoreCalendar.start(c.day()) + c.random().nextLong(StoreCalendar.DAY));
  }

  private static long second(long micros) {
    return micros - Math.floorMod(micros, StoreCalendar.SECOND);
  }

  private static String text(long micros) {
    return new ByteText().time(micros, ' ').toString();
  }

  /** Appends an instant of whole seconds as the documents write it. */
  private static void time(ByteText text, long micros) {
    text.raw('"').time(micros, 'T').cut(7).raw("Z\"");
  }
}
