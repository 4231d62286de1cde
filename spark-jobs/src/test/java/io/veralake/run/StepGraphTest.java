package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StepGraphTest {
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @Test
  void stepsComeAfterWhatTheyWaitFor() throws InterruptedException {
    StepGraph graph = new StepGraph();
    graph.add("mart", Set.of("hub", "satellite"), this.doing("mart"));
    graph.add("satellite", Set.of("land"), this.doing("satellite"));
    graph.add("hub", Set.of("land", "left out of this run"), this.doing("hub"));
    graph.add("land", Set.of(), this.doing("land"));

    graph.run(3);

    assertThat(this.done).startsWith("land").endsWith("mart").hasSize(4);
  }

  @Test
  void independentStepsRunSideBySide() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    StepGraph graph = new StepGraph();
    for (String name : List.of("a", "b")) {
      graph.add(
          name,
          Set.of(),
          () -> {
            both.countDown();
            return both.await(30, TimeUnit.SECONDS) ? this.done.add(name) : null;
          });
    }

    graph.run(2);

    assertThat(this.done).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void nothingNewStartsAfterAFailure() {
    StepGraph graph = new StepGraph();
    graph.add(
        "land",
        Set.of(),
        () -> {
          throw new IllegalStateException("disk full");
        });
    graph.add("hub", Set.of("land"), this.doing("hub"));

    assertThatThrownBy(() -> graph.run(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("disk full");
    assertThat(this.done).isEmpty();
  }

  @Test
  void stepsThatWaitForEachOtherAreRefused() {
    StepGraph graph = new StepGraph();
    graph.add("a", Set.of("b"), this.doing("a"));
    graph.add("b", Set.of("a"), this.doing("b"));

    assertThatThrownBy(() -> graph.run(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Invalid steps: they wait for each other: ");
  }

  private java.util.concurrent.Callable<Boolean> doing(String name) {
    return () -> this.done.add(name);
  }
}
