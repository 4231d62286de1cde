package io.veralake.land.decode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Refuses bytes that are no UTF-8, instead of replacing them. */
public final class Utf8 {
  private Utf8() {}

  /** Passes if the bytes from {@code from} to before {@code to} are UTF-8. */
  public static void check(byte[] buffer, int from, int to) throws BadRecordException {
    if (!LineFeeds.ascii(buffer, from, to)) {
      strictly(buffer, from, to);
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
