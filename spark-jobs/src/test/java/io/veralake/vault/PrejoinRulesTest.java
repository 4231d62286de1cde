package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Prejoin;
import io.veralake.spec.RowOrigins;
import io.veralake.spec.VaultSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a join takes, waits for and refuses, case by case. */
final class PrejoinRulesTest {
  private static final Prejoin PREJOIN = PrejoinTest.PREJOIN;
  private static final Prejoin.Partner USER = PREJOIN.partners().get(0);

  @Test
  void partnersThatSayTwoThingsAreRefused() throws Exception {
    VaultFixture vault = PrejoinTest.fixture();
    vault.land("orders", List.of(order(1, 7L, 1)));
    vault.land("users", List.of(user(7, "a@x", 2)));
    vault.land("shops", List.of());
    PrejoinStep.run(vault.context(), PREJOIN);
    vault.land("users", List.of(user(8, "c@x", 3), user(7, "b@x", 4)));
    for (int night = 0; night < 2; night++) {
      assertThatThrownBy(() -> PrejoinStep.run(vault.context(), PREJOIN))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot fill stage.order_customers: raw.users says of user_id = 7 both customer_email = a@x (file row 1) and customer_email = b@x (file row 1) (join user takes what never changes: say with its where which rows count, such as _op IN ('c', 'r'), or leave out the column that changes)");
    }
    assertThat(PrejoinTest.stored(vault)).hasSize(1);

    VaultFixture other = PrejoinTest.fixture();
    other.land("orders", List.of(order(1, 7L, 1)));
    other.land("shops", List.of());
    other.land("users", List.of(user(7, "a@x", 2), user(7, null, 4)));
    assertThatThrownBy(() -> PrejoinStep.run(other.context(), PREJOIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("user_id = 7 both customer_email = null (file row 1)");
  }

  @Test
  void aRuleSaysWhichRowsOfAPartnerCount() throws Exception {
    Prejoin.Partner first =
        new Prejoin.Partner(
            "user",
            new VaultSource("users", Map.of(), "_op = 'c' AND email <> ''"),
            USER.on(),
            USER.take());
    Prejoin prejoin = new Prejoin("order_customers", PREJOIN.from(), List.of(first));
    VaultFixture vault = PrejoinTest.fixture();
    vault.land("orders", List.of(order(1, 7L, 1), order(2, 8L, 2)));
    RawRow later = new RawRow("u", null, user(7, "b@x", 4).after(), 4, 4, "users");
    vault.land("users", List.of(later, user(8, "", 3)));
    assertThat(PrejoinStep.run(vault.context(), prejoin).waiting()).isEqualTo(2);
    vault.land("users", List.of(user(7, "a@x", 2)));
    assertThat(PrejoinStep.run(vault.context(), prejoin))
        .isEqualTo(new Prejoined("order_customers", 0, 1, 1, 1));
    assertThat(PrejoinTest.stored(vault))
        .singleElement()
        .asString()
        .contains("a@x")
        .doesNotContain("b@x");
  }

  @Test
  void valuesThatWereNotSentAreNotGuessed() throws Exception {
    VaultFixture vault = PrejoinTest.fixture();
    List<@Nullable Object> none = Arrays.asList(1L, null, null, null, "n", null);
    vault.land(
        "orders",
        List.of(
            new RawRow("u", null, none, 5, 5, "orders", List.of("user_id")),
            new RawRow("u", order(1, 7L, 1).after(), none, 6, 6, "orders", List.of("user_id"))));
    vault.land("shops", List.of());
    vault.land(
        "users",
        List.of(
            user(7, "a@x", 2),
            new RawRow("u", null, user(7, null, 4).after(), 4, 4, "users", List.of("email"))));
    assertThat(PrejoinStep.run(vault.context(), PREJOIN))
        .isEqualTo(new Prejoined("order_customers", 2, 2, 0, 1));
    List<Row> rows =
        vault
            .lake()
            .rows("stage.order_customers")
            .selectExpr("after.customer_email", "_unavailable")
            .orderBy(RawColumns.POSITION)
            .collectAsList();
    assertThat(rows.get(0).isNullAt(0)).isTrue();
    assertThat(rows.get(0).getList(1)).isEqualTo(List.of("user_id", "customer_email"));
    assertThat(rows.get(1).getString(0)).isEqualTo("a@x");
    assertThat(rows.get(1).getList(1)).isEqualTo(List.of("user_id"));
  }

  @Test
  void anotherDeclarationOverFilledTablesIsRefused() throws Exception {
    VaultFixture vault = PrejoinTest.fixture();
    vault.land("orders", List.of(order(1, 7L, 1)));
    vault.land("users", List.of(user(7, "a@x", 2)));
    Prejoin first = new Prejoin("o", PREJOIN.from(), List.of(USER));
    PrejoinStep.run(vault.context(), first);
    Prejoin.Partner other =
        new Prejoin.Partner(
            "user",
            new VaultSource("users", Map.of(), "email LIKE '%''@x'"),
            USER.on(),
            List.of(new Prejoin.Pair("customer_name", "name")));
    assertThatThrownBy(
            () ->
                PrejoinStep.run(vault.context(), new Prejoin("o", PREJOIN.from(), List.of(other))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot fill stage.o: it was filled by another declaration (raw.orders with raw.users on user_id = user_id take customer_email = email), the model says raw.orders with raw.users where email LIKE '%''@x' on user_id = user_id take customer_name = name (put the declaration back, or drop stage.o and stage.o__user: it is filled anew from raw)");
    // Quotes go through the table's properties as they are.
    Prejoin quoted = new Prejoin("p", PREJOIN.from(), List.of(other));
    PrejoinStep.run(vault.context(), quoted);
    assertThat(PrejoinStep.run(vault.context(), quoted).waiting()).isEqualTo(1);
  }

  @Test
  void columnsThatDoNotFitAreRefused() throws Exception {
    VaultFixture vault = PrejoinTest.fixture();
    vault.land("orders", List.of(order(1, 7L, 1)));
    vault.land("users", List.of(user(7, "a@x", 2)));
    this.refused(
        vault,
        "shop",
        "user_id",
        "customer_email",
        "email",
        "Cannot fill stage.o: join user compares shop, a string, with user_id of raw.users, a bigint (columns of one type, not floating: a stage can cast them)");
    this.refused(
        vault,
        "nobody",
        "user_id",
        "customer_email",
        "email",
        "Cannot fill stage.o: raw.orders has no column nobody (any of id, user_id, shop, kind, name, email)");
    this.refused(
        vault,
        "user_id",
        "user_id",
        "customer_email",
        "mail",
        "Cannot fill stage.o: raw.users has no column mail (any of id, user_id, shop, kind, name, email)");
    this.refused(
        vault,
        "user_id",
        "user_id",
        "email",
        "email",
        "Cannot fill stage.o: raw.orders has a column email itself (take it by another name)");
  }

  private void refused(
      VaultFixture vault, String column, String key, String name, String taken, String message) {
    Prejoin.Partner partner =
        new Prejoin.Partner(
            "user",
            VaultFixture.source("users"),
            List.of(new Prejoin.Pair(column, key)),
            List.of(new Prejoin.Pair(name, taken)));
    Prejoin prejoin = new Prejoin("o", PREJOIN.from(), List.of(partner));
    assertThatThrownBy(() -> PrejoinStep.run(vault.context(), prejoin))
        .isInstanceOf(DataException.class)
        .hasMessage(message);
  }

  @Test
  void rowsStayUnreadWhileAPartnersTableIsMissing() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), PrejoinHistories.DDL).raw("shop", "orders", "shops");
    vault.land("orders", List.of(order(1, 7L, 1), order(2, null, 2)));
    assertThat(PrejoinStep.run(vault.context(), PREJOIN))
        .isEqualTo(new Prejoined("order_customers", 0, 0, 2, 0));
    vault.raw("shop", "users");
    vault.land("users", List.of(user(9, "a@x", 2)));
    assertThat(PrejoinStep.run(vault.context(), PREJOIN))
        .isEqualTo(new Prejoined("order_customers", 2, 1, 1, 1));
  }

  @Test
  void joinsStandOnJoinsAndColumnsGrow() throws Exception {
    Prejoin first = new Prejoin("o", PREJOIN.from(), List.of(USER));
    VaultSource joined =
        new VaultSource(
            "orders", Optional.of(first), List.of(), Map.of(), "true", "", RowOrigins.RAW);
    Prejoin second =
        new Prejoin(
            "p",
            joined,
            List.of(
                new Prejoin.Partner(
                    "same",
                    joined,
                    List.of(new Prejoin.Pair("name", "name")),
                    List.of(new Prejoin.Pair("other_email", "customer_email")))));
    VaultFixture vault = PrejoinTest.fixture();
    vault.land("orders", List.of(order(1, 7L, 1), order(2, 7L, 2)));
    vault.land("users", List.of(user(8, "b@x", 2)));
    for (int night = 0; night < 2; night++) {
      PrejoinStep.run(vault.context(), first);
      PrejoinStep.run(vault.context(), second);
      assertThat(PrejoinTables.joined(vault.lake().rows("stage.o")).count()).isEqualTo(2L * night);
      String raw = vault.lake().sqlName("raw.orders");
      if (night == 0) {
        vault.lake().spark().sql("ALTER TABLE " + raw + " ADD COLUMN after.more int");
        vault.lake().spark().sql("ALTER TABLE " + raw + " ADD COLUMN before.more int");
        vault.land("users", List.of(user(7, "a@x", 3)));
      }
    }
    assertThat(
            PrejoinTables.joined(vault.lake().rows("stage.p"))
                .selectExpr("after.id", "after.customer_email", "after.other_email", "after.more")
                .orderBy("id")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly("[1,a@x,a@x,null]", "[2,a@x,a@x,null]");
    assertThat(new PrejoinTables(vault.lake(), second).waiting()).isZero();
  }

  private static RawRow order(long id, @Nullable Long user, long at) {
    return new RawRow("c", null, Arrays.asList(id, user, null, null, "n", null), at, at, "orders");
  }

  private static RawRow user(long id, @Nullable String email, long at) {
    return new RawRow("c", null, Arrays.asList(null, id, null, null, "u", email), at, at, "users");
  }
}
