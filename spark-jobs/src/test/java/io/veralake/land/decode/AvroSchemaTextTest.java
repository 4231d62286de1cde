package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class AvroSchemaTextTest {
  private static final String ENVELOPE =
      """
      {"type":"record","name":"Envelope","fields":[{"name":"before","type":["null",{"type":"record","name":"Value","fields":[
      {"name":"id","type":"long"},{"name":"a","type":["null","string"],"default":null},{"name":"code","type":{"type":"fixed","name":"F","size":4}},
      {"name":"n","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},{"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B"]}},
      {"name":"list","type":{"type":"array","items":"int"}},{"name":"map","type":{"type":"map","values":"double"}}]}]},
      {"name":"after","type":["null","Value"]},{"name":"op","type":"string"}]}""";

  @Test
  void namesWhatIsMissing() {
    assertThatThrownBy(() -> AvroSchemaText.parse(ENVELOPE.replace("\"Value\"]", "\"Valve\"]")))
        .isInstanceOf(BadRecordException.class)
        .hasMessageStartingWith("Invalid Avro schema: ");
    assertThatThrownBy(() -> AvroSchemaText.parse("{\"type\""))
        .isInstanceOf(BadRecordException.class);
    assertThatThrownBy(() -> AvroSchemaText.parse("")).isInstanceOf(BadRecordException.class);
  }

  @Test
  void anyBytesAreASchemaOrRefused() {
    long seed = Seed.of(11);
    Random random = new Random(seed);
    int refused = 0;
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = ENVELOPE.getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(3); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(224));
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      try {
        Schema schema = AvroSchemaText.parse(text);
        AvroSchemas.connect(schema);
        AvroType.of(schema);
        read++;
      } catch (BadRecordException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(1_000);
    assertThat(read).as("seed %d", seed).isGreaterThan(1_000);
  }
}
