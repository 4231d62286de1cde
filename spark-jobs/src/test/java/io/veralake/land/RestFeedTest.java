package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.rest.ListServer;
import io.veralake.land.rest.Lists;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.DocumentField;
import io.veralake.spec.HttpAccess;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;
import io.veralake.spec.RestApi.PagingKind;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lists that servers give by HTTP, in raw tables. */
final class RestFeedTest {
  private static final long SEED = Seed.of(20260302);
  private static final RestApi.Incremental CHANGES =
      new RestApi.Incremental(
          DocumentField.parse("$.at as timestamp"), "since", "iso", 2_000_000, null);

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void recordsAreLandedOnceWithTheirTimesAndTheRestIsQuarantined() throws IOException {
    try (ListServer server = new ListServer()) {
      server.put(1);
      server.put(2, ",");
      String text = server.put(3);
      LandTable table = table("once", Lists.paging(PagingKind.CURSOR, "after", "$.next"));

      assertThat(land(table, server, 0)).isEqualTo(new Landed("once", 0, 3, 2, 0, 1, 0));
      assertThat(land(table, server, 0)).as("the same night").isEqualTo(Landed.nothing("once"));
      server.tick(60);
      String changed = server.put(1);
      assertThat(land(table, server, 1)).isEqualTo(new Landed("once", 0, 3, 1, 1, 1, 0));

      assertThat(
              texts(
                  "select after.document, _position.major, _commit_time, _record_source from raw.once where after.document like '%%\"id\":3%%' or _position.major > 1772359200000000"))
          .containsExactlyInAnyOrder(
              "[" + text + ",1772359200000000,2026-03-01 10:00:00.0,crm]",
              "[" + changed + ",1772359260000000,2026-03-01 10:01:00.0,crm]");
      assertThat(
              texts(
                  "select distinct reason, cast(bytes as string), replace(file, '%s', ''), row from raw.quarantine where source_table = 'once' and file like '%%2026-03-02%%'"
                      .formatted(server.http().url())))
          .containsExactly(
              "[Invalid JSON at byte 60: Unexpected character ('}' (code 125)): was expecting double-quote to start field name,{\"id\":2, \"at\":\"2026-03-01T10:00:00Z\", \"v\":1, \"amount\": 1.50,},/list#2026-03-02T00:00:00Z/1,2]");
    }
  }

  @Test
  void whatWasReadBeforeTheServerFailedIsKept() throws IOException {
    try (ListServer server = new ListServer()) {
      for (int id = 1; id <= 5; id++) {
        server.tick(1);
        server.put(id);
      }
      LandTable table = table("failing", Lists.paging(PagingKind.LINK, "", ""));
      server.fault(response -> response);
      server.fault(response -> response);
      server.fault(response -> Response.of(403, "no more"));
      assertThatThrownBy(() -> land(table, server, 0)).hasMessageContaining("status 403, no more");
      assertThat(texts("select count(*) from raw.failing")).containsExactly("[4]");
      int asked = server.http().requests().size();
      assertThat(land(table, server, 0)).isEqualTo(new Landed("failing", 0, 1, 1, 0, 0, 0));
      assertThat(server.http().requests()).hasSize(asked + 1);
    }
  }

  @Test
  void randomListsReadByServersThatMisbehaveOverManyNightsKilledAnywhereLandEachVersionSeen()
      throws IOException {
    Random random = new Random(SEED);
    for (RestApi.Paging way :
        List.of(
            Lists.paging(PagingKind.PAGE, "page", ""),
            Lists.paging(PagingKind.OFFSET, "offset", ""),
            Lists.paging(PagingKind.CURSOR, "after", "$.next"),
            Lists.paging(PagingKind.LINK, "", ""),
            Lists.paging(PagingKind.NEXT_URL, "", "$.link"))) {
      LandTable table =
          table("random_" + way.kind().name().toLowerCase(java.util.Locale.ROOT), way);
      try (ListServer server = new ListServer()) {
        Set<String> last = this.nights(random, table, server);
        List<String> rows =
            texts("select after.document from raw." + table.name()).stream()
                .map(row -> row.substring(1, row.length() - 1))
                .toList();
        assertThat(rows).as("%s, seed %d", way.kind(), SEED).doesNotHaveDuplicates();
        assertThat(rows).as("%s, seed %d", way.kind(), SEED).containsAll(last);
      }
    }
  }

  /**
   * Returns what the list held at the ends of the nights: a version that was there then is seen.
   */
  private Set<String> nights(Random random, LandTable table, ListServer server) {
    Set<String> seen = new TreeSet<>();
    String[] now = new String[30];
    for (int night = 0; night < 4; night++) {
      for (int i = 0; i < 6; i++) {
        server.tick(random.nextInt(20));
        change(random, server, now);
      }
      for (String text : now) {
        if (text != null) {
          seen.add(text);
        }
      }
      int[] left = {random.nextInt(4)};
      server.between(
          () -> {
            server.tick(1);
            if (left[0] > 0 && random.nextInt(3) == 0) {
              left[0]--;
              String[] before = now.clone();
              change(random, server, now);
              // Overtaken before anyone could see it.
              for (int i = 0; i < now.length; i++) {
                if (before[i] != null && !before[i].equals(now[i])) {
                  seen.remove(before[i]);
                }
              }
            }
          });
      this.misbehave(random, server);
      LandStep.Move killed = LandStep.Move.values()[random.nextInt(3)];
      if (random.nextBoolean()) {
        int current = night;
        assertThatThrownBy(() -> land(table, server, current, killer(killed))).hasMessage("killed");
      }
      land(table, server, night);
      server.between(() -> {});
      server.tick(30);
    }
    land(table, server, 4);
    for (String text : now) {
      if (text != null) {
        seen.add(text);
      }
    }
    return seen;
  }

  private static void change(Random random, ListServer server, String[] now) {
    int id = random.nextInt(now.length);
    now[id] = server.put(id);
  }

  private void misbehave(Random random, ListServer server) {
    for (int i = 0; i < 5; i++) {
      int cut = random.nextInt(100);
      switch (random.nextInt(8)) {
        case 0 -> server.fault(response -> Response.of(500, "oops"));
        case 1 -> server.fault(response -> response.cut(cut));
        case 2 -> server.fault(response -> response.cut(cut).promising(-1));
        case 3 -> server.fault(response -> null);
        case 4 -> server.fault(response -> Response.of(429, "").with("Retry-After", "0"));
        case 5 -> server.fault(response -> Response.of(200, "<html>"));
        default -> server.fault(Response::zipped);
      }
    }
  }

  private static java.util.function.Consumer<LandStep.Move> killer(LandStep.Move at) {
    return move -> {
      if (move == at) {
        throw new IllegalStateException("killed");
      }
    };
  }

  private static Landed land(LandTable table, ListServer server, int night) {
    return land(table, server, night, move -> {});
  }

  private static Landed land(
      LandTable table,
      ListServer server,
      int night,
      java.util.function.Consumer<LandStep.Move> after) {
    Lake lake = LAKE.lake();
    RunContext context =
        new RunContext(
            "r" + night,
            Lists.AS_OF.plusSeconds(86_400L * night),
            lake,
            TestEngine.with(
                TestEngine.of(lake, Path.of("."), "MD5"),
                Lists.connection(server.http(), HttpAccess.Auth.NONE, 30)),
            Models.EMPTY);
    return new LandStep(context, table, after).run();
  }

  private static LandTable table(String name, RestApi.Paging paging) {
    return new LandTable(
        name,
        LandTable.Format.JSON,
        new LandSource.Rest(Lists.api(paging, CHANGES)),
        "crm",
        ValueOrigin.constant("crm"),
        List.of("$.id"),
        List.of(),
        List.of("$.at as timestamp"),
        ValueOrigin.column("$.at as timestamp"),
        ValueOrigin.RUN,
        CsvDialect.DEFAULT);
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    List<String> texts = new ArrayList<>();
    for (Row row :
        lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList()) {
      texts.add(row.toString());
    }
    return texts;
  }
}
