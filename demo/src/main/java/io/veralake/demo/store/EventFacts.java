package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Books of what customers do in the shop: visits, events, reviews, and touches of campaigns. */
final class EventFacts {
  private final Truth truth;
  private final Versions versions;

  EventFacts(Truth truth) {
    this.truth = truth;
    this.versions = new Versions(truth);
  }

  /** An event in the shop. */
  record Event(long customer, long product, String session, String time, String type) {}

  /** A touch of a campaign, in the order of time and then of names. */
  record Touch(
      long customer, String campaign, String session, long time, String kind, String cost) {}

  /** Writes all of them into a folder. */
  void write(Path folder) throws IOException {
    campaigns().write(folder);
    sessions().write(folder);
    interactions().write(folder);
    reviews().write(folder);
    campaignTouches().write(folder);
  }

  /** All events. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (List<String> key : this.truth.rows("doc_interactions").keySet()) {
      long customer = Long.parseLong(key.get(0));
      long product = Long.parseLong(key.get(1));
      events.add(new Event(customer, product, key.get(2), key.get(3), key.get(4)));
    }
    return events;
  }

  /** All touches. */
  List<Touch> touches() {
    List<Touch> touches = new ArrayList<>();
    this.truth
        .rows("web_campaign_touches")
        .forEach(
            (key, rows) -> {
              List<String> values = Objects.requireNonNull(rows.get(0).values());
              touches.add(
                  new Touch(
                      Long.parseLong(key.get(0)),
                      key.get(1),
                      key.get(2),
                      micros(key.get(3)),
                      values.get(0),
                      values.get(1)));
            });
    return touches;
  }

  private MartBook campaigns() {
    var book = new MartBook("dim_campaign", "campaign_id name channel status budget");
    Set<String> known = new HashSet<>();
    this.truth.rows("crm_campaigns").keySet().forEach(key -> known.add(key.get(0)));
    touches().forEach(touch -> known.add(touch.campaign()));
    for (String id : known) {
      List<String> last = this.truth.last("crm_campaigns", List.of(id));
      if (last == null) {
        book.row(id, "unknown", "unknown", "unknown", null);
      } else {
        book.row(id, last.get(0), last.get(1), last.get(2), last.get(3));
      }
    }
    return book;
  }

  private MartBook sessions() {
    var book =
        new MartBook(
            "fact_sessions",
            "session_id session_date start_time end_time customer_id duration_seconds page_views products_viewed"
                + " interactions cart_additions checkout_attempts is_abandoned campaign_touches customer_from");
    Map<String, Integer> interactions = new HashMap<>();
    events().forEach(event -> interactions.merge(event.session(), 1, Integer::sum));
    Map<String, Integer> touches = new HashMap<>();
    touches().forEach(touch -> touches.merge(touch.session(), 1, Integer::sum));
    Map<String, Long> customers = new HashMap<>();
    for (List<String> key : this.truth.rows("doc_session_customers").keySet()) {
      customers.merge(key.get(0), Long.parseLong(key.get(1)), Math::max);
    }
    for (List<String> key : this.truth.rows("doc_sessions").keySet()) {
      String session = key.get(0);
      List<String> visit = Objects.requireNonNull(this.truth.last("doc_sessions", key));
      Set<String> pages = this.members("doc_session_pages", key);
      Set<String> actions = this.members("doc_session_actions", key);
      long begin = micros(visit.get(0));
      long customer = Objects.requireNonNull(customers.get(session));
      book.row(
          session,
          MartBook.date(begin),
          visit.get(0),
          visit.get(1),
          customer,
          (micros(visit.get(1)) - begin) / StoreCalendar.SECOND,
          pages.size(),
          pages.stream().map(page -> page.split("\t", -1)[2]).distinct().count(),
          interactions.getOrDefault(session, 0),
          actions.stream().filter(action -> action.startsWith("add_to_cart\t")).count(),
          actions.stream().filter(action -> action.startsWith("checkout_attempt\t")).count(),
          actions.stream().anyMatch(action -> action.endsWith("\tabandoned")),
          touches.getOrDefault(session, 0),
          this.versions.customer(customer, begin));
    }
    return book;
  }

  private Set<String> members(String source, List<String> key) {
    List<String> members = this.truth.last(source, key);
    return members == null ? Set.of() : new HashSet<>(members);
  }

  private MartBook interactions() {
    var book =
        new MartBook(
            "fact_interactions",
            "session_id event_date event_time customer_id product_id interaction_type page action customer_from product_from");
    for (Event event : events()) {
      List<String> key =
          List.of(
              Long.toString(event.customer()),
              Long.toString(event.product()),
              event.session(),
              event.time(),
              event.type());
      List<String> values = first("doc_interactions", key);
      long at = micros(event.time());
      book.row(
          event.session(),
          MartBook.date(at),
          event.time(),
          event.customer(),
          event.product(),
          event.type(),
          values.get(0),
          values.get(1),
          this.versions.customer(event.customer(), at),
          this.versions.product(event.product(), at));
    }
    return book;
  }

  private MartBook reviews() {
    var book =
        new MartBook(
            "fact_reviews",
            "review_id review_date reviewed_at customer_id product_id rating review_text customer_from product_from");
    for (List<String> key : this.truth.rows("doc_reviews").keySet()) {
      List<String> values = first("doc_reviews", key);
      long at = micros(values.get(2));
      book.row(
          key.get(2),
          MartBook.date(at),
          values.get(2),
          key.get(0),
          key.get(1),
          values.get(0) + "0",
          values.get(1),
          this.versions.customer(Long.parseLong(key.get(0)), at),
          this.versions.product(Long.parseLong(key.get(1)), at));
    }
    return book;
  }

  private MartBook campaignTouches() {
    var book =
        new MartBook(
            "fact_campaign_touches",
            "campaign_id session_id touch_date touched_at customer_id kind cost customer_from");
    for (Touch touch : touches()) {
      book.row(
          touch.campaign(),
          touch.session(),
          MartBook.date(touch.time()),
          MartBook.time(touch.time()),
          touch.customer(),
          touch.kind(),
          touch.cost(),
          this.versions.customer(touch.customer(), touch.time()));
    }
    return book;
  }

  private List<String> first(String source, List<String> key) {
    List<Truth.Row> rows = Objects.requireNonNull(this.truth.rows(source).get(key));
    return Objects.requireNonNull(rows.get(0).values());
  }

  /** The instant that a text of {@link MartBook#time} names. */
  static long micros(@Nullable String text) {
    LocalDateTime time = LocalDateTime.parse(Objects.requireNonNull(text).replace(' ', 'T'));
    return ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
  }
}
