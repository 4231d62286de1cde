package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.Envelopes;
import io.veralake.land.LandStep;
import io.veralake.land.Landed;
import io.veralake.spec.Hub;
import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultSource;
import io.veralake.vault.VaultStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** A column that its source renamed is one column, whatever name a record has for it. */
final class RenamedColumnsTest {
  private static final long SEED = Seed.of(20260323);
  private static final List<String> NAMES = List.of("tel", "phone", "phone_number");

  private final Random random = new Random(SEED);
  private final Lake lake = TestLake.fresh();
  private final Path input = TestLake.newFolder("input");
  private int batch;

  @Test
  void recordsUnderAllNamesAreInOneColumn() throws IOException {
    List<String> sent = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    int told = 0;
    for (int i = 0; i < 7; i++) {
      int appended = rows.size();
      StringBuilder file = new StringBuilder();
      for (int j = 0; j < 5; j++) {
        if (!sent.isEmpty() && this.random.nextInt(4) == 0) {
          file.append(sent.get(this.random.nextInt(sent.size())));
          continue;
        }
        int id = sent.size();
        String value = "v" + this.random.nextInt(9);
        String name = NAMES.get(this.random.nextInt(told + 1));
        sent.add(create(id, name, value));
        rows.add("[%d,%s]".formatted(id, value));
        file.append(sent.get(id));
      }
      Landed landed = this.land(file.toString(), table(told));
      assertThat(landed.appended()).as("seed %d", SEED).isEqualTo(rows.size() - appended);
      assertThat(landed.duplicate()).as("seed %d", SEED).isEqualTo(5 - landed.appended());
      assertThat(this.texts("SELECT after.* FROM %s"))
          .as("batch %d, seed %d", i, SEED)
          .containsExactlyInAnyOrderElementsOf(rows);
      assertThat(this.columns()).as("seed %d", SEED).containsExactly("id", NAMES.get(told));
      told = Math.min(NAMES.size() - 1, i / 2);
    }
    assertThat(new SchemaHistory(this.lake.table("raw.people")).lines())
        .filteredOn(line -> line.contains("was named"))
        .extracting(line -> line.replaceFirst(".*? r\\d+ +", ""))
        .containsExactly(
            "after.phone, was named after.tel", "after.phone_number, was named after.phone");
  }

  @Test
  void valuesThatWereNotSentAreKnownUnderTheNewName() throws IOException {
    String schema = Envelopes.schema("id int32", "tel string");
    this.land(
        Envelopes.line(
                schema,
                "u",
                "{\"id\":1,\"tel\":\"v1\"}",
                "{\"id\":1,\"tel\":\"__debezium_unavailable_value\"}",
                1,
                1)
            + "\n",
        table(0));
    LandTable renamed = table(1);
    this.land(create(2, "phone", "v2"), renamed);

    List<VaultSource> sources = List.of(new VaultSource("people", Map.of(), "true"));
    Hub hub = new Hub("hub_person", TestModel.columns("id int"), sources);
    Satellite satellite =
        new Satellite("sat_person", hub, TestModel.columns("phone string"), List.of(), sources);
    Model model =
        new Model(List.of(renamed), List.of(hub, satellite), List.of(), List.of(), List.of());
    VaultStep.run(this.context(model), satellite);

    assertThat(
            this.lake.rows("vault.sat_person").select("phone").collectAsList().stream()
                .map(Row::toString))
        .containsExactlyInAnyOrder("[v1]", "[v2]");
  }

  @Test
  void whatIsNotOneColumnIsRefused() throws IOException {
    String both = Envelopes.schema("id int32", "tel string", "phone string");
    String same = "{\"id\":1,\"tel\":\"v\",\"phone\":\"v\"}";
    String other = "{\"id\":2,\"tel\":\"v\",\"phone\":\"w\"}";
    Landed landed =
        this.land(
            Envelopes.line(both, "c", "null", same, 1, 1)
                + "\n"
                + Envelopes.line(both, "c", "null", other, 2, 1)
                + "\n",
            table(1));
    assertThat(landed.appended()).isEqualTo(1);
    assertThat(
            this.lake.rows("raw.quarantine").select("reason").collectAsList().stream()
                .map(row -> row.getString(0)))
        .containsExactly(
            "Invalid columns tel and phone: different values (renamed-from says that they are one column)");

    this.land(create(3, "tel", "v"), table(0));
    assertThatThrownBy(() -> this.land(create(4, "tel", "v"), table(1)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot rename a column of raw.people to phone: the table has tel and phone (records were landed under each of these names: take phone out of renamed-from, and choose between the columns in the vault's models)");
  }

  /** The table when all names up to number {@code told} are known. */
  private static LandTable table(int told) {
    LandTable table = Models.debezium("people", "people", "shop");
    return told == 0 ? table : table.with(Map.of(NAMES.get(told), NAMES.subList(0, told)));
  }

  private static String create(int id, String name, String value) {
    String row = "{\"id\":%d,\"%s\":\"%s\"}".formatted(id, name, value);
    String schema = Envelopes.schema("id int32", name + " string");
    return Envelopes.line(schema, "c", "null", row, id + 1, 1) + "\n";
  }

  private Landed land(String text, LandTable table) throws IOException {
    Path folder = Files.createDirectories(this.input.resolve("people"));
    Files.writeString(folder.resolve(this.batch++ + ".json"), text);
    return LandStep.run(this.context(Models.EMPTY), table);
  }

  private RunContext context(Model model) {
    return Models.context(this.lake, this.input, "r" + this.batch, Models.asOf(), model);
  }

  private List<String> columns() {
    return List.of(this.lake.rows("raw.people").select("after.*").columns());
  }

  private List<String> texts(String query) {
    return this.lake
        .spark()
        .sql(query.formatted(this.lake.sqlName("raw.people")))
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }
}
