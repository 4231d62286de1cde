package io.veralake.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random history of a MySQL table as Debezium's connector sends it: a snapshot, then events of
 * several rows, transactions of several events, changed keys, truncates, files that follow each
 * other. What is left at the end is known.
 */
final class MySqlHistory {
  private static final String ROW =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"optional\":false,\"field\":\"id\"},{\"type\":\"string\",\"optional\":true,\"field\":\"note\"}],\"optional\":true,\"name\":\"shop.shop.kept.Value\",\"field\":\"%s\"}";
  private static final String SOURCE =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"optional\":false,\"field\":\"server_id\"},{\"type\":\"string\",\"optional\":true,\"field\":\"gtid\"},{\"type\":\"string\",\"optional\":false,\"field\":\"file\"},{\"type\":\"int64\",\"optional\":false,\"field\":\"pos\"},{\"type\":\"int32\",\"optional\":false,\"field\":\"row\"}],\"optional\":false,\"name\":\"io.debezium.connector.mysql.Source\",\"field\":\"source\"}";
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"fields\":[%s,%s,%s],\"optional\":false,\"name\":\"shop.shop.kept.Envelope\",\"version\":2}"
          .formatted(ROW.formatted("before"), ROW.formatted("after"), SOURCE);
  private static final String UUID = "24bc7850-2c16-11e6-a073-0242ac110002";

  private final Random random;
  private final boolean schemas;

  /** How a server writes transactions: as a whole, which have one place, or event by event. */
  private final boolean whole;

  private final boolean gtids;
  private final List<String> lines = new ArrayList<>();
  private final TreeMap<Long, String> rows = new TreeMap<>();
  private int file = 8;
  private long pos = 157;
  private int transaction;
  private int order;
  private int row;
  private long millis = 1_772_323_200_000L;
  private int server;

  MySqlHistory(Random random, boolean schemas, boolean whole, boolean gtids) {
    this.random = random;
    this.schemas = schemas;
    this.whole = whole;
    this.gtids = gtids;
  }

  /** A history of {@code transactions} after its snapshot. */
  MySqlHistory of(int transactions) {
    for (long id = 1; id <= 8; id++) {
      String note = this.note();
      this.rows.put(id, note);
      String snapshot = id == 1 ? "first" : id == 8 ? "last" : "true";
      this.event("r", null, row(id, note), snapshot);
    }
    this.server = 223344;
    for (int i = 0; i < transactions; i++) {
      this.transaction();
    }
    return this;
  }

  /** The lines of a file or topic, in the order in which they were sent. */
  List<String> lines() {
    return this.lines;
  }

  /** The rows that are left: notes by id. */
  Map<Long, String> rows() {
    return this.rows;
  }

  private void transaction() {
    this.transaction++;
    this.order = 0;
    this.millis += 1000;
    if (this.random.nextInt(6) == 0) {
      this.file++;
      this.pos = 4;
    }
    this.pos += 79;
    if (this.random.nextInt(25) == 0) {
      this.rows.clear();
      this.event("t", null, null, "false");
      return;
    }
    for (int events = this.random.nextInt(4); events >= 0; events--) {
      if (!this.whole) {
        this.pos += 50 + this.random.nextInt(100);
      }
      this.row = 0;
      switch (this.random.nextInt(4)) {
        case 0 -> this.insert();
        case 1 -> this.updateSome();
        case 2 -> this.changeKey();
        default -> this.delete();
      }
    }
    this.pos += 31;
  }

  private void insert() {
    for (int some = this.random.nextInt(3); some >= 0; some--) {
      long id = this.random.nextInt(12);
      if (!this.rows.containsKey(id)) {
        String note = this.note();
        this.rows.put(id, note);
        this.event("c", null, row(id, note), "false");
        this.row++;
      }
    }
  }

  private void updateSome() {
    int first = this.random.nextInt(12);
    for (long id : List.copyOf(this.rows.keySet())) {
      if (id >= first && id < first + 3) {
        String note = this.note();
        this.event("u", row(id, this.rows.put(id, note)), row(id, note), "false");
        this.row++;
      }
    }
  }

  /** One row of one event becomes two records and a tombstone of one place. */
  private void changeKey() {
    long id = this.random.nextInt(12);
    long to = this.random.nextInt(12);
    if (this.rows.containsKey(id) && !this.rows.containsKey(to)) {
      String note = this.rows.remove(id);
      this.rows.put(to, note);
      this.event("d", row(id, note), null, "false");
      this.lines.add("{\"key\":%s,\"value\":null}".formatted(this.key(id)));
      this.event("c", null, row(to, note), "false");
    }
  }

  private void delete() {
    long id = this.random.nextInt(12);
    if (this.rows.containsKey(id)) {
      this.event("d", row(id, this.rows.remove(id)), null, "false");
      this.lines.add("{\"key\":%s,\"value\":null}".formatted(this.key(id)));
    }
  }

  private String note() {
    return "n" + this.random.nextInt(5);
  }

  private static String row(long id, String note) {
    return "{\"id\":%d,\"note\":\"%s\"}".formatted(id, note);
  }

  private String key(long id) {
    String payload = "{\"id\":" + id + "}";
    return this.schemas
        ? "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"optional\":false,\"field\":\"id\"}],\"optional\":false},\"payload\":%s}"
            .formatted(payload)
        : payload;
  }

  private void event(String op, String before, String after, String snapshot) {
    boolean read = op.equals("r");
    String id =
        this.gtids
            ? UUID + ":" + this.transaction
            : "file=mysql-bin.%06d,pos=%d".formatted(this.file, this.pos);
    // DDL, and the rows of a snapshot, are in no transaction.
    String block =
        read || op.equals("t")
            ? "null"
            : "{\"id\":\"%s\",\"total_order\":%d,\"data_collection_order\":%d}"
                .formatted(id, ++this.order, this.order);
    String gtid = this.gtids && !read ? "\"" + UUID + ":" + this.transaction + "\"" : "null";
    String payload =
        """
        {"before":%s,"after":%s,"source":{"version":"3.6.1.Final","connector":"mysql","name":"shop","ts_ms":%d,\
        "snapshot":"%s","db":"shop","sequence":null,"ts_us":%d,"ts_ns":%d,"table":"kept","server_id":%d,"gtid":%s,\
        "file":"mysql-bin.%06d","pos":%d,"row":%d,"thread":7,"query":null},"transaction":%s,"op":"%s","ts_ms":%d}"""
            .formatted(
                before,
                after,
                this.millis,
                snapshot,
                this.millis * 1000,
                this.millis * 1_000_000,
                this.server,
                gtid,
                this.file,
                this.pos,
                read ? 0 : this.row,
                block,
                op,
                this.millis + 300);
    String value =
        this.schemas ? "{\"schema\":" + SCHEMA + ",\"payload\":" + payload + "}" : payload;
    this.lines.add("{\"key\":%s,\"value\":%s}".formatted(this.key(1), value));
  }
}
