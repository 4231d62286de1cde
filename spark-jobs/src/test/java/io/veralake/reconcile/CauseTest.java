package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class CauseTest {
  @Test
  void whatIsToleratedOrInFlightIsNoDifference() {
    assertThat(Arrays.stream(Cause.values()).filter(cause -> !cause.isDiscrepancy()))
        .containsExactly(Cause.TOLERATED, Cause.IN_FLIGHT);
  }

  @Test
  void wordAndColumnNameTheCause() {
    assertThat(Cause.OUT_OF_ORDER.word()).isEqualTo("out-of-order");
    assertThat(Cause.OUT_OF_ORDER.column()).isEqualTo("out_of_order");
    assertThat(Arrays.stream(Cause.values()).map(cause -> Cause.of(cause.word())))
        .containsExactly(Cause.values());
  }
}
