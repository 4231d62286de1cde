package io.veralake.land.rest;

/** An answer isn't what it should be: cut, an error page, no JSON. It may be asked for again. */
final class BrokenAnswerException extends Exception {
  /** With the reason, as it ends a sentence. */
  BrokenAnswerException(String message) {
    super(message);
  }
}
