package io.veralake.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.veralake.fixture.TestBrowser;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lineage.ModelLineage;
import io.veralake.spec.Configured;
import io.veralake.spec.ModelNotes;
import io.veralake.spec.ModelReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pages on the store's model, as a reader sees them in a browser. */
final class SiteIT {
  private static final Path CONF = Path.of("..", "conf");
  private static Path site;
  private static TestBrowser browser;

  @BeforeAll
  static void write() {
    site = TestLake.newFolder("site").toAbsolutePath();
    Configured read = ModelReader.read(CONF, "local", TestEngine.STORE_KEYS);
    ModelLineage lineage = ModelLineage.of(read.model(), "binary", TestLake.session());
    assertThat(lineage.problems()).isEmpty();
    Stored stored =
        new Stored(
            16_791, 12, 3_500_000, 42, Instant.parse("2026-03-03T00:10:00Z"), "run-3", Map.of());
    Site.write(
        site,
        new Site.Content(
            read.model(),
            ModelNotes.read(CONF),
            lineage,
            "binary",
            "local",
            Map.of("mart.fact_sales", stored),
            ""));
    browser = new TestBrowser();
    browser.shape(1400, 900, "light");
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  private static String url(String page) {
    return site.resolve(page).toUri().toString();
  }

  private static List<String> list(String script) {
    List<String> result = new ArrayList<>();
    for (JsonNode one : browser.eval(script)) {
      result.add(one.asText());
    }
    return result;
  }

  private static List<String> highlighted() {
    return list("[...document.querySelectorAll('.box button.on')].map(b => b.dataset.column)");
  }

  @Test
  void aColumnShowsWhereItComesFromAndWhereItGoes() {
    browser.open(url("mart/fact_sales.html"));
    assertThat(browser.eval("document.querySelector('.figures').innerText").asText())
        .contains("16,791", "2026-03-03 00:10 UTC", "run-3", "3.3 MiB");
    browser.click("[data-column='mart.fact_sales/revenue']");
    assertThat(highlighted())
        .containsExactlyInAnyOrder(
            "raw.shop_order_items/quantity",
            "raw.shop_order_items/unit_price",
            "raw.shop_order_items/discount",
            "vault.sat_order_line/quantity",
            "vault.sat_order_line/unit_price",
            "vault.sat_order_line/discount",
            "mart.fact_sales/revenue",
            "mart.fact_attribution/revenue",
            "mart.agg_campaign_effectiveness/first_touch_revenue",
            "mart.agg_campaign_effectiveness/last_touch_revenue",
            "mart.agg_customer_segments/revenue_365_days",
            "mart.agg_daily_sales/revenue",
            "stream.sales/revenue");
    assertThat(browser.eval("document.querySelector('.said').textContent").asText())
        .startsWith(
            "mart.fact_sales.revenue decimal(14,2): comes from 6 columns, goes to 6 columns.");
    // What decides about it comes along when it is asked for: cancelled orders have none.
    browser.click("[name=weak]");
    assertThat(highlighted()).contains("vault.sat_order_status/status", "raw.shop_orders/status");
    browser.press("Escape");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void theKeyboardFindsAColumn() {
    browser.open(url("index.html"));
    browser.press("/");
    browser.type("last_change");
    assertThat(list("[...document.querySelectorAll('.results code')].map(c => c.textContent)"))
        .contains("mart.fact_sales.last_change_time", "mart.stock_level.last_change_time");
    browser.eval("document.querySelector('.search input').value = ''");
    browser.type("fact_sales.unit_price");
    browser.press("Enter");
    browser.await(
        "document.readyState === 'complete' && location.href.endsWith('mart/fact_sales.html#unit_price')");
    assertThat(highlighted())
        .contains("vault.sat_order_line/unit_price", "stream.sales/unit_price")
        .doesNotContain("mart.fact_sales/quantity");
    assertThat(list("[...document.querySelectorAll('tr.picked')].map(r => r.id)"))
        .containsExactly("unit_price");
  }

  @Test
  void aTableShowsWhatItIsMadeFrom() {
    browser.open(url("index.html"));
    browser.click(".box[data-table='mart.dim_seller'] button");
    assertThat(list("[...document.querySelectorAll('.box.on')].map(b => b.dataset.table)"))
        .contains("raw.shop_sellers", "vault.hub_seller", "vault.sat_seller", "mart.dim_seller")
        .doesNotContain("vault.sat_order", "mart.dim_customer");
    browser.press("Escape");
    assertThat(list("[...document.querySelectorAll('.box.on')].map(b => b.dataset.table)"))
        .isEmpty();
  }

  @Test
  void personalColumnsAreMarkedWhereverTheyAre() {
    for (String page : List.of("vault/sat_customer_personal", "raw/shop_users")) {
      browser.open(url(page + ".html"));
      assertThat(browser.eval("document.getElementById('email').innerText").asText())
          .as(page)
          .contains("personal");
    }
  }

  @Test
  void allPagesOpenWithoutErrorsAndAskNobodyElse() throws IOException {
    List<String> pages;
    try (var files = Files.walk(site)) {
      pages =
          files
              .map(file -> site.relativize(file).toString())
              .filter(f -> f.endsWith(".html"))
              .toList();
    }
    assertThat(pages).hasSizeGreaterThan(40);
    for (String page : pages) {
      browser.open(url(page));
      // Every link leads to a page that is there, and to a place on it.
      assertThat(list("[...document.querySelectorAll('a[href]')].map(a => a.href)"))
          .as(page)
          .allSatisfy(SiteIT::leadsSomewhere);
    }
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.requests())
        .hasSizeGreaterThan(pages.size())
        .allSatisfy(address -> assertThat(address).startsWith(url("").replaceFirst("/$", "")));
  }

  private static void leadsSomewhere(String address) throws IOException {
    Path file = Path.of(java.net.URI.create(address.replaceFirst("#.*", "")));
    assertThat(file).exists();
    int hash = address.indexOf('#');
    if (hash >= 0) {
      String place =
          java.net.URLDecoder.decode(
              address.substring(hash + 1), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(Files.readString(file)).contains("id=\"" + Html.text(place) + "\"");
    }
  }

  @Test
  void narrowDarkAndPrinted() throws IOException {
    Path pictures = TestLake.newFolder("pictures");
    browser.shape(420, 900, "dark");
    browser.open(url("mart/fact_sales.html"));
    Files.write(pictures.resolve("narrow.png"), browser.picture());
    // Nothing is wider than the page, except what scrolls by itself.
    assertThat(browser.eval("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(420);
    assertThat(browser.eval("getComputedStyle(document.body).backgroundColor").asText())
        .isEqualTo("rgb(20, 22, 26)");
    browser.shape(1400, 900, "light");
    browser.open(url("mart/fact_sales.html") + "#revenue");
    browser.eval("document.getElementById('lineage').scrollIntoView()");
    Files.write(pictures.resolve("wide.png"), browser.picture());
  }
}
