package io.veralake.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Steps and what each waits for. Runs each as soon as everything before it is done, a bounded
 * number side by side. After a failure nothing new starts; what runs is waited for, so that no step
 * is cut in the middle of a commit.
 */
final class StepGraph {
  private final Map<String, Step> steps = new LinkedHashMap<>();
  private volatile boolean stopped;

  private record Step(String name, Set<String> after, Callable<?> work) {}

  /**
   * Adds a step.
   *
   * @param name unique
   * @param after names of steps that must be done before; names that were never added are ignored,
   *     so that a run may leave steps out
   * @param work what it does
   */
  void add(String name, Set<String> after, Callable<?> work) {
    if (this.steps.put(name, new Step(name, Set.copyOf(after), work)) != null) {
      throw new IllegalArgumentException("Invalid step: " + name + " (added twice)");
    }
  }

  /** Number of steps. */
  int size() {
    return this.steps.size();
  }

  /** Lets no further step start; those that run are waited for. */
  void stop() {
    this.stopped = true;
  }

  /**
   * Runs all steps, at most {@code width} at once; throws what the first failing step threw.
   *
   * @throws StoppedException if {@link #stop} kept a step from starting
   */
  void run(int width) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(width);
    CompletionService<String> finished = new ExecutorCompletionService<>(threads);
    Map<Future<String>, String> running = new HashMap<>();
    List<Step> waiting = new ArrayList<>(this.steps.values());
    Set<String> open = new HashSet<>(this.steps.keySet());
    @Nullable RuntimeException failure = null;
    try {
      while (true) {
        if (failure == null && !this.stopped) {
          this.start(waiting, open, finished, running);
        }
        if (running.isEmpty()) {
          break;
        }
        Future<String> next = finished.take();
        running.remove(next);
        try {
          open.remove(next.get());
        } catch (ExecutionException e) {
          failure = added(failure, e.getCause());
        }
      }
    } finally {
      threads.shutdownNow();
    }
    if (failure != null) {
      throw failure;
    }
    if (this.stopped && !waiting.isEmpty()) {
      throw new StoppedException(null);
    }
    if (!waiting.isEmpty()) {
      throw new IllegalStateException("Invalid steps: they wait for each other: " + waiting);
    }
  }

  private void start(
      List<Step> waiting,
      Set<String> open,
      CompletionService<String> threads,
      Map<Future<String>, String> running) {
    waiting.removeIf(
        step -> {
          if (step.after().stream().anyMatch(open::contains)) {
            return false;
          }
          running.put(
              threads.submit(
                  () -> {
                    step.work().call();
                    return step.name();
                  }),
              step.name());
          return true;
        });
  }

  private static RuntimeException added(
      @Nullable RuntimeException before, @Nullable Throwable cause) {
    RuntimeException next =
        cause instanceof RuntimeException runtime
            ? runtime
            : new IllegalStateException("A step failed", cause);
    if (before == null) {
      return next;
    }
    before.addSuppressed(next);
    return before;
  }
}
