package io.veralake.capture;

import java.io.IOException;
import java.util.List;

/** Where a connector's events go. */
interface Sink extends AutoCloseable {
  /**
   * Takes the events, in their order; all of them are safe when it returns.
   *
   * @throws IOException if not all are
   */
  void take(List<Event> events) throws IOException, InterruptedException;

  @Override
  void close();
}
