package io.veralake.flag;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.RunContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * ClickHouse's tables {@code recon.flag}, which dashboards and {@code veralake flag} write to, and
 * {@code recon.answer}, which nights write to; the view {@code recon.flag_answered} shows both.
 */
public final class FlagTables {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> DDL =
      List.of(
          "CREATE DATABASE IF NOT EXISTS recon",
          """
          CREATE TABLE IF NOT EXISTS recon.flag (flag UUID DEFAULT generateUUIDv4(), flagged_at DateTime64(6, 'UTC') DEFAULT now64(6),
            reader String DEFAULT currentUser(), mart String, key Map(String, String), `partition` String, measure String,
            seen Map(String, String), doubt String)
          ENGINE = MergeTree ORDER BY (flagged_at, flag)""",
          """
          CREATE TABLE IF NOT EXISTS recon.answer (flag UUID, answered_at DateTime64(6, 'UTC'), as_of DateTime64(6, 'UTC'), run_id String,
            verdict LowCardinality(String), answer String, explanation String CODEC(ZSTD(3)))
          ENGINE = ReplacingMergeTree(answered_at) ORDER BY flag""",
          """
          CREATE VIEW IF NOT EXISTS recon.flag_answered AS
          SELECT f.flag AS flag, f.flagged_at AS flagged_at, f.reader AS reader, f.mart AS mart, f.key AS key, f.`partition` AS `partition`,
            f.measure AS measure, f.seen AS seen, f.doubt AS doubt, if(a.run_id = '', 'open', a.verdict) AS state,
            if(a.run_id = '', NULL, a.as_of) AS as_of, a.answer AS answer, a.explanation AS explanation
          FROM recon.flag AS f LEFT JOIN (SELECT * FROM recon.answer FINAL) AS a ON a.flag = f.flag""");

  private static final String COUNT =
      "SELECT count() FROM system.tables WHERE database = 'recon' AND name IN ('flag', 'answer', 'flag_answered')";

  private static final String COLUMNS =
      "toString(flag), toString(toUnixTimestamp64Micro(flagged_at)), reader, mart, toJSONString(key), `partition`, measure, toJSONString(seen), doubt";

  private final ClickHouse clickHouse;

  /** Creates the tables, if they aren't there. */
  public FlagTables(ClickHouse clickHouse) {
    this.clickHouse = clickHouse;
    // Whoever may write to them may not be allowed to make them.
    if (!clickHouse.value(COUNT).equals("3")) {
      DDL.forEach(clickHouse::execute);
    }
  }

  /**
   * A flag and what became of it.
   *
   * @param flag as it was written
   * @param state {@code open}, or the answer's verdict
   * @param answer the answer's text; empty if there is none
   */
  public record Told(Flag flag, String state, String answer) {}

  /** Writes {@code flag}. */
  public void add(Flag flag) {
    this.clickHouse.execute(
        "INSERT INTO recon.flag (flag, flagged_at, reader, mart, key, `partition`, measure, seen, doubt) VALUES (%s, fromUnixTimestamp64Micro(%d), %s, %s, %s, %s, %s, %s, %s)"
            .formatted(
                Sql.literal(flag.id().toString()),
                micros(flag.flaggedAt()),
                Sql.literal(flag.reader()),
                Sql.literal(flag.mart()),
                map(flag.key()),
                Sql.literal(flag.partition()),
                Sql.literal(flag.measure()),
                map(flag.seen()),
                Sql.literal(flag.doubt())));
  }

  /** Flags without an answer, the oldest first, at most {@code most}. */
  public List<Flag> open(int most) {
    return this.clickHouse
        .rows(
            "SELECT %s FROM recon.flag_answered WHERE state = 'open' ORDER BY flagged_at, flag LIMIT %d"
                .formatted(COLUMNS, most))
        .stream()
        .map(FlagTables::flag)
        .toList();
  }

  /** The latest flags with their answers, the newest first, at most {@code most}. */
  public List<Told> latest(int most) {
    List<Told> told = new ArrayList<>();
    for (List<@Nullable String> row :
        this.clickHouse.rows(
            "SELECT %s, state, answer FROM recon.flag_answered ORDER BY flagged_at DESC, flag LIMIT %d"
                .formatted(COLUMNS, most))) {
      told.add(new Told(flag(row), text(row, 9), text(row, 10)));
    }
    return told;
  }

  /** Writes what the run says of {@code flag}; an earlier answer is replaced. */
  public void answer(Flag flag, Answer answer, RunContext context, Instant now) {
    this.clickHouse.execute(
        "INSERT INTO recon.answer (flag, answered_at, as_of, run_id, verdict, answer, explanation) VALUES (%s, fromUnixTimestamp64Micro(%d), fromUnixTimestamp64Micro(%d), %s, %s, %s, %s)"
            .formatted(
                Sql.literal(flag.id().toString()),
                micros(now),
                micros(context.asOf()),
                Sql.literal(context.runId()),
                Sql.literal(answer.verdict().word()),
                Sql.literal(answer.text()),
                Sql.literal(answer.explanation())));
  }

  private static Flag flag(List<@Nullable String> row) {
    return new Flag(
        UUID.fromString(text(row, 0)),
        Instant.EPOCH.plus(Long.parseLong(text(row, 1)), ChronoUnit.MICROS),
        text(row, 2),
        text(row, 3),
        values(text(row, 4)),
        text(row, 5),
        text(row, 6),
        values(text(row, 7)),
        text(row, 8));
  }

  private static String text(List<@Nullable String> row, int column) {
    return Objects.requireNonNull(row.get(column));
  }

  private static Map<String, String> values(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(json, e);
    }
  }

  private static String map(Map<String, String> values) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(values)
        .forEach(
            (column, value) -> {
              parts.add(Sql.literal(column));
              parts.add(Sql.literal(value));
            });
    // An empty map() has no types.
    return parts.isEmpty()
        ? "CAST(map(), 'Map(String, String)')"
        : "map(" + String.join(", ", parts) + ")";
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
