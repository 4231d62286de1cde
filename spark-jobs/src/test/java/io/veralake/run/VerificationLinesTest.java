package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.publish.Verified;
import io.veralake.publish.Verified.State;
import io.veralake.publish.Verified.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class VerificationLinesTest {
  private static final Table GOOD =
      new Table("dim_seller", "dim_seller", 1, State.EQUAL, 1, 2, Map.of(), List.of(), "");

  private static Table bad(int partitions, int keys) {
    Map<List<String>, String> differences =
        new TreeMap<>(java.util.Comparator.comparing(List::toString));
    for (int i = 0; i < partitions; i++) {
      differences.put(List.of("p" + (10 + i)), "partition [p" + (10 + i) + "]: x");
    }
    List<String> named =
        java.util.stream.IntStream.range(0, keys).mapToObj(i -> "key " + i).toList();
    return new Table(
        "fact_sales", "fact_sales", 1, State.DIFFERS, 40, 1000, differences, named, "");
  }

  @Test
  void aNightNamesOnlyWhatDiffers() {
    Verified good = new Verified("mart", 3, List.of(GOOD));
    assertThat(VerificationLines.brief(good))
        .containsExactly(
            "  verified mart, generation 3: 1 partitions, 2 rows, ClickHouse serves what Iceberg holds");
    assertThat(VerificationLines.full(good)).hasSize(2);
    Verified bad = new Verified("mart", 3, List.of(GOOD, bad(1, 1)));
    assertThat(VerificationLines.brief(bad))
        .containsExactly(
            "  verified mart, generation 3: 41 partitions, 1,002 rows",
            "    fact_sales                          40 partitions           1,000 rows  1 of 40 differ");
    assertThat(VerificationLines.brief(new Verified("mart", 3, List.of()))).isEmpty();
  }

  @Test
  void aFailureIsReadableHoweverMuchDiffers() {
    String text = VerificationLines.failure(new Verified("mart", 3, List.of(GOOD, bad(14, 30))));
    assertThat(text.lines())
        .hasSize(1 + 10 + 1 + 10 + 1)
        .contains(
            "ClickHouse doesn't serve what Iceberg holds, star mart, generation 3:",
            "  fact_sales: partition [p19]: x",
            "  fact_sales: and 4 more partitions",
            "  fact_sales: key 9")
        .doesNotContain("  fact_sales: partition [p20]: x");
    Table gone =
        new Table("x", "x", 1, State.UNKNOWN, 0, 0, Map.of(), List.of(), "it can't be told, gone");
    assertThat(VerificationLines.failure(new Verified("mart", 3, List.of(gone))))
        .isEqualTo(
            "It can't be told whether ClickHouse serves what Iceberg holds, star mart, generation 3:\n"
                + "  x: it can't be told, gone");
  }
}
