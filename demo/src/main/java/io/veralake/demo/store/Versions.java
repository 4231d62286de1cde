package io.veralake.demo.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versions of customers and products, as facts point to them: known by the instants at which they
 * began. The first one holds since ever.
 */
final class Versions {
  private static final int[] PROFILE = {Population.USER_REGION, Population.USER_SEGMENT};
  private static final int[] PRODUCT = {
    1, Population.PRODUCT_TITLE, 3, 4, Population.PRODUCT_PRICE, Population.PRODUCT_COLOR
  };

  private final Truth truth;

  Versions(Truth truth) {
    this.truth = truth;
  }

  /** All versions of a customer. */
  List<Truth.Span> customers(long id) {
    return this.truth.spans(SourceTable.USERS, id, PROFILE);
  }

  /** All versions of a product. */
  List<Truth.Span> products(long id) {
    return this.truth.spans(SourceTable.PRODUCTS, id, PRODUCT);
  }

  /** When the version of a customer began that held at an instant; null: there was none. */
  @Nullable String customer(long id, long at) {
    return from(customers(id), at);
  }

  /** When the version of a product began that held at an instant; null: there was none. */
  @Nullable String product(long id, long at) {
    return from(products(id), at);
  }

  private static @Nullable String from(List<Truth.Span> spans, long at) {
    for (Truth.Span span : spans) {
      Long to = span.to();
      if (span.from() <= at && (to == null || at < to)) {
        return MartBook.time(span.from());
      }
    }
    return null;
  }
}
