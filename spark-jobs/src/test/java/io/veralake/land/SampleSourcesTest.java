package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestHttp;
import io.veralake.fixture.TestHttp.Request;
import io.veralake.fixture.TestHttp.Response;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.rest.Lists;
import io.veralake.spec.Configured;
import io.veralake.spec.Engine;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.ModelReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code examples/sources} lands, from a server that answers with what is recorded there. */
final class SampleSourcesTest {
  private static final Path EXAMPLE = Path.of("..", "examples", "sources");

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void eachSampleLandsItsRecords() throws IOException {
    try (TestHttp http = new TestHttp(SampleSourcesTest::answer)) {
      Configured conf =
          ModelReader.read(
              EXAMPLE.resolve("conf"),
              "local",
              Map.of(
                  "HUBSPOT_URL",
                  http.url(),
                  "HUBSPOT_TOKEN",
                  "token-h",
                  "SHOPIFY_URL",
                  http.url(),
                  "SHOPIFY_TOKEN",
                  "token-s",
                  "ODOO_URL",
                  http.url(),
                  "ODOO_KEY",
                  "token-o",
                  "PAYMENTS_URL",
                  http.url(),
                  "PAYMENTS_KEY",
                  "token-p"));
      assertThat(conf.model().land()).hasSize(6);
      for (LandTable table : conf.model().land()) {
        Landed landed = this.land(conf, table);
        long expected = Map.of("hubspot_contacts", 3L).getOrDefault(table.name(), 2L);
        assertThat(landed.appended()).as(table.name()).isEqualTo(expected);
        assertThat(landed.quarantined()).as(table.name()).isZero();
      }
    }
    assertThat(
            texts(
                "select get_json_object(after.document, '$.id'), _commit_time from raw.hubspot_contacts order by 2"))
        .containsExactly(
            "[65059681027,2026-02-15 19:39:45.324]",
            "[65059681028,2026-02-16 10:15:20.12]",
            "[65059681029,2026-02-28 23:59:59.999]");
    assertThat(texts("select _commit_time from raw.shopify_orders order by 1"))
        .containsExactly("[2026-02-10 16:05:00.0]", "[2026-03-01 02:00:01.0]");
    assertThat(texts("select _commit_time from raw.odoo_stock order by 1"))
        .containsExactly("[2026-02-27 07:30:00.0]", "[2026-02-28 18:00:05.0]");
    assertThat(texts("select _commit_time from raw.payment_transactions order by 1"))
        .containsExactly("[2026-02-26 00:00:00.0]", "[2026-02-27 00:00:00.0]");
    assertThat(texts("select _position, _commit_time from raw.ga4_events order by 2"))
        .containsExactly(
            "[[1772280000123456,1,0],2026-02-28 12:00:00.123456]",
            "[[1772280060000000,2,0],2026-02-28 12:01:00.0]");
  }

  private Landed land(Configured conf, LandTable table) {
    Lake lake = LAKE.lake();
    Engine engine =
        TestEngine.of(lake, EXAMPLE.resolve("data").toAbsolutePath().normalize(), "MD5");
    if (table.source() instanceof LandSource.Rest rest) {
      engine = TestEngine.with(engine, conf.engine().connections().get(rest.api().connection()));
    }
    return LandStep.run(new RunContext("r1", Lists.AS_OF, lake, engine, Models.EMPTY), table);
  }

  /** As the vendors' servers do: who asks, and which page, is looked at. */
  private static Response answer(Request request) {
    String auth = request.header("Authorization");
    return switch (request.path()) {
      case "/crm/v3/objects/contacts/search" ->
          !auth.equals("Bearer token-h") || !request.body().contains("\"limit\":100")
              ? Response.of(401, "")
              : page("hubspot_contacts", request.body().contains("\"after\":2"));
      case "/admin/api/2025-07/orders.json" -> {
        boolean second = request.query().containsKey("page_info");
        Response page = page("shopify_orders", second);
        yield !request.header("X-Shopify-Access-Token").equals("token-s")
            ? Response.of(401, "")
            : second
                ? page
                : page.with(
                    "Link",
                    "<http://"
                        + request.header("Host")
                        + "/admin/api/2025-07/orders.json?limit=250&page_info=abc>; rel=\"next\"");
      }
      case "/json/2/stock.quant/search_read" ->
          !auth.equals("Bearer token-o")
                  || !request.header("X-Odoo-Database").equals("my-company")
                  || !request.body().contains("[\"write_date\",\">=\",\"2000-01-01 00:00:00\"]")
              ? Response.of(401, "")
              : page("odoo_stock", !request.body().contains("\"offset\":0"));
      case "/v1/balance_transactions" ->
          auth.equals("Bearer token-p")
              ? page(
                  "payment_transactions",
                  "txn_1MiN3gLkdIwHu7ixxapQrznl".equals(request.query().get("starting_after")))
              : Response.of(401, "");
      default -> Response.of(404, "");
    };
  }

  private static Response page(String table, boolean second) {
    try {
      Path file = EXAMPLE.resolve("responses").resolve(table);
      return Response.of(200, Files.readString(file.resolve(second ? "2.json" : "1.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
