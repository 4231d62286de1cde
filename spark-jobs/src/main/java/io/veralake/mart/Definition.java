package io.veralake.mart;

import io.veralake.spec.Mart;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Fingerprint of what a mart's rows follow from, beside its inputs' rows. Another one: the rows are
 * made anew.
 */
final class Definition {
  private Definition() {}

  /**
   * The same text for the same query, columns, partitions, inputs and ways of change; checks don't
   * count.
   */
  static String of(Mart mart) {
    String text =
        String.join(
            "\n",
            mart.sql(),
            mart.columns().toString(),
            mart.partitionBy().toString(),
            mart.reads().stream().sorted().toList().toString(),
            mart.refresh().key().toString(),
            new TreeMap<>(mart.refresh().changes()).toString(),
            new TreeMap<>(mart.refresh().lookups()).toString());
    if (!mart.refresh().columns().isEmpty()) {
      text += "\n" + new TreeMap<>(mart.refresh().columns());
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Missing SHA-256", e);
    }
  }
}
