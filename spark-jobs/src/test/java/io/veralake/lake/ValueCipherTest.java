package io.veralake.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ValueCipherTest {
  private static final String SECRET = "a secret of 32 characters at least";

  @Test
  void valuesComeBackAndEqualOnesAreEncryptedEqually() {
    long seed = Seed.of(21);
    Random random = new Random(seed);
    ValueCipher cipher = new ValueCipher(SECRET);
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      byte[] plain = new byte[random.nextInt(3)];
      random.nextBytes(plain);
      byte[] encrypted = cipher.encrypt(plain);
      String text = cipher.encryptToText(plain);

      assertThat(cipher.decrypt(encrypted)).as("seed %d", seed).isEqualTo(plain);
      assertThat(new ValueCipher(SECRET).decryptText(text)).isEqualTo(plain);
      assertThat(
              seen.merge(
                  new String(plain, java.nio.charset.StandardCharsets.ISO_8859_1),
                  text,
                  (a, b) -> a))
          .as("seed %d", seed)
          .isEqualTo(text);
    }
    assertThat(seen.values()).doesNotHaveDuplicates();
  }

  @Test
  void whatWasChangedOrHasAnotherKeyIsRefused() {
    byte[] encrypted = new ValueCipher(SECRET).encrypt("42".getBytes(UTF_8));
    for (int i = 0; i < encrypted.length; i++) {
      byte[] changed = encrypted.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> new ValueCipher(SECRET).decrypt(changed))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot decrypt: ");
    }
    assertThatThrownBy(() -> new ValueCipher(SECRET + "!").decrypt(encrypted))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> new ValueCipher(SECRET).decryptText("plain text"))
        .hasMessage("Cannot decrypt: not a value that veralake encrypted");
  }

  /** RFC 4231, test case 2. */
  @Test
  void theHashIsHmacWithSha256() {
    assertThat(new KeyedHash("Jefe").of("what do ya want for nothing?".getBytes(UTF_8)))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }
}
