package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.land.Envelopes;
import io.veralake.land.LandStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A random sequence of schemas of a source, against what its changes must come to. */
final class SchemaHistoryTest {
  private static final long SEED = Seed.of(20260322);
  private static final int BATCHES = 12;

  /** What a source may call a type, what Veralake calls it, and a value in both. */
  private static final Map<String, String[]> TYPES =
      Map.of(
          "int32", new String[] {"int", "7", "7"},
          "int64", new String[] {"bigint", "7", "7"},
          "float", new String[] {"float", "0.5", "0.5"},
          "double", new String[] {"double", "0.5", "0.5"},
          "string", new String[] {"string", "\"x\"", "\"x\""});

  private static final Map<String, String> WIDER = Map.of("int32", "int64", "float", "double");

  private final Random random = new Random(SEED);
  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");
  private final Map<String, String> held = new LinkedHashMap<>();
  private final List<String> rows = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private int bad;

  @Test
  void columnsAreAddedWidenedAndKeptAndTheirHistoryIsShown() throws IOException {
    for (int batch = 0; batch < BATCHES; batch++) {
      this.land(batch, this.next());
    }

    assertThat(
            this.lake.rows("raw.log").selectExpr("to_json(after) AS row").collectAsList().stream()
                .map(Row::toString))
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(this.rows);
    assertThat(this.bad).as("bad records of the history, seed %d", SEED).isPositive();
    assertThat(this.lake.rows("raw.quarantine").count()).as("seed %d", SEED).isEqualTo(this.bad);
    assertThat(new SchemaHistory(this.lake.table("raw.log")).lines())
        .as("seed %d", SEED)
        .filteredOn(line -> line.contains("after."))
        .containsExactlyInAnyOrderElementsOf(this.history);
  }

  /** Types by name: some columns are gone, some new, some of another type. */
  private Map<String, String> next() {
    List<String> types = TYPES.keySet().stream().sorted().toList();
    Map<String, String> next = new LinkedHashMap<>();
    next.put("id", "int32");
    for (int i = 0; i < 6; i++) {
      String name = "c" + i;
      String known = this.held.get(name);
      if (this.random.nextInt(3) == 0) {
        continue;
      }
      if (known == null || this.random.nextInt(12) == 0) {
        next.put(name, types.get(this.random.nextInt(types.size())));
      } else {
        next.put(name, this.random.nextBoolean() ? WIDER.getOrDefault(known, known) : known);
      }
    }
    return next;
  }

  private void land(int batch, Map<String, String> schema) throws IOException {
    StringBuilder sent = new StringBuilder("{\"id\":" + batch);
    boolean fits = true;
    for (Map.Entry<String, String> column : schema.entrySet()) {
      if (!column.getKey().equals("id")) {
        sent.append(",\"%s\":%s".formatted(column.getKey(), TYPES.get(column.getValue())[1]));
      }
      fits &= this.hold(batch, column.getKey(), column.getValue());
    }
    if (fits) {
      this.rows.add("[" + this.row(batch, schema) + "]");
    } else {
      this.bad++;
    }
    String[] columns =
        schema.entrySet().stream()
            .map(column -> column.getKey() + " " + column.getValue())
            .toArray(String[]::new);
    Path folder = Files.createDirectories(this.input.resolve("log"));
    Files.writeString(
        folder.resolve(batch + ".json"),
        Envelopes.line(Envelopes.schema(columns), "c", "null", sent + "}", batch, 1) + "\n");
    LandStep.run(
        Models.context(this.lake, this.input, "r" + batch, Models.asOf(), Models.EMPTY),
        Models.debezium("log", "log", "shop"));
  }

  /** Whether values of {@code type} can be held; changes what is held as far as that is exact. */
  private boolean hold(int batch, String name, String type) {
    String known = this.held.get(name);
    String origin = Models.asOf() + " r" + batch;
    String line = "  %-58s %s after.%s %s";
    if (known == null) {
      this.held.put(name, type);
      this.history.add(line.formatted(origin, "+", name, TYPES.get(type)[0]));
      return true;
    }
    if (type.equals(WIDER.get(known))) {
      this.held.put(name, type);
      this.history.add(
          line.formatted(origin, " ", name, TYPES.get(type)[0]) + ", was " + TYPES.get(known)[0]);
      return true;
    }
    return type.equals(known) || known.equals(WIDER.get(type));
  }

  private String row(int id, Map<String, String> schema) {
    StringBuilder row = new StringBuilder("{\"id\":" + id);
    for (String name : this.held.keySet()) {
      if (schema.containsKey(name) && !name.equals("id")) {
        row.append(",\"%s\":%s".formatted(name, TYPES.get(schema.get(name))[2]));
      }
    }
    return row + "}";
  }
}
