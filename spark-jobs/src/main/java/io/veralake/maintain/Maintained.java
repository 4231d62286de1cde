package io.veralake.maintain;

/**
 * What maintenance of one table did.
 *
 * @param filesBefore data files before it
 * @param filesAfter data files after it
 * @param bytesBefore their bytes
 * @param bytesAfter their bytes
 * @param nights names of past nights that were dropped
 * @param snapshots snapshots that were dropped
 * @param removed files that were removed: those of dropped snapshots, and those that no snapshot
 *     named
 */
public record Maintained(
    long filesBefore,
    long filesAfter,
    long bytesBefore,
    long bytesAfter,
    long nights,
    long snapshots,
    long removed) {
  /** Of a table that isn't there. */
  static final Maintained NOTHING = new Maintained(0, 0, 0, 0, 0, 0, 0);
}
