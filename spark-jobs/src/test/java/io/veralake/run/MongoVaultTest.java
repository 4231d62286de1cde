package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.land.LandStep;
import io.veralake.spec.Model;
import io.veralake.spec.ModelReader;
import io.veralake.spec.Satellite;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MongoDB's change events through raw into a satellite: a delete may say no more than the key. */
final class MongoVaultTest {
  private static final String LAND =
      """
      format = debezium-json
      path = carts
      system = carts
      documents = true
      """;
  private static final String HUB =
      """
      type = hub
      business-key { cart_id = string }
      sources = [{ from = carts, columns { cart_id = "$._id" } }]
      """;
  private static final String SATELLITE =
      """
      type = satellite
      parent = hub_cart
      payload { customer = int }
      sources = [{ from = carts, columns { cart_id = "$._id", customer = "$.customer" } }]
      """;

  private final Lake lake = TestLake.fresh();
  private final Path home = TestLake.newFolder("mongo");

  @ParameterizedTest
  @ValueSource(strings = {"mongodb", "mongodb.plain"})
  void aDeleteByKeyDeletesItsDocument(String sample) throws IOException {
    Path input = Files.createDirectories(this.home.resolve("carts")).resolve("1.json");
    try (InputStream bytes =
        MongoVaultTest.class.getResourceAsStream("/debezium/" + sample + ".json")) {
      Files.copy(Objects.requireNonNull(bytes), input);
    }
    for (Map.Entry<String, String> file :
        Map.of("land/carts", LAND, "vault/hub_cart", HUB, "vault/sat_cart", SATELLITE).entrySet()) {
      Path written = this.home.resolve("conf/models/" + file.getKey() + ".conf");
      Files.createDirectories(written.getParent());
      Files.writeString(written, file.getValue());
    }
    Model model = ModelReader.read(this.home.resolve("conf"), "local", Map.of()).model();
    RunContext context = Models.context(this.lake, this.home, "r1", Models.asOf(), model);
    LandStep.run(context, model.land().get(0));
    model.vault().forEach(table -> VaultStep.run(context, table));

    Satellite satellite =
        model.vault().stream()
            .filter(Satellite.class::isInstance)
            .map(Satellite.class::cast)
            .findFirst()
            .orElseThrow();
    String current = new VaultViews(model).current(satellite, this.lake.sqlName("vault.sat_cart"));
    String key = satellite.hashKey();
    assertThat(
            this.rows(
                "SELECT h.cart_id, s.customer FROM (%s) s JOIN %s h ON s.%s = h.%s"
                    .formatted(current, this.lake.sqlName("vault.hub_cart"), key, key)))
        .containsExactlyInAnyOrder(
            "[65e1f0c2a1b2c3d4e5f60718,70]", "[k1,9]", "[{\"a\":1,\"b\":\"x\"},11]");
    // The delete of k2 has no pre-image, that of 1004 has one.
    assertThat(
            this.rows(
                "SELECT h.cart_id FROM %s s JOIN %s h ON s.%s = h.%s WHERE s.deleted"
                    .formatted(
                        this.lake.sqlName("vault.sat_cart"),
                        this.lake.sqlName("vault.hub_cart"),
                        key,
                        key)))
        .containsExactlyInAnyOrder("[k2]", "[1004]");
  }

  private List<String> rows(String sql) {
    return this.lake.spark().sql(sql).collectAsList().stream().map(Row::toString).toList();
  }
}
