package io.veralake.land.decode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Refuses bytes that are no UTF-8, instead of replacing them. */
final class Utf8 {
  private Utf8() {}

  static void check(byte[] buffer, int from, int to) throws BadRecordException {
    for (int i = from; i < to; i++) {
      if (buffer[i] < 0) {
        strictly(buffer, from, to);
        return;
      }
    }
  }

  private static void strictly(byte[] buffer, int from, int to) throws BadRecordException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, from, to - from);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw new BadRecordException("Invalid UTF-8 at byte " + (bytes.position() - from));
    }
  }
}
