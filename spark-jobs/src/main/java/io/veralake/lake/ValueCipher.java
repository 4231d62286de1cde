package io.veralake.lake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encryption of sensitive values: AES-256 in GCM (NIST SP 800-38D). The nonce is a keyed hash of
 * the value, so that equal values are encrypted equally (a value that is landed again is no change)
 * and no nonce serves two values. Encrypted bytes are {@code 1}, the nonce (12 bytes), and what GCM
 * gives (the ciphertext, then 16 bytes that authenticate it); as a text they are Base64 for URLs
 * without padding. The keys are HMAC-SHA-256 of {@code "veralake encryption 1"} and {@code
 * "veralake nonce 1"} under the secret's UTF-8 bytes. Not thread-safe.
 */
public final class ValueCipher {
  private static final byte VERSION = 1;
  private static final int NONCE = 12;
  private static final int TAG = 16;

  private final SecretKeySpec key;
  private final Mac nonces;
  private final Cipher cipher;
  private byte[] last = new byte[1 + NONCE];

  /** With keys that are derived from {@code secret}. */
  public ValueCipher(String secret) {
    Mac mac = KeyedHash.mac(secret.getBytes(StandardCharsets.UTF_8));
    this.key = new SecretKeySpec(mac.doFinal(utf8("veralake encryption 1")), "AES");
    this.nonces = KeyedHash.mac(mac.doFinal(utf8("veralake nonce 1")));
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has AES in GCM", e);
    }
  }

  /** {@code plain}, encrypted. */
  public byte[] encrypt(byte[] plain) {
    byte[] nonce = Arrays.copyOf(this.nonces.doFinal(plain), NONCE);
    if (Arrays.equals(nonce, 0, NONCE, this.last, 1, 1 + NONCE)) {
      // The same value again; a cipher refuses to use a nonce twice in a row.
      return this.last.clone();
    }
    try {
      this.cipher.init(Cipher.ENCRYPT_MODE, this.key, new GCMParameterSpec(TAG * 8, nonce));
      byte[] out = new byte[1 + NONCE + plain.length + TAG];
      out[0] = VERSION;
      System.arraycopy(nonce, 0, out, 1, NONCE);
      this.cipher.doFinal(plain, 0, plain.length, out, 1 + NONCE);
      this.last = out;
      return out.clone();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot encrypt a value", e);
    }
  }

  /** {@code plain}, encrypted, as a text. */
  public String encryptToText(byte[] plain) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(this.encrypt(plain));
  }

  /**
   * What was encrypted.
   *
   * @throws DataException if {@code encrypted} was changed, or encrypted with another key, or isn't
   *     encrypted
   */
  public byte[] decrypt(byte[] encrypted) {
    if (encrypted.length < 1 + NONCE + TAG || encrypted[0] != VERSION) {
      throw new DataException("Cannot decrypt: not a value that veralake encrypted");
    }
    try {
      this.cipher.init(
          Cipher.DECRYPT_MODE, this.key, new GCMParameterSpec(TAG * 8, encrypted, 1, NONCE));
      return this.cipher.doFinal(encrypted, 1 + NONCE, encrypted.length - 1 - NONCE);
    } catch (GeneralSecurityException e) {
      throw new DataException(
          "Cannot decrypt: the value was changed, or encrypted with another key than veralake.privacy.encryption-key",
          e);
    }
  }

  /** What was encrypted to a text. Throws as {@link #decrypt}. */
  public byte[] decryptText(String text) {
    try {
      return this.decrypt(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot decrypt: not a value that veralake encrypted", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
