package io.veralake.land.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CarefulDecoderTest {
  @Test
  void whatADecoderThrowsUnexpectedlyIsItsRecordsReason() {
    RecordDecoder decoder =
        new CarefulDecoder(
            (buffer, from, to) -> {
              throw new ArithmeticException("by zero");
            });
    assertThatThrownBy(() -> decoder.decode(new byte[1], 0, 1))
        .isInstanceOf(BadRecordException.class)
        .hasMessage(
            "Cannot read the record: java.lang.ArithmeticException: by zero (a mistake of Veralake: report it; replay the record afterwards)");
    assertThatThrownBy(() -> decoder.decode(new byte[1], new byte[1], 0, 1))
        .isInstanceOf(BadRecordException.class);
  }

  @Test
  void depthWithoutEndIsOne() {
    RecordDecoder endless =
        new CarefulDecoder(
            new RecordDecoder() {
              @Override
              public Change decode(byte[] buffer, int from, int to) throws BadRecordException {
                return this.decode(buffer, from, to);
              }
            });
    assertThatThrownBy(() -> endless.decode(new byte[1], 0, 1))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void whatItSaysIsPassedOn() throws BadRecordException {
    RecordDecoder decoder = new CarefulDecoder((buffer, from, to) -> Change.REPEAT);
    assertThat(decoder.decode(new byte[1], 0, 1)).isSameAs(Change.REPEAT);
  }
}
