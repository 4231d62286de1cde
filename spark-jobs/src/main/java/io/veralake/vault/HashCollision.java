package io.veralake.vault;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.DataException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * Two keys that have one hash. They would be one thing in the vault from then on, so the load stops
 * before it writes either. What tells them is part of the load's own queries: nothing is read or
 * sorted for it.
 */
final class HashCollision {
  private static final Pattern MESSAGE =
      Pattern.compile("hash collision: (.*?) and (.*?) have the hash key ([A-Za-z0-9+/=]+)\\.");

  private HashCollision() {}

  /** The columns {@code names} as one value that can be compared. */
  static Column key(List<String> names, String prefix) {
    return struct(names.stream().map(name -> col(prefix + name).as(name)).toArray(Column[]::new));
  }

  /** {@code one} if it is {@code other} too; else the query fails. */
  static Column same(Column hash, Column one, Column other) {
    return when(one.eqNullSafe(other), one).otherwise(failure(hash, one, other));
  }

  /**
   * Whether {@code known} is null, which is what a row has whose hash isn't known; if it is and its
   * key isn't {@code one}, the query fails.
   */
  static Column unknown(Column known, Column one, Column other) {
    return when(known.isNull(), lit(true))
        .when(one.eqNullSafe(other), lit(false))
        .otherwise(failure(known, one, other));
  }

  private static Column failure(Column hash, Column one, Column other) {
    return raise_error(
        concat(
            lit("hash collision: "),
            to_json(one),
            lit(" and "),
            to_json(other),
            lit(" have the hash key "),
            base64(hash),
            lit(".")));
  }

  /** What {@code failure} says if it is for two keys of {@code table} with one hash. */
  static Optional<DataException> in(Throwable failure, String table) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher found = MESSAGE.matcher(String.valueOf(cause.getMessage()));
      if (found.find()) {
        return Optional.of(
            new DataException(
                "Cannot load %s: the keys %s and %s have one hash (base64 %s); nothing was loaded, since they would be one from now on (a longer hash tells them apart: veralake.hash, and the vault loaded again from raw)"
                    .formatted(table, found.group(1), found.group(2), found.group(3)),
                failure));
      }
    }
    return Optional.empty();
  }

  /** Names of {@code columns} with {@code prefix} in front. */
  static Column[] renamed(List<String> columns, String prefix) {
    return columns.stream()
        .map(name -> functions.col(name).as(prefix + name))
        .toArray(Column[]::new);
  }
}
