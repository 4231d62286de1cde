package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlaceTest {
  @TempDir Path conf;

  /** It was printed as "merge of …/hub_order.conf: 1,an environment variable". */
  @Test
  void anObjectWithValuesOfTheEnvironmentLiesInItsFile() throws IOException {
    Path file = Files.writeString(this.conf.resolve("hub_order.conf"), "a {\n  b = 1\n}\n");
    Config merged =
        ConfigFactory.parseFile(file.toFile())
            .withFallback(
                ConfigValueFactory.fromMap(Map.of("HOME", "x"), "an environment variable")
                    .toConfig());

    assertThat(merged.root().origin().description()).startsWith("merge of ");
    assertThat(Place.of(merged.root().origin(), this.conf)).hasToString("hub_order.conf: 1");
  }

  @Test
  void anObjectOfOneFileLiesInIt() throws IOException {
    Path file = Files.writeString(this.conf.resolve("one.conf"), "a = 1\n");

    assertThat(Place.of(ConfigFactory.parseFile(file.toFile()).root().origin(), this.conf))
        .hasToString("one.conf: 1");
  }
}
