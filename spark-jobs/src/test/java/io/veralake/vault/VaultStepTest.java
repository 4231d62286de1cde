package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Hub;
import io.veralake.spec.Satellite;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class VaultStepTest {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_profile", CUSTOMER, List.of(column("name", "string")), List.of(), List.of(source("users")));

  @Test
  void lateRowLetsAnUnchangedOneReappear() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string")
            .raw("shop", "users")
            .vault(CUSTOMER, PROFILE);
    vault.land("users", List.of(insert(1, "A", 10), insert(1, "A", 30), insert(null, "X", 31)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 3, 1, 1, 0), new Loaded("sat_profile", 3, 1, 1, 0));
    vault.land("users", List.of(insert(1, "B", 20)));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 1, 0, 0, 0), new Loaded("sat_profile", 1, 2, 0, 0));
    assertThat(vault.load())
        .containsExactly(
            new Loaded("hub_customer", 0, 0, 0, 0), new Loaded("sat_profile", 0, 0, 0, 0));

    String sql =
        new VaultViews(vault.model()).history(PROFILE, vault.lake().sqlName("vault.sat_profile"));
    List<Row> rows =
        vault
            .lake()
            .spark()
            .sql("SELECT name, unix_seconds(effective_from), unix_seconds(effective_to) FROM (" + sql + ") ORDER BY 2")
            .collectAsList();
    assertThat(rows).extracting(Row::toString).containsExactly("[A,10,20]", "[B,20,30]", "[A,30,null]");
  }

  private static RawRow insert(@Nullable Integer id, String name, long at) {
    return new RawRow("c", null, Arrays.asList(id == null ? null : (Object) (long) id, name), at, at, "shop");
  }
}
