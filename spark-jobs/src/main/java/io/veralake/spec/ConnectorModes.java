package io.veralake.spec;

import java.io.Serializable;

/**
 * How a connector writes values, where its change events have no schema that says so. Keys and
 * words are Debezium's own; those of its words that leave the unit of a value open are missing.
 *
 * @param decimals numbers of any precision
 * @param times dates and times
 * @param binaries bytes
 */
public record ConnectorModes(Decimals decimals, Times times, Binaries binaries)
    implements Serializable {
  /** {@code decimal.handling.mode}. */
  public enum Decimals {
    /** Bytes of the unscaled number, of the scale that the model declares. */
    PRECISE,
    /** Texts. */
    STRING,
    /** Numbers of 64 bits, which lost digits: no decimal can be landed from them. */
    DOUBLE
  }

  /**
   * {@code time.precision.mode}. In the {@code adaptive} modes the unit depends on the column's
   * precision.
   */
  public enum Times {
    /** Texts. */
    ISOSTRING,
    /** Microseconds. */
    MICROSECONDS,
    /** Nanoseconds. */
    NANOSECONDS,
    /** Milliseconds; the connector cuts what is finer. */
    CONNECT
  }

  /** {@code binary.handling.mode}. */
  public enum Binaries {
    /** Base64. */
    BYTES,
    /** Base64. */
    BASE64,
    /** Base64 with the alphabet for URLs. */
    BASE64_URL_SAFE,
    /** Hexadecimal. */
    HEX
  }
}
