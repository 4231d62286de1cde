package io.veralake.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lists that are read by what changed order their records by, unless the model says it. */
final class RestOrder {
  private RestOrder() {}

  /** {@code declared}, else the field that grows with each change. */
  static List<String> of(LandSource source, List<String> declared) {
    RestApi.Incremental incremental = incremental(source);
    return incremental == null || !declared.isEmpty()
        ? declared
        : List.of(incremental.field().toString());
  }

  /** {@code declared}, else the field that grows with each change, if it is a time. */
  static ValueOrigin of(LandSource source, ValueOrigin declared) {
    RestApi.Incremental incremental = incremental(source);
    return incremental != null
            && incremental.field().type().time()
            && declared.kind() == ValueOrigin.Kind.SOURCE
        ? ValueOrigin.column(incremental.field().toString())
        : declared;
  }

  /** Reports what doesn't fit together; {@code format} null: it isn't known. */
  static void check(Node node, LandTable.@Nullable Format format, LandSource source) {
    boolean list = source instanceof LandSource.Rest;
    boolean answers = format == LandTable.Format.JSON || format == LandTable.Format.XML;
    if (format != null && list && !answers) {
      node.invalid("format", Words.of(format), "json or xml for rest");
    }
    if (format == LandTable.Format.XML && !list) {
      node.invalid("format", Words.of(format), "xml is for rest");
    }
    // Whether records moved between counted pages is told by their keys.
    boolean counted = source instanceof LandSource.Rest r && r.api().paging().kind().counted();
    if (counted && incremental(source) != null && !node.has("key")) {
      node.missing("key");
    }
  }

  private static RestApi.@Nullable Incremental incremental(LandSource source) {
    return source instanceof LandSource.Rest rest ? rest.api().incremental() : null;
  }
}
