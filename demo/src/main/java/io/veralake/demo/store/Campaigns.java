package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The CRM's campaigns, as its export answers, and what the web analytics saw of them: a campaign
 * that led a customer to a visit.
 */
final class Campaigns {
  private static final List<String> CHANNELS = List.of("email", "search", "social", "affiliate");
  private static final int FIRST = 4;
  private static final int LED = 25;
  private static final int TWICE = 3;

  /** A visit that a campaign led to. */
  private record Touch(String campaign, long customer, String session, long time, String kind) {}

  private final SplittableRandom random;
  private final int day;
  private final List<Touch> touches = new ArrayList<>();

  /** Those of a day: the same, whatever was played before. */
  Campaigns(long seed, int day) {
    this.random = new SplittableRandom(seed * 7_368_787 + day);
    this.day = day;
  }

  /** A customer visits the shop; some were led by a campaign, some of these by two. */
  void visit(String session, long customer, long begin) {
    while (this.random.nextInt(100) < LED) {
      String campaign = name(1 + this.random.nextInt(FIRST + this.day - 1));
      String kind = this.random.nextInt(4) == 0 ? "view" : "click";
      long time = begin - (this.touches.size() % 20 + 1) * StoreCalendar.SECOND;
      this.touches.add(new Touch(campaign, customer, session, time, kind));
    }
  }

  private static String name(int number) {
    return "cmp-" + number;
  }

  /** Writes the day's files. */
  void write(@Nullable Path input, Delivered delivered) throws IOException {
    String date = StoreCalendar.date(this.day).toString();
    long end = StoreCalendar.start(this.day + 1);
    try (var out = new InputFile(input, "crm/campaigns/" + date + ".json", end)) {
      campaigns(delivered, out.text());
    }
    try (var out = new InputFile(input, "web/campaign_touches/" + date + ".jsonl", end)) {
      for (Touch touch : this.touches) {
        String cost = new ByteText().cents(touch.kind().equals("click") ? 35 : 2).toString();
        String time = new ByteText().time(touch.time(), ' ').toString();
        delivered.row(
            "web_campaign_touches",
            List.of(Long.toString(touch.customer()), touch.campaign(), touch.session(), time),
            touch.time(),
            List.of(touch.kind(), cost));
        int copies = this.random.nextInt(100) < TWICE ? 2 : 1;
        for (int i = 0; i < copies; i++) {
          line(touch, cost, out.text());
        }
        out.drain();
      }
    }
  }

  private static void line(Touch touch, String cost, ByteText out) {
    out.raw("{\"campaign\":").json(touch.campaign()).raw(",\"customer_id\":");
    out.number(touch.customer()).raw(",\"session_id\":").json(touch.session());
    out.raw(",\"touched_at\":\"").time(touch.time(), 'T').raw("Z\",\"kind\":");
    out.json(touch.kind()).raw(",\"cost\":").raw(cost).raw("}\n");
  }

  /** All campaigns on the first day, then the new one and one that got another budget. */
  private void campaigns(Delivered delivered, ByteText out) {
    String between = "[\n";
    for (int number = 1; number <= FIRST + this.day - 1; number++) {
      boolean fresh = this.day == 1 || number == FIRST + this.day - 1;
      if (fresh || number == this.day % FIRST + 1) {
        out.raw(between);
        campaign(number, fresh ? 1000L * number : 1000L * number + 250L * this.day, delivered, out);
        between = ",\n";
      }
    }
    out.raw("\n]\n");
  }

  private void campaign(int number, long budget, Delivered delivered, ByteText out) {
    String channel = CHANNELS.get(number % CHANNELS.size());
    String label = "Spring " + number + (number % 3 == 0 ? " – \"last chance\"" : "");
    String status = number <= this.day - 2 ? "ended" : "active";
    long changed = StoreCalendar.start(this.day) + number * StoreCalendar.HOUR;
    delivered.row(
        "crm_campaigns",
        List.of(name(number)),
        changed,
        List.of(label, channel, status, new ByteText().cents(budget * 100).toString()));
    out.raw(" {\"id\": ").json(name(number)).raw(", \"properties\": {\"name\": ").json(label);
    out.raw(", \"channel\": ").json(channel).raw(", \"status\": ").json(status);
    out.raw(", \"budget\": \"").cents(budget * 100).raw("\"}, \"updatedAt\": \"");
    out.time(changed, 'T').raw("Z\"}");
  }
}
