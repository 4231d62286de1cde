package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EngineSecretsTest {
  private static final String SECRET = "tiger-7";

  @Test
  void aSecretInAFileIsRefusedAndNotRepeated() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake {
                  clickhouse.password = tiger-7
                  s3.secret-key = [tiger-7]
                  spark { spark.hadoop.fs.s3a.secret.key = tiger-7 }
                  catalog.properties { my-token = "tiger-7" }
                }
                """);

    List<String> problems = conf.problems();

    String instead =
        ": *** (a secret is not written here; write { env = NAME } or { file = path } instead) at engine.conf: ";
    assertThat(problems)
        .containsExactly(
            "Invalid veralake.clickhouse.password" + instead + 2,
            "Invalid veralake.s3.secret-key" + instead + 3,
            "Invalid veralake.spark.spark.hadoop.fs.s3a.secret.key" + instead + 4,
            "Invalid veralake.catalog.properties.my-token" + instead + 5);
    assertThat(problems.toString()).doesNotContain(SECRET);
  }

  @Test
  void aSecretThatIsNowhereIsMissing() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake.clickhouse.password = { env = CH_PASSWORD }
                veralake.s3.secret-key = { file = "/nowhere/key" }
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Missing environment variable for veralake.clickhouse.password: CH_PASSWORD at engine.conf: 1",
            "Missing file for veralake.s3.secret-key: /nowhere/key (a readable text file; looked for /nowhere/key) at engine.conf: 2");
  }

  @Test
  void noTextShowsASecret() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                "engine.conf",
                """
                veralake {
                  clickhouse.password = { env = S }
                  s3 { access-key = { env = S }, secret-key = { env = S } }
                  catalog { password = { env = S }, properties { token = { env = S } } }
                  spark { spark.my.password = { env = S } }
                }
                """);

    Configured read = ModelReader.read(conf.path(), "local", Map.of("S", SECRET));

    assertThat(read.engine().clickhouse().password().value()).isEqualTo(SECRET);
    assertThat(read.toString()).doesNotContain(SECRET);
  }

  @Test
  void anUnreadableLineThatMayHoldASecretIsNotRepeated() {
    ConfFolder conf =
        ConfFolder.empty().with("engine.conf", "veralake {\n  password = tiger-7 : {\n}\n");

    List<String> problems = conf.problems();

    assertThat(problems)
        .containsExactly(
            "Invalid HOCON: cannot parse this line, which may hold a secret at engine.conf: 2");
  }
}
