package io.veralake.demo.s3;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 for requests without query parameters.
 *
 * @param accessKey the access key id
 * @param secretKey the secret
 * @param region the store's region
 */
record Signature(String accessKey, String secretKey, String region) {
  private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";
  private static final String PAYLOAD = "UNSIGNED-PAYLOAD";
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * Adds the headers that make the request one of this account; the body isn't part of what is
   * signed.
   */
  void sign(HttpRequest.Builder request, String method, URI url, Instant now) {
    String moment = MOMENT.format(now);
    String day = moment.substring(0, 8);
    String scope = day + "/" + this.region + "/s3/aws4_request";
    String canonical =
        String.join(
            "\n",
            method,
            url.getRawPath(),
            "",
            "host:" + url.getAuthority(),
            "x-amz-content-sha256:" + PAYLOAD,
            "x-amz-date:" + moment,
            "",
            SIGNED,
            PAYLOAD);
    byte[] key = ("AWS4" + this.secretKey).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {day, this.region, "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    String text = String.join("\n", "AWS4-HMAC-SHA256", moment, scope, sha256(canonical));
    request.header("x-amz-content-sha256", PAYLOAD);
    request.header("x-amz-date", moment);
    request.header(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(this.accessKey, scope, SIGNED, HexFormat.of().formatHex(hmac(key, text))));
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
