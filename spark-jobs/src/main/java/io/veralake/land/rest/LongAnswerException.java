package io.veralake.land.rest;

import java.io.IOException;

/** An answer is longer than one may be: asked for again, it would be as long. */
final class LongAnswerException extends IOException {
  /** With the most bytes that an answer may have. */
  LongAnswerException(int longest) {
    super("an answer longer than %s (ask for smaller pages)".formatted(words(longest)));
  }

  private static String words(int bytes) {
    return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes + " bytes";
  }
}
