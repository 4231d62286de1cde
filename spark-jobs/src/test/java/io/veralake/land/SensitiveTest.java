package io.veralake.land;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Models;
import io.veralake.fixture.Seed;
import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.ValueCipher;
import io.veralake.spec.CsvDialect;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import io.veralake.spec.ValueOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SensitiveTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static final Map<String, Protection> HOW =
      Map.of("a", Protection.HASH, "b", Protection.ENCRYPT, "id", Protection.HASH);

  private final Path input = TestLake.newFolder("sensitive");

  /** The same files, landed plain and protected, in batches and with all that goes wrong. */
  @Test
  void protectedRowsAreThePlainOnesWithTheirValuesReplaced() throws Exception {
    long seed = Seed.of(27);
    Random random = new Random(seed);
    List<byte[]> files = Envelopes.files(random, 6, 120);
    for (int i = 0; i < files.size(); i++) {
      Files.write(
          Files.createDirectories(this.input.resolve("log")).resolve(i + ".json"), files.get(i));
      if (random.nextBoolean() || i == files.size() - 1) {
        Landed plain = this.land(table("plain", "log", Map.of()), "r" + i);
        Landed hidden = this.land(table("hidden", "log", HOW), "r" + i);
        assertThat(hidden.appended()).as("seed %d", seed).isEqualTo(plain.appended());
        assertThat(hidden.duplicate()).isEqualTo(plain.duplicate());
        assertThat(hidden.quarantined()).isEqualTo(plain.quarantined());
      }
    }
    String sql =
        "SELECT _position, _op, before, after FROM raw.%s ORDER BY _position.major, _position.minor, _position.row";
    List<String> expected = new ArrayList<>();
    for (Row row : rows(sql.formatted("plain"))) {
      expected.add(
          row.get(0)
              + " "
              + row.get(1)
              + " "
              + oracle(row.getStruct(2))
              + " "
              + oracle(row.getStruct(3)));
    }
    List<String> found = new ArrayList<>();
    for (Row row : rows(sql.formatted("hidden"))) {
      found.add(
          row.get(0)
              + " "
              + row.get(1)
              + " "
              + opened(row.getStruct(2))
              + " "
              + opened(row.getStruct(3)));
    }
    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
    this.keptRecordsAreTheSameBelowTheirEncryption(seed);
  }

  private void keptRecordsAreTheSameBelowTheirEncryption(long seed) {
    String sql =
        "SELECT file, row, bytes, encrypted, reason FROM raw.quarantine WHERE source_table = '%s' ORDER BY file, row";
    List<Row> plain = rows(sql.formatted("plain"));
    List<Row> hidden = rows(sql.formatted("hidden"));
    assertThat(hidden).as("seed %d", seed).hasSameSizeAs(plain).isNotEmpty();
    ValueCipher cipher = new ValueCipher(TestEngine.KEYS.encryptionKey().value());
    for (int i = 0; i < plain.size(); i++) {
      assertThat(plain.get(i).getBoolean(3)).isFalse();
      assertThat(hidden.get(i).getBoolean(3)).isTrue();
      assertThat(cipher.decrypt(hidden.get(i).getAs(2))).isEqualTo(plain.get(i).<byte[]>getAs(2));
      assertThat(plain.get(i).getString(4)).startsWith(hidden.get(i).getString(4).split(": …")[0]);
    }
  }

  @Test
  void droppedColumnsAreNowhere() throws IOException {
    String schema = Envelopes.schema("id int32", "password string", "mail string");
    this.offer(
        "drop",
        Envelopes.line(
            schema,
            "u",
            "{\"id\":1,\"password\":\"old\",\"mail\":\"m\"}",
            "{\"id\":1,\"password\":\"new\",\"mail\":\"m\"}",
            1,
            1),
        Envelopes.line(
            schema,
            "u",
            "null",
            "{\"id\":2,\"password\":\"__debezium_unavailable_value\",\"mail\":\"__debezium_unavailable_value\"}",
            2,
            1));
    LandTable table = table("drop", "drop", Map.of("password", Protection.DROP));

    this.land(table, "r1");

    assertThat(
            texts("SELECT before.*, after.*, _unavailable FROM raw.drop ORDER BY _position.major"))
        .containsExactly("[1,m,1,m,null]", "[null,null,2,null,ArraySeq(mail)]");
    this.offer(
        "drop2",
        Envelopes.line(
            Envelopes.schema("id int32", "mail string"),
            "c",
            "null",
            "{\"id\":3,\"mail\":\"n\"}",
            3,
            1));
    this.land(table("drop", "drop2", Map.of("password", Protection.DROP)), "r2");
    assertThat(texts("SELECT after.* FROM raw.drop WHERE _batch = 'r2'")).containsExactly("[3,n]");
  }

  @Test
  void documentsAndFilesWithHeaders() throws Exception {
    Files.writeString(
        Files.createDirectories(this.input.resolve("docs")).resolve("1.json"),
        "{\"id\": 1, \"user\": {\"mail\": \"a@x\"}, \"n\": [ ]}\n{\"id\": 2, \"user\": secret}\n");
    LandTable documents =
        with(
            Models.files("docs", LandTable.Format.JSON_LINES, "docs", "web"),
            Map.of("$.user.mail", Protection.HASH));
    this.land(documents, "r1");
    assertThat(texts("SELECT after.document FROM raw.docs"))
        .containsExactly(
            "[{\"id\": 1, \"user\": {\"mail\": \"" + hmac("a@x") + "\"}, \"n\": [ ]}]");
    assertThat(texts("SELECT reason FROM raw.quarantine WHERE source_table = 'docs'"))
        .singleElement()
        .asString()
        .doesNotContain("secret");
  }

  @Test
  void replayGivesWhatLandingWouldHaveGiven() throws Exception {
    String good = Envelopes.schema("id int32", "a string");
    String bad = Envelopes.schema("id string", "a string");
    this.offer("replay", Envelopes.line(good, "c", "null", "{\"id\":1,\"a\":\"x\"}", 1, 1));
    LandTable table = table("replay", "replay", Map.of("a", Protection.HASH));
    this.land(table, "r1");
    Files.writeString(
        this.input.resolve("replay").resolve("2.json"),
        Envelopes.line(bad, "c", "null", "{\"id\":\"two\",\"a\":\"y\"}", 2, 1) + "\nnonsense\n");
    assertThat(this.land(table, "r2").quarantined()).isEqualTo(2);

    LAKE.lake().spark().sql("DROP TABLE " + LAKE.lake().sqlName("raw.replay"));
    assertThat(ReplayStep.run(Landing.context(LAKE.lake(), this.input, "r3"), List.of(table)))
        .containsExactly(new Landed("replay", 0, 2, 1, 0, 1, 0));

    assertThat(texts("SELECT after.* FROM raw.replay")).containsExactly("[two," + hmac("y") + "]");
    assertThat(ReplayStep.run(Landing.context(LAKE.lake(), this.input, "r4"), List.of(table)))
        .containsExactly(new Landed("replay", 0, 1, 0, 0, 1, 0));
  }

  /** A record's key, which is kept beside it, may be the sensitive value itself. */
  @Test
  void whatIsNeededToReadARecordAgainIsEncryptedToo() {
    LandTable table = table("context", "context", Map.of("a", Protection.HASH));
    StructType type = new StructType().add("id", "int").add("a", "string");
    RowMaker maker =
        new LandStep(Landing.context(LAKE.lake(), this.input, "r1"), table, move -> {})
            .ready(List.of(type));
    UTF8String url = UTF8String.fromString("kafka://t/0");
    SourceFile file = new SourceFile("t", "kafka://t/0", 0, 1);
    InternalRow bad =
        maker.bad(
            "Invalid value of a: secret (a text)",
            "secret record".getBytes(UTF_8),
            "secret key".getBytes(UTF_8),
            new RowMaker.Place(file, url, 0, 1, 1));

    StructType batch = BatchColumns.type(RawTable.type(maker.rawType()));
    ValueCipher cipher = new ValueCipher(TestEngine.KEYS.encryptionKey().value());
    assertThat(cipher.decrypt(bad.getBinary(batch.fieldIndex(BatchColumns.BYTES))))
        .isEqualTo("secret record".getBytes(UTF_8));
    assertThat(cipher.decrypt(bad.getBinary(batch.fieldIndex(BatchColumns.CONTEXT))))
        .isEqualTo("secret key".getBytes(UTF_8));
    assertThat(bad.getString(batch.fieldIndex(BatchColumns.REASON)))
        .isEqualTo("Invalid value of a: … (a text)");
  }

  @Test
  void aTableHoldsAColumnInOneForm() throws IOException {
    String schema = Envelopes.schema("id int32", "a string");
    this.offer("form", Envelopes.line(schema, "c", "null", "{\"id\":1,\"a\":\"x\"}", 1, 1));
    assertThatThrownBy(() -> this.land(table("form", "form", Map.of("aa", Protection.HASH)), "r1"))
        .isInstanceOf(DataException.class)
        .hasMessage("Unknown column in sensitive of raw.form: aa (the source has a, id)");
    this.land(table("form", "form", Map.of("a", Protection.HASH)), "r1");
    this.offer("form2", Envelopes.line(schema, "c", "null", "{\"id\":2,\"a\":\"x\"}", 2, 1));

    for (Map<String, Protection> other :
        List.of(
            Map.<String, Protection>of(),
            Map.of("a", Protection.ENCRYPT),
            Map.of("a", Protection.HASH, "id", Protection.HASH))) {
      assertThatThrownBy(() -> this.land(table("form", "form2", other), "r2"))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot land raw.form: its rows have ")
          .hasMessageEndingWith(
              "(rows of both kinds would lie side by side: land it into a table of another name, or put the model or the key back)");
    }
    assertThat(texts("SELECT count(*) FROM raw.form")).containsExactly("[1]");
  }

  /** The struct as the model protects it, written down once more from the promise alone. */
  private static String oracle(Row row) throws GeneralSecurityException {
    if (row == null) {
      return "null";
    }
    List<String> texts = new ArrayList<>();
    for (String name : row.schema().fieldNames()) {
      Object value = row.getAs(name);
      texts.add(
          value == null
              ? "null"
              : HOW.get(name) == Protection.HASH ? hmac(value.toString()) : value.toString());
    }
    return texts.toString();
  }

  /** The struct with what is encrypted decrypted. */
  private static String opened(Row row) {
    if (row == null) {
      return "null";
    }
    ValueCipher cipher = new ValueCipher(TestEngine.KEYS.encryptionKey().value());
    List<String> texts = new ArrayList<>();
    for (String name : row.schema().fieldNames()) {
      String value = row.getAs(name);
      boolean encrypted = value != null && HOW.get(name) == Protection.ENCRYPT;
      texts.add(encrypted ? new String(cipher.decryptText(value), UTF_8) : String.valueOf(value));
    }
    return texts.toString();
  }

  private static String hmac(String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestEngine.KEYS.hashKey().value().getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }

  private static LandTable table(String name, String path, Map<String, Protection> how) {
    return with(Landing.debezium(name, path), how);
  }

  private static LandTable with(LandTable table, Map<String, Protection> how) {
    return new LandTable(
        table.name(),
        table.format(),
        new LandSource.Folder(((LandSource.Folder) table.source()).path()),
        table.system(),
        table.recordSource(),
        table.key(),
        table.columns(),
        table.orderBy(),
        table.commitTime(),
        ValueOrigin.RUN,
        CsvDialect.DEFAULT,
        null,
        LandTable.OnLoss.QUARANTINE,
        how,
        table.events());
  }

  private Landed land(LandTable table, String run) {
    return LandStep.run(Landing.context(LAKE.lake(), this.input, run), table);
  }

  private void offer(String folder, String... lines) throws IOException {
    Path path = Files.createDirectories(this.input.resolve(folder));
    Files.writeString(path.resolve("1.json"), String.join("\n", lines) + "\n");
  }

  private static List<String> texts(String sql) {
    return rows(sql).stream().map(Row::toString).toList();
  }

  private static List<Row> rows(String sql) {
    return LAKE.lake()
        .spark()
        .sql(sql.replace("raw.", LAKE.lake().catalog() + ".raw."))
        .collectAsList();
  }
}
