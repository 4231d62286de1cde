package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Change;
import io.veralake.land.decode.RecordDecoder;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * How a text's characters are written: in UTF-8, in UTF-16 of one byte order, or in a code page of
 * one byte a character that has ASCII's characters where ASCII has them. In all of them the ends of
 * records can be found in the bytes themselves, so that records are kept as they were sent.
 *
 * @param name as Java names it
 */
public record Encoding(String name) implements Serializable {
  /** What texts are in if nothing else is declared. */
  public static final Encoding UTF_8 = new Encoding("UTF-8");

  private static final byte[] MARK_8 = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] MARK_LE = {(byte) 0xFF, (byte) 0xFE};
  private static final byte[] MARK_BE = {(byte) 0xFE, (byte) 0xFF};

  /** How many bytes its smallest unit has. */
  public int unit() {
    return this.name.startsWith("UTF-16") ? 2 : 1;
  }

  /** The unit at {@code at}. */
  public int unitAt(byte[] buffer, int at) {
    if (this.unit() == 1) {
      return buffer[at];
    }
    int first = buffer[at] & 0xFF;
    int second = buffer[at + 1] & 0xFF;
    return this.name.equals("UTF-16LE") ? second << 8 | first : first << 8 | second;
  }

  /**
   * How many bytes at the beginning of a text are a byte order mark; -1 if it is one of another
   * encoding.
   */
  public int mark(byte[] head, int length) {
    String found = marked(head, length);
    if (found.isEmpty()) {
      return 0;
    }
    return found.equals(this.name) ? (this.unit() == 2 ? 2 : 3) : -1;
  }

  /** Why a text isn't read that begins with another encoding's mark. */
  public String refusal(byte[] head) {
    return "Invalid encoding of the file: its byte order mark says "
        + marked(head, head.length)
        + " (the model says "
        + this.name
        + ")";
  }

  /** {@code decoder}, which reads UTF-8, for records in this encoding. */
  public RecordDecoder reading(RecordDecoder decoder) {
    return this.equals(UTF_8) ? decoder : new Reading(this, decoder);
  }

  /**
   * The bytes from {@code from} to before {@code to} in UTF-8.
   *
   * @throws BadRecordException if they aren't in this encoding
   */
  public byte[] toUtf8(byte[] buffer, int from, int to) throws BadRecordException {
    return toUtf8(this.name, decoder(this.name), buffer, from, to);
  }

  private static String marked(byte[] head, int length) {
    if (begins(head, length, MARK_8)) {
      return "UTF-8";
    }
    // Little-endian UTF-32 begins with the same two bytes, but nobody writes files in it.
    return begins(head, length, MARK_LE)
        ? "UTF-16LE"
        : begins(head, length, MARK_BE) ? "UTF-16BE" : "";
  }

  private static boolean begins(byte[] head, int length, byte[] mark) {
    if (length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if (head[i] != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static CharsetDecoder decoder(String name) {
    return Charset.forName(name)
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static byte[] toUtf8(String name, CharsetDecoder decoder, byte[] buffer, int from, int to)
      throws BadRecordException {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, from, to - from);
    CharBuffer text = CharBuffer.allocate(to - from + 1);
    decoder.reset();
    if (decoder.decode(bytes, text, true).isError() || decoder.flush(text).isError()) {
      throw new BadRecordException("Invalid " + name + " at byte " + (bytes.position() - from));
    }
    return text.flip().toString().getBytes(StandardCharsets.UTF_8);
  }

  private static final class Reading implements RecordDecoder {
    private final String name;
    private final CharsetDecoder characters;
    private final RecordDecoder decoder;

    Reading(Encoding encoding, RecordDecoder decoder) {
      this.name = encoding.name();
      this.characters = decoder(this.name);
      this.decoder = decoder;
    }

    @Override
    public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
      byte[] utf8 = toUtf8(this.name, this.characters, buffer, from, to);
      return this.decoder.decode(utf8, 0, utf8.length);
    }
  }
}
