package io.veralake.land;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import io.veralake.lake.DataException;
import io.veralake.spec.DumpMode;
import java.util.Date;
import java.util.List;
import java.util.OptionalLong;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Which documents a field says to be new: those from a little before the largest value that was
 * seen the last time, and those in which it is of another type, which have no order.
 *
 * @param column path of the field
 * @param date whether it holds dates, else whole numbers
 * @param from the smallest value that is read: milliseconds, or the number; empty: all are
 * @param until the largest value seen; empty: there is none
 */
record MongoWindow(String column, boolean date, OptionalLong from, OptionalLong until) {
  static MongoWindow of(
      MongoCollection<Document> collection,
      DumpMode.Incremental mode,
      OptionalLong seen,
      long clock) {
    String column = mode.column();
    boolean date = mode.behind() < 0;
    Bson typed =
        date
            ? Filters.type(column, "date")
            : Filters.or(Filters.type(column, "int"), Filters.type(column, "long"));
    Document last =
        collection
            .find(typed)
            .sort(Sorts.descending(column))
            .projection(Projections.include(column))
            .first();
    if (last == null && collection.find().first() != null && seen.isEmpty()) {
      throw new DataException(
          "Cannot tell new documents of %s by %s: none has %s there (overlap = 10 minutes is for dates, overlap = 1000 for whole numbers)"
              .formatted(collection.getNamespace(), column, date ? "a date" : "a whole number"));
    }
    OptionalLong now = last == null ? OptionalLong.empty() : largest(last, column, clock);
    OptionalLong until =
        now.isEmpty()
            ? seen
            : OptionalLong.of(Math.max(now.getAsLong(), seen.orElse(Long.MIN_VALUE)));
    long overlap = date ? mode.overlap().toMillis() : mode.behind();
    OptionalLong from =
        seen.isEmpty() ? seen : OptionalLong.of(Math.subtractExact(seen.getAsLong(), overlap));
    return new MongoWindow(column, date, from, until);
  }

  private static OptionalLong largest(Document last, String column, long clock) {
    Object value = last.getEmbedded(List.of(column.split("\\.")), Object.class);
    return OptionalLong.of(
        value instanceof Date time
            ? Math.min(clock, time.getTime())
            : ((Number) value).longValue());
  }

  /** The stage of a pipeline that selects the documents; empty: all. */
  String match() {
    if (this.from.isEmpty()) {
      return "";
    }
    long value = this.from.getAsLong();
    String bound =
        (this.date ? "{\"$date\": {\"$numberLong\": \"%d\"}}" : "{\"$numberLong\": \"%d\"}")
            .formatted(value);
    String type = this.date ? "[\"date\"]" : "[\"int\", \"long\"]";
    return "{\"$match\": {\"$or\": [{\"%1$s\": {\"$gte\": %2$s}}, {\"%1$s\": {\"$not\": {\"$type\": %3$s}}}]}}"
        .formatted(this.column.replace("\"", "\\\""), bound, type);
  }
}
