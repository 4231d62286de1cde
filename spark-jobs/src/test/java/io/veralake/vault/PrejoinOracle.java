package io.veralake.vault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a join gives, by definition: all rows and all partners at once, in plain loops. */
final class PrejoinOracle {
  /**
   * A partner.
   *
   * @param rows all that it ever said
   * @param rowKey values by which a row finds it
   * @param key values by which it is found
   * @param taken what a row takes
   */
  record Partner(
      List<RawRow> rows,
      Function<List<@Nullable Object>, List<@Nullable Object>> rowKey,
      Function<List<@Nullable Object>, List<@Nullable Object>> key,
      Function<List<@Nullable Object>, @Nullable Object> taken) {
    private Map<List<@Nullable Object>, Optional<Object>> known() {
      Map<List<@Nullable Object>, Optional<Object>> result = new HashMap<>();
      for (RawRow row : this.rows) {
        if (row.after() != null && !this.key.apply(row.after()).contains(null)) {
          result.put(
              this.key.apply(row.after()), Optional.ofNullable(this.taken.apply(row.after())));
        }
      }
      return result;
    }
  }

  private PrejoinOracle() {}

  /** Those of {@code rows} whose partners are all known, with what they take behind their own. */
  static List<RawRow> joined(List<RawRow> rows, List<Partner> partners) {
    List<RawRow> result = new ArrayList<>();
    List<Map<List<@Nullable Object>, Optional<Object>>> known =
        partners.stream().map(Partner::known).toList();
    for (RawRow row : rows) {
      Optional<List<@Nullable Object>> before = image(row.before(), partners, known);
      Optional<List<@Nullable Object>> after = image(row.after(), partners, known);
      if (before != null && after != null) {
        result.add(
            new RawRow(
                row.op(),
                before.orElse(null),
                after.orElse(null),
                row.major(),
                row.second(),
                row.source()));
      }
    }
    return result;
  }

  /** The image with what it takes; empty: there is no image; null: it waits. */
  @SuppressWarnings("OptionalAssignedToNull")
  private static @Nullable Optional<List<@Nullable Object>> image(
      @Nullable List<@Nullable Object> image,
      List<Partner> partners,
      List<Map<List<@Nullable Object>, Optional<Object>>> known) {
    if (image == null) {
      return Optional.empty();
    }
    List<@Nullable Object> result = new ArrayList<>(image);
    for (int i = 0; i < partners.size(); i++) {
      List<@Nullable Object> key = partners.get(i).rowKey().apply(image);
      if (key.stream().anyMatch(Objects::isNull)) {
        result.add(null);
      } else if (!known.get(i).containsKey(key)) {
        return null;
      } else {
        result.add(known.get(i).get(key).orElse(null));
      }
    }
    return Optional.of(result);
  }
}
