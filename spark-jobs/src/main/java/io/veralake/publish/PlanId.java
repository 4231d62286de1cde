package io.veralake.publish;

import io.veralake.publish.Ledger.Entry;
import io.veralake.spec.Publication;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a plan of a publication, {@code mart-12-3f9a1c22b0d4}: the star, the generation that
 * it follows, and a digest of what would be shown.
 *
 * @param star the star
 * @param generation the generation that readers see now; 0: none
 * @param digest of the marts' snapshots and the tables' declarations
 */
public record PlanId(String star, long generation, String digest) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_]+)-(\\d{1,18})-([0-9a-f]{12})");
  private static final int BYTES = 6;

  /** The id that {@code text} is; empty if it is none. */
  public static Optional<PlanId> parse(String text) {
    Matcher parts = FORM.matcher(text.strip());
    return parts.matches()
        ? Optional.of(new PlanId(parts.group(1), Long.parseLong(parts.group(2)), parts.group(3)))
        : Optional.empty();
  }

  static PlanId of(Star star, long generation, Map<String, Entry> wanted) {
    StringBuilder text = new StringBuilder(star.name() + "\n" + generation + "\n");
    for (Publication publication : star.publications()) {
      text.append(publication.name())
          .append('\n')
          .append(Objects.requireNonNull(wanted.get(publication.name())).snapshot())
          .append('\n')
          .append(declaration(star, publication))
          .append('\n');
    }
    return new PlanId(star.name(), generation, digest(text.toString()));
  }

  /** A digest of the mart and of the layout in which it is published. */
  static String declaration(Star star, Publication publication) {
    return digest(
        publication.mart().name()
            + "\n"
            + String.join("\n", new DataTable(star, publication).layout()));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return this.star + "-" + this.generation + "-" + this.digest;
  }
}
