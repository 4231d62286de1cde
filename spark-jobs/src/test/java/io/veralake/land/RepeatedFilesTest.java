package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RepeatedFilesTest {
  @Test
  void aFileUnderAnotherNameIsTold() {
    List<SourceFile> landed = List.of(file("a", 3, "x"), file("b", 3, "y"), file("old", 3, ""));
    List<SourceFile> batch =
        List.of(
            file("b", 3, "x"),
            file("c", 3, "z"),
            file("d", 3, "z"),
            file("e", 4, "z"),
            file("f", 3, ""),
            file("g", 0, "empty"),
            file("h", 0, "empty"));

    assertThat(RepeatedFiles.of(landed, batch))
        .containsExactly("b has the content of a", "d has the content of c");
  }

  @Test
  void aFileIsNoRepetitionOfItself() {
    assertThat(RepeatedFiles.of(List.of(file("a", 3, "x")), List.of(file("a", 3, "x")))).isEmpty();
  }

  private static SourceFile file(String name, long size, String etag) {
    return new SourceFile(name, "s3a://bucket/" + name, size, 1, etag);
  }
}
