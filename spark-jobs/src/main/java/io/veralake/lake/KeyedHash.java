package io.veralake.lake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hash of sensitive values: HMAC (RFC 2104) with SHA-256, in lower-case hexadecimal, 64
 * digits. Equal values under one key have equal hashes; without the key nobody can try values. Not
 * thread-safe.
 */
public final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;

  /** With {@code key}, whose UTF-8 bytes are the key. */
  public KeyedHash(String key) {
    this.mac = mac(key.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of {@code bytes}. */
  public String of(byte[] bytes) {
    return HexFormat.of().formatHex(this.mac.doFinal(bytes));
  }

  /**
   * What tells one key from another without saying anything about it: the first 8 digits of the
   * hash of a fixed text.
   */
  public String fingerprint() {
    return this.of("veralake key".getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }

  static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
