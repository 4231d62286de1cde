package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.ValueCipher;
import io.veralake.land.rest.Lists;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.HttpAccess;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import io.veralake.spec.RestApi;
import io.veralake.spec.RestApi.PagingKind;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Quarantined records of lists, offered once more. */
final class RestReplayTest {
  private static final String JSON =
      "{\"items\":[{\"id\":1, \"t\":%s,\"email\":\"ada@x\"}, {\"id\" :2,\"t\":%s,\"email\":\"alan@x\"}]}";
  private static final String XML =
      "<list><i id='1'><t>%s</t><email>ada@x</email></i><i id='2'><t>%s</t><email>alan@x</email></i></list>";
  private static final RestApi REST = Lists.api(Lists.paging(PagingKind.PAGE, "page", ""), null);
  private static final RestApi SOAP =
      new RestApi(
          "api",
          true,
          "/list",
          Map.of(),
          Map.of(),
          "<q>{next}</q>",
          true,
          "/list/i",
          "",
          new RestApi.XmlNames(Map.of(), List.of()),
          Lists.paging(PagingKind.PAGE, "page", ""),
          null);

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void replayOfAListGivesWhatLandingWouldHaveGiven() throws IOException {
    replayed("json", LandTable.Format.JSON, REST, JSON, Map.of());
  }

  @Test
  void replayOfASoapListGivesWhatLandingWouldHaveGiven() throws IOException {
    replayed("soap", LandTable.Format.XML, SOAP, XML, Map.of());
  }

  @Test
  void recordsWithSensitiveValuesAreKeptEncryptedAndReplayed() throws IOException {
    replayed("hidden", LandTable.Format.JSON, REST, JSON, Map.of("$.email", Protection.HASH));
    ValueCipher cipher = new ValueCipher(TestEngine.KEYS.encryptionKey().value());
    List<Row> kept = rows("select bytes, reason from raw.quarantine where source_table = 'hidden'");
    assertThat(kept).hasSize(4);
    for (Row row : kept) {
      byte[] bytes = row.getAs(0);
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("@x");
      assertThat(new String(cipher.decrypt(bytes), StandardCharsets.UTF_8)).contains("@x\"}");
      assertThat(row.getString(1))
          .isEqualTo("Invalid value at $.t: … (a time as 2026-03-01T23:59:59.999999Z)");
    }
    assertThat(rows("select after.document from raw.hidden"))
        .hasSize(4)
        .allMatch(row -> row.getString(0).matches(".*\"email\":\"[0-9a-f]{64}\"}"));
  }

  /**
   * Two pages of records whose time isn't what the model says at first; landed into a second table
   * with the right model.
   */
  private static void replayed(
      String name,
      LandTable.Format format,
      RestApi api,
      String page,
      Map<String, Protection> sensitive)
      throws IOException {
    try (TestHttp http =
        new TestHttp(
            request -> {
              String asked = request.query().getOrDefault("page", request.body());
              return Response.of(
                  200,
                  asked.matches("(<q>)?1.*")
                      ? page.formatted("1772359200", "1772359201.5")
                      : asked.matches("(<q>)?2.*")
                          ? page.formatted("1772359202", "1772359203")
                          : page.replaceAll("\\[.*]", "[]").replaceAll("<i.*</i>", ""));
            })) {
      LandTable wrong = table(name, format, api, "$.t as timestamp", sensitive);
      LandTable right = table(name, format, api, "$.t as epoch-seconds", sensitive);
      LandTable direct = table(name + "_direct", format, api, "$.t as epoch-seconds", sensitive);

      assertThat(land(http, wrong)).isEqualTo(new Landed(name, 0, 4, 0, 0, 4, 0));
      assertThat(land(http, direct).appended()).isEqualTo(4);
      assertThat(ReplayStep.run(context(http), List.of(right)))
          .containsExactly(new Landed(name, 0, 4, 4, 0, 0, 0));

      String sql = "select * except (_batch) from raw.%s order by _position.minor, _position.row";
      assertThat(texts(sql.formatted(name)))
          .hasSize(4)
          .isEqualTo(texts(sql.formatted(direct.name())));
      assertThat(texts("select _position, _commit_time from raw." + name + " order by 2"))
          .containsExactly(
              "[[1772409600000000,1,1],2026-03-01 10:00:00.0]",
              "[[1772409600000000,1,2],2026-03-01 10:00:01.5]",
              "[[1772409600000000,2,1],2026-03-01 10:00:02.0]",
              "[[1772409600000000,2,2],2026-03-01 10:00:03.0]");
      assertThat(ReplayStep.run(context(http), List.of(right)))
          .containsExactly(Landed.nothing(name));
    }
  }

  private static LandTable table(
      String name,
      LandTable.Format format,
      RestApi api,
      String time,
      Map<String, Protection> sensitive) {
    return Lists.sensitive(
        new LandTable(
            name,
            format,
            new LandSource.Rest(api),
            "crm",
            ValueOrigin.constant("crm"),
            List.of(),
            List.of(),
            List.of(),
            ValueOrigin.column(time),
            ValueOrigin.RUN,
            CsvDialect.DEFAULT),
        sensitive);
  }

  private static Landed land(TestHttp http, LandTable table) {
    return LandStep.run(context(http), table);
  }

  private static RunContext context(TestHttp http) {
    Lake lake = LAKE.lake();
    return new RunContext(
        "r" + Instant.now().getNano(),
        Lists.AS_OF,
        lake,
        TestEngine.with(
            TestEngine.of(lake, Path.of("."), "MD5"),
            Lists.connection(http, HttpAccess.Auth.NONE, 3)),
        Models.EMPTY);
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    return LAKE.lake()
        .spark()
        .sql(sql.replace("raw.", LAKE.lake().catalog() + ".raw."))
        .collectAsList();
  }
}
