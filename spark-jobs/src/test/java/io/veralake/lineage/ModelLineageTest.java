package io.veralake.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import io.veralake.spec.Prejoin;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.Stage;
import io.veralake.spec.VaultSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where vault columns come from, and whole ways from a source to a mart. */
final class ModelLineageTest {
  private static final Hub CUSTOMER =
      new Hub(
          "hub_customer",
          TestModel.columns("customer_id bigint"),
          List.of(
              new VaultSource("users", Map.of("customer_id", "user_id"), "state <> 'test'"),
              new VaultSource(
                  "visits",
                  Map.of(
                      "customer_id",
                      "CASE WHEN get_json_object(document, '$.who.id') LIKE '{\"$%' THEN CASE array_join(json_object_keys(get_json_object(document, '$.who.id')), ' ') WHEN '$numberLong' THEN try_cast(get_json_object(get_json_object(document, '$.who.id'), '$.$numberLong') AS bigint) END ELSE try_cast(get_json_object(document, '$.who.id') AS bigint) END"),
                  "true")));

  private static String texts(Set<Dependency> from) {
    return from.stream()
        .map(one -> one.from() + " " + one.kind() + (one.masked() ? " masked" : ""))
        .collect(Collectors.joining(", "));
  }

  private static Model model(List<io.veralake.spec.VaultTable> vault, List<Mart> marts) {
    return new Model(List.of(), vault, marts, List.of(), List.of());
  }

  @Test
  void columnsThatRowsTakeFromOthers() {
    Prejoin prejoin =
        new Prejoin(
            "order_customers",
            new VaultSource("orders", Map.of(), "true"),
            List.of(
                new Prejoin.Partner(
                    "user",
                    new VaultSource("users", Map.of(), "state <> 'test'"),
                    List.of(new Prejoin.Pair("user_id", "id")),
                    List.of(new Prejoin.Pair("email", "mail")))));
    VaultSource source =
        new VaultSource(
            "orders",
            Optional.of(prejoin),
            List.of(
                new Stage(
                    "order_customers",
                    List.of(new Stage.Derived("code", "lower(email)", Optional.empty())),
                    "true",
                    Optional.empty())),
            Map.of(),
            "true",
            "",
            RowOrigins.RAW);
    Hub hub = new Hub("hub_code", TestModel.columns("code string"), List.of(source));
    Hub order = new Hub("hub_order", TestModel.columns("order_id bigint"), List.of(source));

    Map<String, TableLineage> tables =
        ModelLineage.of(model(List.of(hub, order), List.of()), "binary", TestLake.session())
            .tables();

    assertThat(texts(tables.get("vault.hub_code").columns().get("code")))
        .isEqualTo(
            "raw.orders.user_id JOIN, raw.users.id JOIN, raw.users.mail TRANSFORMATION, raw.users.state FILTER");
    assertThat(texts(tables.get("vault.hub_order").columns().get("order_id")))
        .isEqualTo("raw.orders.order_id IDENTITY");
    assertThat(texts(tables.get("vault.hub_order").rows()))
        .isEqualTo("raw.orders.user_id JOIN, raw.users.id JOIN, raw.users.state FILTER");
  }

  @Test
  void sourcesOfHubsAndLinks() {
    Hub product = new Hub("hub_product", TestModel.columns("product_id bigint"), List.of());
    Link link =
        new Link(
            "link_basket",
            List.of(
                new Link.End("customer", CUSTOMER),
                new Link.End("bought", product),
                new Link.End("seen", product)),
            TestModel.columns("line int"),
            true,
            List.of(),
            List.of(
                new VaultSource(
                    "baskets",
                    Map.of("bought.product_id", "a", "seen.product_id", "upper(b)", "line", "n"),
                    "true")));
    Map<String, TableLineage> tables =
        ModelLineage.of(
                model(List.of(CUSTOMER, product, link), List.of()), "binary", TestLake.session())
            .tables();

    Map<String, Set<Dependency>> hub = tables.get("vault.hub_customer").columns();
    assertThat(texts(hub.get("customer_id")))
        .isEqualTo("raw.users.user_id IDENTITY, raw.visits.$.who.id IDENTITY");
    assertThat(texts(hub.get("customer_hk")))
        .isEqualTo(
            "raw.users.user_id TRANSFORMATION masked, raw.visits.$.who.id TRANSFORMATION masked");
    assertThat(texts(hub.get("load_time")))
        .isEqualTo("raw.users._load_time IDENTITY, raw.visits._load_time IDENTITY");
    assertThat(texts(tables.get("vault.hub_customer").rows())).isEqualTo("raw.users.state FILTER");

    Map<String, Set<Dependency>> ends = tables.get("vault.link_basket").columns();
    assertThat(texts(ends.get("customer_hk")))
        .isEqualTo("raw.baskets.customer_id TRANSFORMATION masked");
    assertThat(texts(ends.get("bought_hk"))).isEqualTo("raw.baskets.a TRANSFORMATION masked");
    assertThat(texts(ends.get("seen_hk"))).isEqualTo("raw.baskets.b TRANSFORMATION masked");
    assertThat(texts(ends.get("line"))).isEqualTo("raw.baskets.n IDENTITY");
    assertThat(texts(ends.get("basket_hk")))
        .isEqualTo(
            "raw.baskets.a TRANSFORMATION masked, raw.baskets.b TRANSFORMATION masked, raw.baskets.customer_id TRANSFORMATION masked, raw.baskets.n TRANSFORMATION masked");
  }

  @Test
  void membersOfSetsComeFromTheItemsOfAnArray() {
    Satellite images =
        new Satellite(
            "sat_images",
            CUSTOMER,
            TestModel.columns("url string", "wide boolean"),
            List.of(),
            List.of(
                new VaultSource(
                    "pages",
                    Map.of(
                        "customer_id",
                        "get_json_object(document, '$.id')",
                        "url",
                        "get_json_object(item, '$.href')",
                        "wide",
                        "item_number = 0 OR get_json_object(item, '$.w') > 100"),
                    "true",
                    "from_json(get_json_object(document, '$.images'), 'array<string>')")),
            new SatelliteForm.Sets(true));
    Mart mart =
        new Mart(
            "dim_image",
            Mart.Kind.DIMENSION,
            "SELECT url, wide, effective_from AS since FROM sat_images_current",
            TestModel.columns("url string", "wide boolean", "since timestamp"),
            List.of("url"),
            List.of(),
            List.of(),
            new Mart.Refresh(List.of(), Map.of(), Map.of()),
            List.of());
    ModelLineage lineage =
        ModelLineage.of(
            model(List.of(CUSTOMER, images), List.of(mart)), "binary", TestLake.session());

    Map<String, Set<Dependency>> set = lineage.tables().get("vault.sat_images").columns();
    assertThat(texts(set.get("members.url"))).isEqualTo("raw.pages.$.images[*].href IDENTITY");
    assertThat(texts(set.get("members.wide"))).isEqualTo("raw.pages.$.images[*].w TRANSFORMATION");
    assertThat(texts(set.get("deleted"))).isEqualTo("raw.pages._op TRANSFORMATION");
    assertThat(lineage.problems()).isEmpty();
    Map<String, Set<Dependency>> dim = lineage.tables().get("mart.dim_image").columns();
    assertThat(texts(dim.get("url"))).isEqualTo("vault.sat_images.members.url IDENTITY");
    assertThat(texts(dim.get("since"))).isEqualTo("vault.sat_images.applied_time AGGREGATION");
  }

  @Test
  void theStoresModelIsUnderstoodWhole() {
    Model model = ModelReader.read(Path.of("..", "conf"), "local", TestEngine.STORE_KEYS).model();
    ModelLineage lineage = ModelLineage.of(model, "binary", TestLake.session());

    assertThat(lineage.problems()).isEmpty();
    assertThat(lineage.tables()).hasSize(model.vault().size() + model.marts().size());
    Set<String> fromNowhere = new TreeSet<>();
    lineage
        .tables()
        .forEach(
            (table, of) -> {
              assertThat(of.columns()).as(table).isNotEmpty();
              of.columns().entrySet().stream()
                  .filter(column -> column.getValue().isEmpty())
                  .forEach(column -> fromNowhere.add(table + "." + column.getKey()));
            });
    // Days are made, rows are counted, midnights are chosen, and that somebody has credentials is a
    // constant.
    fromNowhere.removeIf(column -> column.startsWith("mart.dim_date."));
    assertThat(fromNowhere)
        .containsExactly(
            "mart.agg_campaign_effectiveness.first_touch_orders",
            "mart.agg_campaign_effectiveness.last_touch_orders",
            "mart.agg_campaign_effectiveness.touches",
            "mart.agg_stock_cover.warehouses",
            "mart.fact_attribution.touches",
            "mart.fact_daily_stock.changes",
            "mart.fact_payments.settlements",
            "mart.fact_sessions.campaign_touches",
            "mart.fact_sessions.interactions",
            "mart.fact_sessions.page_views",
            "vault.bridge_order.snapshot_time",
            "vault.pit_product.snapshot_time",
            "vault.sat_customer_credentials.has_credentials",
            "vault.sat_customer_credentials.hashdiff");
    Map<String, Set<Dependency>> seller = lineage.tables().get("mart.dim_seller").columns();
    // Three columns travel in one struct, and are told apart.
    assertThat(texts(seller.get("rating")))
        .isEqualTo("vault.sat_seller.applied_time CONDITION, vault.sat_seller.rating AGGREGATION");
    assertThat(texts(lineage.tables().get("mart.dim_customer").columns().get("customer_key")))
        .contains("vault.hub_customer.customer_id TRANSFORMATION masked");
  }
}
