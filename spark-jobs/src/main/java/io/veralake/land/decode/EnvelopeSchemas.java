package io.veralake.land.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects the different schemas of envelopes, in the order of their first appearance, without
 * reading payloads.
 */
public final class EnvelopeSchemas {
  private final JsonSpans spans = JsonSpans.ofSchemas();
  private final List<byte[]> found = new ArrayList<>();

  /** Looks at one line; one that can't be read has no schema. */
  public void add(byte[] buffer, int from, int to) {
    try {
      this.spans.scan(buffer, from, to);
    } catch (BadRecordException e) {
      return;
    }
    if (this.spans.schemaFrom() < 0) {
      return;
    }
    for (int i = this.found.size() - 1; i >= 0; i--) {
      if (this.spans.schemaIs(this.found.get(i))) {
        return;
      }
    }
    this.found.add(this.spans.schema());
  }

  /** The schemas. */
  public List<byte[]> found() {
    return this.found;
  }
}
