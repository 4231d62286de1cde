package io.veralake.land;

import com.sun.management.OperatingSystemMXBean;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Prints how fast a folder of envelopes lands: {@code LandBenchmark <input> <folder> [times]}. Not
 * a test: times depend on the machine.
 */
final class LandBenchmark {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private LandBenchmark() {}

  public static void main(String[] arguments) {
    Path input = Path.of(arguments[0]).toAbsolutePath();
    int times = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    SparkSession spark = TestLake.asInstalled();
    for (int i = 0; i < times; i++) {
      Lake lake = TestLake.fresh(spark);
      long began = System.nanoTime();
      long cpuBegan = SYSTEM.getProcessCpuTime();
      Landed landed =
          LandStep.run(Landing.context(lake, input, "bench"), Landing.debezium("t", arguments[1]));
      double seconds = (System.nanoTime() - began) / 1e9;
      double cpu = (SYSTEM.getProcessCpuTime() - cpuBegan) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%s%n%,.0f records/s (%.1f s), %,.0f records a CPU second (%.1f s)%n",
          landed,
          landed.read() / seconds,
          seconds,
          landed.read() / cpu,
          cpu);
    }
    spark.stop();
  }
}
