package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.ChangeEvents;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Change events that the classes of Debezium 3.6.1's connector for MongoDB made of change stream
 * documents, without a server.
 */
final class MongoEventsTest {
  private static final String OID = "{\"$oid\": \"65e1f0c2a1b2c3d4e5f60718\"}";

  @RegisterExtension static final TestLake LAKE = new TestLake();

  @ParameterizedTest
  @ValueSource(strings = {"mongodb", "mongodb.plain"})
  void documentsLandWithKeyAndPosition(String sample) throws IOException {
    String table = sample.replace(".", "_");
    Landed landed = land(table, sample);

    // Tombstones; an update without a document, and two in a transaction, whose order files lose.
    assertThat(landed).isEqualTo(new Landed(table, 1, 15, 10, 2, 3, 0));
    List<String> rows =
        texts(
            "select _op, before._id, after._id, get_json_object(before.document, '$.customer'), get_json_object(after.document, '$.customer'), _unavailable, _position, unix_millis(_commit_time) from raw.%s order by _source_row"
                .formatted(table));
    assertThat(rows)
        .containsExactly(
            "[r,null," + OID + ",null,7,null,[1772323200000,1,0],1772323200000]",
            "[r,null,1004,null,8,null,[1772323200000,1,0],1772323200000]",
            "[r,null,\"k1\",null,9,null,[1772323200000,1,0],1772323200000]",
            "[r,null,1004,null,10,null,[1772323200000,1,0],1772323200000]",
            "[r,null,{\"a\": 1,\"b\": \"x\"},null,11,null,[1772323200000,1,0],1772323200000]",
            "[u," + OID + "," + OID + ",7,70,null,[1772323210017,1,0],1772323210017]",
            "[u," + OID + "," + OID + ",7,70,null,[1772323211017,1,0],1772323211017]",
            "[c,null,\"k2\",null,12,null,[1772323213017,1,0],1772323213017]",
            "[d,\"k2\",null,null,null,ArraySeq(before.document),[1772323214017,1,0],1772323214017]",
            "[d,1004,null,8,null,null,[1772323214017,2,0],1772323214017]");
    assertThat(
            texts(
                "select row, reason from raw.quarantine where source_table = '%s' order by row"
                    .formatted(table)))
        .containsExactly(
            "[8,Missing document after an update: there is only what it changed (capture.mode = change_streams_update_full_with_pre_image, or another that sends whole documents)]",
            "[10,Missing order in a transaction (provide.transaction.metadata = true at the connector, or its topic instead of files)]",
            "[11,Missing order in a transaction (provide.transaction.metadata = true at the connector, or its topic instead of files)]");
  }

  @Test
  void anUpdateIsAppliedToItsPreImage() throws IOException {
    land("rebuilt", "mongodb.plain");

    assertThat(
            texts(
                "select get_json_object(after.document, '$.address'), get_json_object(after.document, '$.lines'), get_json_object(after.document, '$.note'), get_json_object(after.document, '$.total'), get_json_object(after.document, '$.rate') from raw.rebuilt where _source_row = 7"))
        .containsExactly(
            "[{\"city\":\"Basel\",\"zip\":\"3000\"},[{\"sku\":\"x\",\"n\":5}],null,{\"$numberDecimal\":\"19.90\"},0.1]");
  }

  private static Landed land(String table, String sample) throws IOException {
    Path input = TestLake.newFolder("input");
    Path target = Files.createDirectories(input.resolve(table)).resolve(sample + ".json");
    try (InputStream bytes =
        MongoEventsTest.class.getResourceAsStream("/debezium/" + sample + ".json")) {
      Files.copy(Objects.requireNonNull(bytes), target);
    }
    LandTable model = Models.debezium(table, table, "carts");
    return LandStep.run(
        Landing.context(LAKE.lake(), input, "r1"), model.with(new ChangeEvents(null, true, "")));
  }

  private static List<String> texts(String sql) {
    Lake lake = LAKE.lake();
    return lake.spark().sql(sql.replace("raw.", lake.catalog() + ".raw.")).collectAsList().stream()
        .map(Row::toString)
        .toList();
  }
}
