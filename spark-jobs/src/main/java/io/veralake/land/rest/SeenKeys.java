package io.veralake.land.rest;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.DocumentFields;
import io.veralake.spec.JsonPath;
import java.util.BitSet;
import java.util.List;

/**
 * Keys that were seen, in at most 16 MiB: now and then it takes a new one for a known one, never a
 * known one for a new one.
 */
final class SeenKeys {
  private static final int BITS = 1 << 27;

  private final BitSet bits = new BitSet();

  /** Adds the key of {@code document}; whether it was there. A document without one never was. */
  boolean addKey(byte[] document, List<JsonPath> key) {
    long hash = 0xcbf29ce484222325L;
    for (JsonPath path : key) {
      try {
        String text = DocumentFields.text(document, path);
        for (int i = 0; i < text.length(); i++) {
          hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ 0x10000) * 0x100000001b3L;
      } catch (BadRecordException e) {
        return false;
      }
    }
    long mixed = (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
    boolean first = this.set((int) (mixed >>> 37));
    boolean second = this.set((int) (mixed & (BITS - 1)));
    return first && second;
  }

  private boolean set(int bit) {
    boolean was = this.bits.get(bit);
    this.bits.set(bit);
    return was;
  }
}
