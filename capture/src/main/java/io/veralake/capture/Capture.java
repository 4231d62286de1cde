package io.veralake.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code capture FILE…}: runs the connector that each properties file describes, side by side,
 * until it is asked to end (TERM or Ctrl-C) or one of them fails. Exit codes: 0 ended as asked, 1 a
 * connector failed, 2 bad usage.
 */
public final class Capture {
  private Capture() {}

  /** Runs until it is asked to end. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length == 0) {
      System.err.println("Usage: capture FILE… (a connector's properties each)");
      System.exit(2);
    }
    List<Capturing> running = new ArrayList<>();
    try {
      for (String file : args) {
        running.add(new Capturing(Settings.read(Path.of(file))));
      }
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("Cannot capture: " + e.getMessage());
      System.exit(2);
    }
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(running, main)));
    running.forEach(Capturing::start);
    int exit = 0;
    for (Capturing capturing : running) {
      Optional<String> failure = capturing.await();
      if (failure.isPresent()) {
        System.err.println("Failed to capture " + failure.get());
        exit = 1;
        close(running);
      }
    }
    if (exit != 0) {
      Runtime.getRuntime().halt(exit);
    }
  }

  /** Closes all, then waits until the last batches are safe. */
  private static void end(List<Capturing> running, Thread main) {
    close(running);
    try {
      main.join(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(List<Capturing> running) {
    for (Capturing capturing : running) {
      try {
        capturing.close();
      } catch (IllegalStateException e) {
        // it is ending already
      } catch (IOException e) {
        System.err.println("Cannot end a connector: " + e.getMessage());
      }
    }
  }
}
