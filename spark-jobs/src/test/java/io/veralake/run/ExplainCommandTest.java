package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Command;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Questions that can't be answered are told before Spark starts. */
final class ExplainCommandTest {
  private static final String CONF = Command.PROJECT.resolve("examples/library/conf").toString();

  private static String refused(String... words) {
    StringWriter printed = new StringWriter();
    CommandLine line = Main.commandLine(InstantSource.system());
    line.setErr(new PrintWriter(printed));
    List<String> all = new ArrayList<>(List.of("explain", "--conf", CONF));
    all.addAll(List.of(words));
    assertThat(line.execute(all.toArray(String[]::new)))
        .as(printed.toString())
        .isEqualTo(Main.WRONG_USAGE);
    return printed.toString().strip();
  }

  @Test
  void theMartMustBeKnown() {
    assertThat(refused("--mart", "fact_loans", "--key", "a=1"))
        .isEqualTo("Unknown mart: fact_loans (did you mean \"fact_loan\"?)");
  }

  @Test
  void theColumnsMustBeTheMarts() {
    assertThat(refused("--mart", "fact_loan", "--key", "loan_idd=1"))
        .isEqualTo("Unknown column of mart fact_loan: loan_idd (did you mean \"loan_id\"?)");
  }

  @Test
  void aKeyOrAPartitionMustBeNamed() {
    assertThat(refused("--mart", "fact_loan"))
        .isEqualTo(
            "Missing --key, or --partition with --measure (the grain of mart fact_loan is [loan_id])");
    assertThat(refused("--mart", "fact_loan", "--partition", "2026-05-01"))
        .isEqualTo("Missing --partition or --measure (they go together)");
    assertThat(refused("--mart", "fact_loan", "--key", "loan_id=1", "--most", "0"))
        .isEqualTo("Invalid --most: 0 (rows, 1 or more)");
  }

  @Test
  void aKeyIsAColumnAndAValue() {
    assertThat(refused("--mart", "fact_loan", "--key", "loan_id"))
        .contains("Value for option option '--key' (COLUMN=VALUE) should be in KEY=VALUE");
  }
}
