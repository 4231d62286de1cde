package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.sql.RowExpressions;
import io.veralake.land.LandStep;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import io.veralake.vault.Loaded;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Documents with arrays, from files through stages into hubs, links and satellites. */
final class StagedDocumentsTest {
  private static final Map<String, String> MODEL =
      Map.ofEntries(
          Map.entry("land/sessions", "format = json-lines\npath = sessions\nsystem = web"),
          Map.entry("land/products", "format = json-lines\npath = products\nsystem = web"),
          Map.entry(
              "stage/own_sessions",
              """
              from = sessions
              columns { session_id = "$.session_id", customer_id { path = "$.customer_id", type = bigint } }
              where = "get_json_object(document, '$.bot') IS NULL"
              """),
          Map.entry(
              "stage/pages",
              """
              from = own_sessions
              explode {
                array = "$.pages_visited[*]"
                columns {
                  page_no = item_number
                  page_name = "$item.page_name"
                  seen_at { path = "$item.visit_timestamp", type = timestamp }
                  product_id { path = "$item.product_id", type = bigint }
                }
                ranks { from_last { order-by = ["seen_at desc"] }, again { within = [page_name], order-by = [seen_at] } }
              }
              """),
          Map.entry(
              "stage/actions",
              """
              from = own_sessions
              explode {
                array = "from_json(get_json_object(document, '$.actions'), 'array<struct<action:string,product_id:bigint,status:string>>')"
                columns {
                  action_no = item_number
                  action = "item.action"
                  outcome = "coalesce(item.status, 'done')"
                  product_id = "item.product_id"
                }
                where = "item.action <> 'scroll'"
              }
              """),
          Map.entry(
              "stage/tags",
              """
              from = products
              columns { product_id { path = "$.product_id", type = bigint } }
              explode { array = "$.metadata.tags[*]", columns { tag = "lower(item)" }, key = [tag] }
              """),
          Map.entry(
              "vault/hub_session",
              "type = hub\nbusiness-key { session_id = string }\nsources = [own_sessions]"),
          Map.entry(
              "vault/hub_product",
              "type = hub\nbusiness-key { product_id = bigint }\nsources = [tags, pages, { from = actions, where = \"product_id IS NOT NULL\" }]"),
          Map.entry("vault/hub_tag", "type = hub\nbusiness-key { tag = string }\nsources = [tags]"),
          Map.entry(
              "vault/link_product_tag", "type = link\nhubs = [product, tag]\nsources = [tags]"),
          Map.entry(
              "vault/link_page",
              """
              type = non-historised-link
              hubs = [session]
              dependent-key { page_no = int }
              payload { page_name = string, seen_at = timestamp, from_last = int, again = int }
              sources = [pages]
              """),
          Map.entry(
              "vault/link_action",
              """
              type = non-historised-link
              hubs = [session]
              dependent-key { action_no = int }
              payload { action = string, outcome = string, channel = string }
              sources = [{ from = actions, columns { channel { constant = web } } }]
              """),
          Map.entry(
              "vault/sat_image",
              """
              type = multi-active-satellite
              parent = hub_product
              members = whole
              payload { url = string, alt = string }
              sources = [{
                from = products
                explode = "$.metadata.images[*]"
                columns { product_id = "$.product_id", url = "$item.url", alt = "upper(get_json_object(item, '$.alt_text'))" }
              }]
              """));

  private static final String SESSIONS =
      """
      {"session_id":"s1","customer_id":12345,"pages_visited":[{"page_name":"Home Page","visit_timestamp":"2024-09-18T13:05:00Z"},{"page_name":"Product Page","visit_timestamp":"2024-09-18T13:10:00Z","product_id":987},{"page_name":"Home Page","visit_timestamp":"2024-09-18T13:20:00Z"}],"actions":[{"action":"add_to_cart","product_id":987},{"action":"scroll"},{"action":"checkout_attempt","status":"abandoned"}]}
      {"session_id":"s2","customer_id":7,"bot":"yes","pages_visited":[{"page_name":"Home Page"}],"actions":[{"action":"add_to_cart","product_id":1}]}
      {"session_id":"s3","customer_id":8,"pages_visited":[],"actions":null}
      """;
  private static final String PRODUCTS =
      """
      {"product_id":987,"metadata":{"images":[{"url":"https://example.com/1.jpg","alt_text":"one"},{"url":"https://example.com/2.jpg"}],"tags":["Wireless","bluetooth"]}}
      {"product_id":55,"metadata":{"tags":["bluetooth"]}}
      """;

  private final Lake lake = TestLake.fresh();
  private final Path home = TestLake.newFolder("staged");

  @Test
  void pagesActionsTagsAndImagesReachTheVault() throws IOException {
    this.write("sessions/1.jsonl", SESSIONS);
    this.write("products/1.jsonl", PRODUCTS);
    for (Map.Entry<String, String> file : MODEL.entrySet()) {
      this.write("conf/models/" + file.getKey() + ".conf", file.getValue());
    }
    Model model =
        ModelReader.read(this.home.resolve("conf"), "local", Map.of(), new RowExpressions())
            .model();
    Map<String, Loaded> loaded = this.night(model, "r1");

    assertThat(loaded.get("hub_session")).isEqualTo(new Loaded("hub_session", 3, 2, 0, 0, 0, 1));
    assertThat(loaded.get("link_page")).isEqualTo(new Loaded("link_page", 3, 3, 0, 0, 0, 1));
    assertThat(loaded.get("link_action")).isEqualTo(new Loaded("link_action", 3, 2, 0, 0, 0, 2));
    assertThat(this.rows("page_no, page_name, hour(seen_at), from_last, again", "link_page"))
        .containsExactly("[0,Home Page,13,3,1]", "[1,Product Page,13,2,1]", "[2,Home Page,13,1,2]");
    assertThat(this.rows("action_no, action, outcome, channel", "link_action"))
        .containsExactly("[0,add_to_cart,done,web]", "[2,checkout_attempt,abandoned,web]");
    assertThat(this.rows("tag", "hub_tag")).containsExactly("[bluetooth]", "[wireless]");
    assertThat(this.rows("product_id", "hub_product")).containsExactly("[55]", "[987]");
    assertThat(this.rows("count(*)", "link_product_tag")).containsExactly("[3]");
    assertThat(this.rows("url, alt", "sat_image_current"))
        .containsExactly("[https://example.com/1.jpg,ONE]", "[https://example.com/2.jpg,null]");

    // The same again, and a session that goes on: what is known stays, what is new comes.
    this.write("sessions/2.jsonl", SESSIONS);
    this.write(
        "products/2.jsonl",
        """
        {"product_id":55,"metadata":{"images":[{"url":"https://example.com/3.jpg"}],"tags":["BLUETOOTH","new"]}}
        """);
    Map<String, Loaded> again = this.night(model, "r2");

    assertThat(again.get("link_page").inserted()).isZero();
    assertThat(again.get("link_action").inserted()).isZero();
    assertThat(again.get("hub_tag").inserted()).isEqualTo(1);
    assertThat(again.get("link_product_tag").inserted()).isEqualTo(1);
    assertThat(this.rows("url", "sat_image_current"))
        .containsExactly(
            "[https://example.com/1.jpg]",
            "[https://example.com/2.jpg]",
            "[https://example.com/3.jpg]");
  }

  private Map<String, Loaded> night(Model model, String run) {
    RunContext context = Models.context(this.lake, this.home, run, Models.asOf(), model);
    model.land().forEach(table -> LandStep.run(context, table));
    return model.vault().stream()
        .map(table -> VaultStep.run(context, table))
        .collect(Collectors.toMap(Loaded::table, one -> one, (a, b) -> a, LinkedHashMap::new));
  }

  private void write(String file, String text) throws IOException {
    Path path = this.home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private List<String> rows(String columns, String table) {
    return this.lake
        .spark()
        .sql(
            "SELECT %s FROM %s ORDER BY ALL"
                .formatted(columns, this.lake.sqlName("vault." + table)))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }
}
