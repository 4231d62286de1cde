package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comments of model files are descriptions. */
final class ModelNotesTest {
  @TempDir private Path conf;

  @Test
  void commentsDescribeTablesAndColumns() throws IOException {
    Path folder = Files.createDirectories(this.conf.resolve("models/mart/deeper"));
    Files.writeString(
        folder.resolve("fact_x.conf"),
        """
        # What was sold,
        #  line by line.
        type = fact

        # Not about a column.
        columns {
          # What is paid,
          # in euros.
          revenue = "decimal(14,2)"
          quantity = int # pieces
          other = int
        }
        grain = [other]
        """);
    Files.writeString(folder.resolve("fact_y.conf"), "type = fact\n# too late\ngrain = [a]\n");

    ModelNotes notes = ModelNotes.read(this.conf);

    assertThat(notes.of("mart", "fact_x").description()).isEqualTo("What was sold, line by line.");
    assertThat(notes.of("mart", "fact_x").columns())
        .containsEntry("revenue", "What is paid, in euros.")
        .containsEntry("quantity", "pieces")
        .doesNotContainKey("other");
    assertThat(notes.of("mart", "fact_y")).isEqualTo(ModelNotes.Note.NONE);
    assertThat(notes.of("vault", "hub_z")).isEqualTo(ModelNotes.Note.NONE);
  }
}
