package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.PlainHashText;
import io.veralake.lake.RunContext;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys are told apart by more than their hashes: shown with hashes of one byte. */
final class HashCollisionTest {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Hub NAME =
      new Hub("hub_name", List.of(column("name", "string")), List.of(source("users")));
  private static final Link CALLED =
      new Link(
          "link_called",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("name", NAME)),
          List.of(),
          true,
          List.of(),
          List.of(source("users")));

  /** Three numbers, the first two of which have one hash. */
  private static List<Long> numbers() {
    Map<String, Long> byHash = new HashMap<>();
    ColumnType bigint = ColumnType.parse("bigint").orElseThrow();
    for (long id = 1; ; id++) {
      String key = PlainHashText.key("MD5", List.of(new PlainHashText.Value(bigint, id)));
      Long other = byHash.putIfAbsent(key.substring(0, 2), id);
      if (other != null) {
        return List.of(other, id, other == 1 ? 2L : 1L);
      }
    }
  }

  @Test
  void twoKeysOfOneNightAreNotMerged() throws Exception {
    List<Long> numbers = numbers();
    VaultFixture vault = users();
    vault.land("users", List.of(row(numbers.get(2), "A", 9), row(numbers.get(0), "A", 10)));
    vault.land("users", List.of(row(numbers.get(1), "A", 11)));

    assertThatThrownBy(() -> VaultStep.run(tiny(vault), CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot load vault.hub_customer: the keys {\"id\":")
        .hasMessageContaining("{\"id\":" + numbers.get(0) + "}")
        .hasMessageContaining("{\"id\":" + numbers.get(1) + "}")
        .hasMessageContaining(" have one hash (base64 ");
    assertThat(vault.lake().snapshot("vault.hub_customer")).as("nothing is loaded").isEmpty();
  }

  @Test
  void aNewKeyIsNotTakenForAStoredOne() throws Exception {
    List<Long> numbers = numbers();
    VaultFixture vault = users();
    vault.land("users", List.of(row(numbers.get(0), "A", 10), row(numbers.get(2), "A", 11)));
    assertThat(VaultStep.run(tiny(vault), CUSTOMER).inserted()).isEqualTo(2);
    vault.land("users", List.of(row(numbers.get(0), "A", 12)));
    assertThat(VaultStep.run(tiny(vault), CUSTOMER).inserted()).isZero();
    vault.land("users", List.of(row(numbers.get(1), "A", 13)));

    assertThatThrownBy(() -> VaultStep.run(tiny(vault), CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot load vault.hub_customer: the keys {\"id\":%d} and {\"id\":%d} have one hash"
                .formatted(numbers.get(1), numbers.get(0)));
    assertThat(vault.lake().rows("vault.hub_customer").count()).isEqualTo(2);
  }

  @Test
  void linksAreToldApartByTheirEnds() throws Exception {
    VaultFixture vault = users();
    List<RawRow> rows = new ArrayList<>();
    for (long i = 0; i < 300; i++) {
      rows.add(row(i, "N" + i, i));
    }
    vault.land("users", rows);

    assertThatThrownBy(() -> VaultStep.run(tiny(vault), CALLED))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot load vault.link_called: the keys {\"customer_hk\":");
  }

  private static VaultFixture users() {
    return new VaultFixture(TestLake.fresh(), "id bigint, name string, n int").raw("shop", "users");
  }

  private static RunContext tiny(VaultFixture vault) {
    RunContext usual = vault.context();
    return new RunContext(
        "x",
        usual.asOf(),
        usual.lake(),
        TestEngine.of(usual.lake(), Path.of("."), HashText.ONE_BYTE),
        usual.model());
  }

  private static RawRow row(long id, String name, long at) {
    return new RawRow("c", null, List.of(id, name, 1), at, at, "shop");
  }
}
