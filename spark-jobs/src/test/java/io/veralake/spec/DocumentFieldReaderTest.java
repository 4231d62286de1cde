package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DocumentFieldReaderTest {
  private static final String FILE = "models/land/notes.conf";
  private static final String NOTES = "format = json-lines\npath = n\nsystem = desk\n";

  @Test
  void documentsNameTheirOwnPlaces() {
    LandTable notes =
        ConfFolder.empty()
            .with(
                FILE,
                NOTES
                    + """
                    key = ["$.id", "$.part"]
                    order-by = ["$.at", { path = "$.v", type = bigint }]
                    commit-time = "$.at"
                    load-time { path = "$.seen", type = epoch-seconds }
                    """)
            .model()
            .land()
            .get(0);

    assertThat(notes.key()).isEqualTo(List.of("$.id", "$.part"));
    assertThat(notes.orderBy()).isEqualTo(List.of("$.at as timestamp", "$.v as bigint"));
    assertThat(notes.commitTime()).isEqualTo(ValueOrigin.column("$.at as timestamp"));
    assertThat(notes.loadTime()).isEqualTo(ValueOrigin.column("$.seen as epoch-seconds"));
  }

  @Test
  void whatIsNoPathOrNoTimeIsRefused() {
    ConfFolder conf =
        ConfFolder.empty()
            .with(
                FILE,
                NOTES
                    + """
                    key = id
                    order-by = [at, { path = "$.v", type = int }]
                    commit-time = { path = "$.v", type = bigint }
                    load-time = at
                    """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid key of notes: id (a path such as $.updatedAt, $.customer.id or $.lines[0].id) at models/land/notes.conf: 4",
            "Invalid order-by.path of notes: at (a path such as $.updatedAt, $.customer.id or $.lines[0].id) at models/land/notes.conf: 5",
            "Invalid order-by.type of notes: int (timestamp, date, bigint, epoch-seconds, epoch-millis or epoch-micros) at models/land/notes.conf: 5",
            "Invalid commit-time of notes: $.v as bigint (a type that is a time) at models/land/notes.conf: 6",
            "Invalid load-time of notes: at (run or \"$.path\") at models/land/notes.conf: 7");
  }
}
