package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A reference table is a satellite of its own key. */
final class ReferenceTest {
  private static final List<Column> KEY = List.of(column("code", "string"));
  private static final Satellite COUNTRIES =
      new Satellite(
          "ref_country",
          new Hub("ref_country", KEY, List.of()),
          List.of(column("name", "string")),
          List.of(),
          List.of(source("countries")),
          new SatelliteForm.Members(KEY));

  @Test
  void listHasItsKeyAndItsHistory() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "code string, name string")
            .raw("shop", "countries")
            .vault(COUNTRIES);
    vault.land("countries", List.of(row("c", "DE", "Germany", 1), row("c", "SU", "Soviets", 2)));
    vault.load();
    vault.land("countries", List.of(row("u", "DE", "Deutschland", 3), row("d", "SU", "", 4)));
    assertThat(vault.load()).containsExactly(new Loaded("ref_country", 2, 2, 0, 0));

    assertThat(rows(vault, "SELECT code, name FROM %s_current"))
        .containsExactly("[DE,Deutschland]");
    assertThat(
            rows(vault, "SELECT code, name, deleted FROM %s_history ORDER BY code, effective_from"))
        .containsExactly(
            "[DE,Germany,false]", "[DE,Deutschland,false]", "[SU,Soviets,false]", "[SU,null,true]");
  }

  private static List<String> rows(VaultFixture vault, String sql) {
    return vault
        .lake()
        .spark()
        .sql(sql.formatted(vault.lake().sqlName("vault.ref_country")))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private static RawRow row(String op, String code, String name, long at) {
    List<Object> values = List.of(code, name);
    return op.equals("d")
        ? new RawRow(op, List.copyOf(values), null, at, at, "shop")
        : new RawRow(op, null, List.copyOf(values), at, at, "shop");
  }
}
