package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JsonPathTest {
  @Test
  void whatAPathWritesIsReadAgain() {
    for (String text :
        new String[] {
          "$", "$.a", "$.a.b-c.@d", "$[0]", "$.a[-1].b", "$[\"a.b\"][2]", "$._id.$oid", "$.ß"
        }) {
      assertThat(JsonPath.parse(text).map(JsonPath::toString)).as(text).hasValue(text);
    }
    assertThat(JsonPath.parse("$[\"a\"].b").map(JsonPath::toString)).hasValue("$.a.b");
  }

  @Test
  void whatIsNoPathIsNone() {
    for (String text :
        new String[] {"", "a", "$a", "$.", "$..a", "$.a[", "$.a[x]", "$.a[*]", "$.*", "$.a b"}) {
      assertThat(JsonPath.parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void aFieldIsReadAsItIsWritten() {
    for (DocumentField.Type type : DocumentField.Type.values()) {
      DocumentField field =
          new DocumentField(JsonPath.parse("$[\"x as bigint\"].at").orElseThrow(), type);
      assertThat(DocumentField.parse(field.toString())).isEqualTo(field);
    }
  }
}
