package io.veralake.vault;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a piece of work took.
 *
 * @param read bytes that went through system calls, the page cache's included; 0 outside Linux
 */
record Took(double seconds, double cpu, long read, long written) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** Of {@code work}, and of all else that this process does meanwhile. */
  static Took by(Runnable work) {
    long began = System.nanoTime();
    long cpu = SYSTEM.getProcessCpuTime();
    long read = io("rchar");
    long written = io("wchar");
    work.run();
    return new Took(
        (System.nanoTime() - began) / 1e9,
        (SYSTEM.getProcessCpuTime() - cpu) / 1e9,
        io("rchar") - read,
        io("wchar") - written);
  }

  private static long io(String name) {
    try {
      Matcher found =
          Pattern.compile(name + ": (\\d+)").matcher(Files.readString(Path.of("/proc/self/io")));
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
