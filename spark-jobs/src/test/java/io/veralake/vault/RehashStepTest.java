package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.HashRules;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RehashStepTest {
  static final HashRules NEW = new HashRules("SHA-256");
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Hub SHOP =
      new Hub("hub_shop", List.of(column("shop", "string")), List.of(source("users")));
  private static final Link VISIT =
      new Link(
          "link_visit",
          List.of(new Link.End("customer", CUSTOMER), new Link.End("shop", SHOP)),
          List.of(column("n", "int")),
          true,
          List.of(),
          List.of(source("users")));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_profile",
          CUSTOMER,
          List.of(column("name", "string"), column("n", "int")),
          List.of(),
          List.of(source("users")));
  private static final Satellite MOOD =
      new Satellite(
          "sat_mood",
          VISIT,
          List.of(column("name", "string")),
          List.of(),
          List.of(source("users")));

  /** In the order in which they are to be rehashed. */
  private static final List<VaultTable> TABLES = List.of(PROFILE, MOOD, VISIT, CUSTOMER, SHOP);

  /** What a killed process leaves. */
  static final class Killed extends RuntimeException {
    Killed(RehashStep.Move move) {
      super(move.name());
    }
  }

  @Test
  void aRehashedVaultIsTheVaultThatWouldHaveBeenLoadedSo() throws Exception {
    VaultFixture vault = loaded();
    RunContext context = context(vault, NEW);
    List<List<String>> before = TABLES.stream().map(table -> rows(vault.lake(), table)).toList();

    for (VaultTable table : TABLES) {
      for (RehashStep.Move last : RehashStep.Move.values()) {
        if (last == RehashStep.Move.SWAPPED) {
          continue;
        }
        assertThatThrownBy(
                () ->
                    RehashStep.run(
                        context,
                        table,
                        move -> {
                          if (move == last) {
                            throw new Killed(move);
                          }
                        }))
            .isInstanceOf(Killed.class);
        assertThat(rows(vault.lake(), table))
            .as(table.name() + " killed after " + last)
            .isEqualTo(before.get(TABLES.indexOf(table)));
        assertThatThrownBy(() -> VaultStep.run(context, table))
            .isInstanceOf(DataException.class)
            .hasMessageStartingWith(
                "Cannot load vault."
                    + table.name()
                    + ": its veralake.hash is MD5, the configuration gives SHA-256 (");
      }
      Rehashed done = RehashStep.run(context, table);
      assertThat(done.rows()).isEqualTo(before.get(TABLES.indexOf(table)).size());
      assertThat(RehashStep.run(context, table)).isEqualTo(new Rehashed(table.name(), 0, 0));
      assertThatThrownBy(() -> VaultStep.run(context(vault, new HashRules("MD5")), table))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("its veralake.hash is SHA-256, the configuration gives MD5");
    }

    VaultFixture anew = landed();
    for (VaultTable table : TABLES) {
      VaultStep.run(context(anew, NEW), table);
      assertThat(rows(vault.lake(), table)).as(table.name()).isEqualTo(rows(anew.lake(), table));
      assertThat(VaultStep.run(context, table))
          .as("positions are kept")
          .isEqualTo(new Loaded(table.name(), 0, 0, 0, 0));
    }
    more(vault);
    more(anew);
    for (VaultTable table : TABLES) {
      VaultStep.run(context, table);
      VaultStep.run(context(anew, NEW), table);
      assertThat(rows(vault.lake(), table)).as(table.name()).isEqualTo(rows(anew.lake(), table));
    }
  }

  @Test
  void whatWouldChangeMoreThanHashesIsRefused() throws Exception {
    VaultFixture vault = loaded();
    RunContext context = context(vault, NEW);
    Lake lake = vault.lake();
    assertThatThrownBy(() -> RehashStep.run(context, CUSTOMER))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot rehash vault.hub_customer: vault.\\w+ has the earlier hashes and finds its keys through it \\(rehash that first; without --only they are taken in order\\)");
    HashRules hex =
        new HashRules(
            "MD5",
            HashRules.Text.VERALAKE,
            HashRules.Form.LOWER_HEX,
            HashRules.Delimited.AUTOMATE_DV);
    assertThatThrownBy(() -> RehashStep.run(context(vault, hex), PROFILE))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot rehash vault.sat_profile: its hashes have another form than veralake.vault.hash-form");

    lake.spark().sql("DELETE FROM " + lake.sqlName("vault.hub_customer") + " WHERE id = 1");
    List<String> before = rows(lake, PROFILE);
    assertThatThrownBy(() -> RehashStep.run(context, PROFILE))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "Cannot rehash vault.sat_profile: it would not be the same table: Sums[rows=5, ")
        .hasMessageContaining("Sums[rows=2, ");
    assertThat(rows(lake, PROFILE)).isEqualTo(before);
  }

  private static VaultFixture loaded() throws Exception {
    VaultFixture vault = landed();
    for (VaultTable table : TABLES) {
      VaultStep.run(vault.context(), table);
    }
    return vault;
  }

  private static VaultFixture landed() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string, n int, shop string")
            .raw("shop", "users")
            .vault(CUSTOMER, SHOP, VISIT, PROFILE, MOOD);
    vault.land(
        "users",
        List.of(
            row("c", 1L, "A", 1, "x", 10),
            row("u", 1L, "B", 1, "x", 20),
            row("c", 2L, "A", null, "y", 30),
            row("c", 3L, null, null, null, 40),
            row("d", 1L, "B", 1, "x", 50)));
    return vault;
  }

  private static void more(VaultFixture vault) throws Exception {
    vault.land("users", List.of(row("u", 2L, "C", 4, "y", 60), row("c", 4L, "late", 1, "x", 15)));
  }

  private static RawRow row(
      String op,
      Long id,
      @Nullable String name,
      @Nullable Integer n,
      @Nullable String shop,
      long at) {
    List<@Nullable Object> values = Arrays.asList(id, name, n, shop);
    return op.equals("d")
        ? new RawRow(op, values, null, at, at, "shop")
        : new RawRow(op, null, values, at, at, "shop");
  }

  static RunContext context(VaultFixture vault, HashRules rules) {
    RunContext context = vault.context();
    return new RunContext(
        context.runId(),
        context.asOf(),
        context.lake(),
        TestEngine.hashing(context.engine(), rules),
        context.model());
  }

  /** All rows but for when the vault learned of them, as texts. */
  static List<String> rows(Lake lake, VaultTable table) {
    List<Column> columns = new ArrayList<>();
    Stream.of(lake.rows("vault." + table.name()).schema().fields())
        .filter(field -> !field.name().equals("load_time"))
        .map(
            field ->
                field.dataType().sql().equals("BINARY")
                    ? functions.hex(functions.col(field.name()))
                    : functions.col(field.name()).cast("string"))
        .forEach(columns::add);
    return lake
        .rows("vault." + table.name())
        .select(columns.toArray(Column[]::new))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }
}
