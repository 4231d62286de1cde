package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KeyScanTest {
  @Test
  void keysKeepTheirOrder() {
    KeyScan scan =
        KeyScan.of(
            """
            { # braces around the whole, "quotes", a = 1
              z { b = 1, a = "x = {", c.d : 2 } // e = 1
              "y" = [ { q = 1, p = 2 }, { p = 1, q = \"""
                 r = 1 \""" } ]
            }
            """);

    assertThat(offsets(scan, "z", "b")).isLessThan(offsets(scan, "z", "a"));
    assertThat(offsets(scan, "z", "a")).isLessThan(offsets(scan, "z", "c", "d"));
    assertThat(offsets(scan, "y", "0", "q")).isLessThan(offsets(scan, "y", "0", "p"));
    assertThat(offsets(scan, "y", "1", "p")).isLessThan(offsets(scan, "y", "1", "q"));
    assertThat(offsets(scan, "a")).isEqualTo(Integer.MAX_VALUE);
    assertThat(offsets(scan, "z", "e")).isEqualTo(Integer.MAX_VALUE);
    assertThat(offsets(scan, "r")).isEqualTo(Integer.MAX_VALUE);
    assertThat(scan.duplicates()).isEmpty();
  }

  @Test
  void keysThatAreWrittenTwiceAreFoundWithTheirLines() {
    KeyScan scan =
        KeyScan.of(
            "a = 1\nb { c = \"\"\"\n\n\"\"\"\n c = 2 }\na += 2\na {}\nl = [{ x = 1 }, { x = 1, x = 2 }]\n");

    assertThat(scan.duplicates())
        .containsExactly(
            new KeyScan.Duplicate("c", 5, 2),
            new KeyScan.Duplicate("a", 7, 1),
            new KeyScan.Duplicate("x", 8, 8));
  }

  @Test
  void includesAreFound() {
    assertThat(KeyScan.of("a = 1\ninclude \"b\"\n").includes()).containsExactly(2);
  }

  private static int offsets(KeyScan scan, String... path) {
    return scan.offset(List.of(path));
  }
}
