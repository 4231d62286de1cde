package io.veralake.mart;

import io.veralake.spec.Mart;

/**
 * The result of one check.
 *
 * @param check its name
 * @param severity what a violation does
 * @param violations rows that violate it
 * @param sample a few of them as JSON, without personal columns and texts other than the grain's;
 *     empty if there are none
 */
public record Checked(String check, Mart.Severity severity, long violations, String sample) {
  boolean stops() {
    return this.violations > 0 && this.severity == Mart.Severity.STOP;
  }
}
