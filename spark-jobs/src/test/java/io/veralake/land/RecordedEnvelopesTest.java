package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Envelopes recorded from a PostgreSQL 15 through Debezium 3.6; what the database held is in the SQL that made them. */
final class RecordedEnvelopesTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void everyTypeLandsExactly() throws IOException {
    Lake lake = LAKE.lake();
    Path input = TestLake.newFolder("input");
    offer(input, "orders", "shop.orders");
    Landed landed = LandStep.run(Landing.context(lake, input, "r1"), Landing.debezium("orders", "orders"));
    assertThat(landed.appended()).isEqualTo(2);
  }

  private static void offer(Path input, String folder, String name) throws IOException {
    Path target = Files.createDirectories(input.resolve(folder)).resolve(name + ".json");
    try (InputStream sample = RecordedEnvelopesTest.class.getResourceAsStream("/debezium/" + name + ".json")) {
      Files.copy(sample, target);
    }
  }
}
