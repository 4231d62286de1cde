package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.spec.DocumentField;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class DocumentFieldsTest {
  private static final byte[] DOCUMENT =
      """
      {"skip":{"at":[1,{"at":2}]},"a":{"b":[{"c":1},{"c":"17"}]},"at":"2026-03-01T10:00:00.5+02:00",
       "local":"2026-03-01 08:00:00","day":"1969-12-31","n":null,"o":{},"big":9223372036854775808,
       "s":1772352000,"ms":1772352000123,"exact":1772352000.123456,"finer":1.0000001,"x":1e3,
       "date":{"$date":"2026-03-01T08:00:00Z"},"long":{"$numberLong":"42"}}"""
          .getBytes(StandardCharsets.UTF_8);

  @Test
  void valuesAreNumbersThatOrder() throws BadRecordException {
    assertThat(number("$.at as timestamp")).isEqualTo(1_772_352_000_500_000L);
    assertThat(number("$.local as timestamp")).isEqualTo(1_772_352_000_000_000L);
    assertThat(number("$.date.$date as timestamp")).isEqualTo(1_772_352_000_000_000L);
    assertThat(number("$.day as date")).isEqualTo(-86_400_000_000L);
    assertThat(number("$.a.b[1].c as bigint")).isEqualTo(17);
    assertThat(number("$.long.$numberLong as bigint")).isEqualTo(42);
    assertThat(number("$.x as bigint")).isEqualTo(1000);
    assertThat(number("$.s as epoch-seconds")).isEqualTo(1_772_352_000_000_000L);
    assertThat(number("$.exact as epoch-seconds")).isEqualTo(1_772_352_000_123_456L);
    assertThat(number("$.ms as epoch-millis")).isEqualTo(1_772_352_000_123_000L);
    assertThat(number("$.ms as epoch-micros")).isEqualTo(1_772_352_000_123L);
  }

  @Test
  void whatIsNotOfItsTypeIsToldWithItsPlace() {
    refused("$.none as bigint", "missing (the model needs it)");
    refused("$.n as bigint", "missing (the model needs it)");
    refused("$.a.c as bigint", "missing (the model needs it)");
    refused("$.a.b[2].c as bigint", "missing (the model needs it)");
    refused("$.o as bigint", "an object or an array (a text or a number)");
    refused("$.at as bigint", "2026-03-01T10:00:00.5+02:00 (a whole number)");
    refused("$.big as bigint", "9223372036854775808 (a whole number)");
    refused("$.finer as epoch-seconds", "1.0000001 (a number of whole microseconds)");
    refused("$.s as timestamp", "1772352000 (a time as 2026-03-01T23:59:59.999999Z)");
    refused(
        "$.ms as epoch-seconds",
        "1772352000123 (an instant of the years 1 to 9999; is type right?)");
  }

  private static long number(String field) throws BadRecordException {
    return DocumentFields.number(DOCUMENT, DocumentField.parse(field));
  }

  private static void refused(String field, String reason) {
    assertThatThrownBy(() -> number(field))
        .isInstanceOf(BadRecordException.class)
        .hasMessage("Invalid value at " + field.split(" ")[0] + ": " + reason);
  }
}
