package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestModel;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MeasureSumTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static final int ROWS = 400;

  /** Against {@link BigDecimal}, with the largest and smallest values of the type among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "int",
        "bigint",
        "decimal(1,0)",
        "decimal(9,5)",
        "decimal(14,2)",
        "decimal(18,0)",
        "decimal(18,5)",
        "decimal(18,6)",
        "decimal(18,9)",
        "decimal(19,0)",
        "decimal(26,4)"
      })
  void sumsAreExact(String type) {
    long seed = Seed.of(20261122L);
    Random random = new Random(seed);
    Column column = TestModel.columns("amount " + type).get(0);
    List<Row> rows = new ArrayList<>();
    BigDecimal expected = BigDecimal.ZERO;
    for (int i = 0; i < ROWS; i++) {
      BigDecimal value = random.nextInt(10) == 0 ? null : value(column.type(), i, random);
      rows.add(RowFactory.create(carried(column.type(), value)));
      expected = value == null ? expected : expected.add(value);
    }
    SparkSession spark = LAKE.lake().spark();
    MeasureSum measure = new MeasureSum(column, "m0");
    Dataset<Row> inputs =
        spark
            .createDataFrame(rows, StructType.fromDDL("amount " + type))
            .select(measure.inputs().toArray(org.apache.spark.sql.Column[]::new));
    List<org.apache.spark.sql.Column> sums = new ArrayList<>();
    measure.sums().forEach((name, value) -> sums.add(sum(value).as(name)));
    Row sum =
        inputs
            .agg(
                sums.get(0),
                sums.subList(1, sums.size()).toArray(org.apache.spark.sql.Column[]::new))
            .select(measure.result(), col("*"))
            .head();
    assertThat(sum.schema().apply(0).dataType()).as("seed " + seed).isEqualTo(Finding.AMOUNT);
    assertThat(sum.getDecimal(0)).as("seed " + seed).isEqualByComparingTo(expected);
  }

  private static BigDecimal value(ColumnType type, int i, Random random) {
    boolean decimal = type.kind() == ColumnType.Kind.DECIMAL;
    BigInteger most =
        decimal
            ? BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE)
            : BigInteger.valueOf(
                type.kind() == ColumnType.Kind.INT ? Integer.MAX_VALUE : Long.MAX_VALUE);
    BigInteger unscaled =
        switch (i % 4) {
          case 0 -> most;
          // Neither the sums of the largest nor of the smallest hide the others.
          case 1 -> decimal ? most.negate() : most.negate().subtract(BigInteger.ONE);
          default -> new BigInteger(most.bitLength(), random).mod(most);
        };
    return new BigDecimal(i % 8 == 7 ? unscaled.negate() : unscaled, type.scale());
  }

  private static Object carried(ColumnType type, BigDecimal value) {
    if (value == null || type.kind() == ColumnType.Kind.DECIMAL) {
      return value;
    }
    return type.kind() == ColumnType.Kind.INT
        ? (Object) value.intValueExact()
        : value.longValueExact();
  }
}
