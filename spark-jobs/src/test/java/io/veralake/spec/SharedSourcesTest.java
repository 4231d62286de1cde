package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
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

  @Test
  void binlogsNameServersAndInstants() {
    String model = "format = %s\npath = p\nsystem = s\nbinlog { %s }";
    ConfFolder good =
        ConfFolder.empty()
            .with(
                "models/land/a.conf",
                model.formatted(
                    "debezium-json",
                    "servers = [2, 1], anew = [\"2026-03-02T00:00:00Z\", \"2026-03-01T00:00:00Z\"]"));
    ConfFolder bad =
        ConfFolder.empty()
            .with(
                "models/land/a.conf",
                model.formatted("debezium-json", "servers = one, anew = yesterday"))
            .with(
                "models/land/b.conf",
                "format = json-lines\npath = p\nsystem = s\nbinlog { servers = 1 }");

    assertThat(good.model().land().get(0).events().binlog())
        .isEqualTo(
            new ChangeEvents.Binlog(
                List.of(2L, 1L),
                List.of(
                    Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-03-02T00:00:00Z"))));
    assertThat(bad.problems())
        .containsExactly(
            "Invalid binlog.servers of a: one (the server_id of a MySQL, such as 223344) at models/land/a.conf: 4",
            "Invalid binlog.anew of a: yesterday (an instant, such as 2026-03-01T04:00:00Z) at models/land/a.conf: 4",
            "Invalid binlog of b: { … } (none for format = json-lines) at models/land/b.conf: 4");
  }
}
