package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Land models whose tables share a topic. */
final class SharedSourcesTest {
  @Test
  void ofTablesThatShareATopicOneKeepsWhatNamesNone() {
    String model = "format = debezium-json\ntopics = t\nsystem = s\ntable = public.%s\n%s";
    ConfFolder none =
        ConfFolder.empty()
            .with("models/land/a.conf", model.formatted("a", "unnamed = skip"))
            .with("models/land/b.conf", model.formatted("b", "unnamed = skip"));
    ConfFolder both =
        ConfFolder.empty()
            .with("models/land/a.conf", model.formatted("a", ""))
            .with("models/land/b.conf", model.formatted("b", ""));
    ConfFolder one =
        ConfFolder.empty()
            .with("models/land/a.conf", model.formatted("a", ""))
            .with("models/land/b.conf", model.formatted("b", "unnamed = skip"));

    assertThat(none.problems())
        .containsExactly(
            "Invalid unnamed of a: skip (keep in one land model of topic t: records that name no table) at models/land/a.conf");
    assertThat(both.problems())
        .containsExactly(
            "Invalid unnamed of b: keep (skip: a keeps those of topic t) at models/land/b.conf");
    assertThat(one.model().land())
        .extracting(LandTable::events)
        .containsExactly(
            new ChangeEvents(null, false, "public.a", ChangeEvents.Unnamed.KEEP),
            new ChangeEvents(null, false, "public.b", ChangeEvents.Unnamed.SKIP));
  }
}
