package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RenamedCheckTest {
  private static final String FILE = "models/land/people.conf";

  @Test
  void renamedColumnsAreNamedOnce() {
    String text =
        """
        format = debezium-json
        path = p
        system = shop
        renamed-from { phone = tel, mail = [e_mail, mail_address] }
        """;
    ConfFolder good = ConfFolder.empty().with(FILE, text);

    assertThat(good.model().land().get(0).renamedFrom())
        .isEqualTo(Map.of("phone", List.of("tel"), "mail", List.of("e_mail", "mail_address")));
    assertThat(
            ConfFolder.empty()
                .with(FILE, text.replace("e_mail", "phone") + "columns { tel = string }\n")
                .problems())
        .containsExactly(
            "Invalid renamed-from of people: mail = phone (each name once; of a column renamed twice: name = [first, second]) at "
                + FILE
                + ": 4",
            "Invalid renamed-from of people: phone = tel (a name that the model doesn't use elsewhere: write phone there) at "
                + FILE
                + ": 4");
    assertThat(
            ConfFolder.empty().with(FILE, text.replace("debezium-json", "json-lines")).problems())
        .containsExactly(
            "Invalid renamed-from of people: { … } (none for format = json-lines) at "
                + FILE
                + ": 4");
  }
}
