package io.veralake.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.catalog.Positions;
import io.veralake.fixture.TestLake;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LakeTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  @Test
  void incrementHoldsWhatWasAppendedAndPositionsTravelWithIt() {
    Lake lake = LAKE.lake();
    lake.spark().sql("CREATE TABLE " + lake.sqlName("raw.a") + " (id bigint) USING iceberg");
    assertThat(lake.snapshot("raw.a")).isEmpty();
    lake.append(
        lake.spark().range(3).toDF("id"), "raw.a", "run1", Map.of(Positions.READ + "raw.x", "7"));
    long first = lake.snapshot("raw.a").orElseThrow();
    lake.append(
        lake.spark().range(3, 5).toDF("id"),
        "raw.a",
        "run2",
        Map.of(Positions.READ + "raw.y", "8"));
    lake.advance("raw.a", "run3", Map.of(Positions.READ + "raw.x", "9"));
    long last = lake.snapshot("raw.a").orElseThrow();

    assertThat(lake.appended("raw.a", OptionalLong.of(first), last).collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactlyInAnyOrder(3L, 4L);
    assertThat(lake.appended("raw.a", OptionalLong.empty(), last).count()).isEqualTo(5);
    assertThat(lake.appended("raw.a", OptionalLong.of(last), last).count()).isZero();
    assertThat(lake.positions("raw.a").lastRead("raw.x")).hasValue(9);
    assertThat(lake.positions("raw.a").lastRead("raw.y")).hasValue(8);
  }
}
