package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.RecordDecoder;
import io.veralake.land.rest.Item;
import io.veralake.land.rest.Listing;
import io.veralake.land.rest.RestPosition;
import io.veralake.spec.Connection;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The next pages of a list that a server gives by HTTP: as many as are landed in one commit. Where
 * they end is written in it, so that a run that is killed, or whose server stops answering, loses
 * only the pages that weren't landed yet.
 */
final class RestFeed implements Feed {
  private static final long MOST_BYTES = 16L << 20;
  private static final long MOST_PAGES = 1000;
  private static final long LONGEST_NANOS = 120_000_000_000L;
  private static final int SLICE = 512 << 10;

  private final RunContext context;
  private final LandTable table;
  private final Listing listing;
  private final List<Page> pages = new ArrayList<>();
  private @Nullable RuntimeException failure;

  /** A page on its way to the task that decodes it. */
  private record Page(String url, int number, List<Item> items) implements Serializable {}

  private RestFeed(RunContext context, LandTable table, Listing listing) {
    this.context = context;
    this.table = table;
    this.listing = listing;
  }

  /** What the list {@code rest} has that {@code table} doesn't. */
  static RestFeed of(RunContext context, LandTable table, LandSource.Rest rest) {
    RestApi api = rest.api();
    String raw = "raw." + table.name();
    Lake lake = context.lake();
    RestPosition landed =
        lake.exists(raw)
            ? lake.positions(raw)
                .value(RestPosition.PROPERTY)
                .map(RestPosition::parse)
                .orElse(RestPosition.NONE)
            : RestPosition.NONE;
    Connection connection =
        Objects.requireNonNull(context.engine().connections().get(api.connection()));
    return new RestFeed(
        context, table, new Listing(table, api, connection, landed, context.asOf()));
  }

  @Override
  public boolean isEmpty() {
    return this.listing.ended();
  }

  @Override
  public List<String> places() {
    return this.pages.stream().map(Page::url).toList();
  }

  @Override
  public Continuity continuity(BatchReport report) {
    List<String> doubts = this.listing.ended() ? this.listing.notes() : List.of();
    return new Continuity(List.of(), doubts, List.of(), -1);
  }

  @Override
  public List<StructType> rowTypes() {
    return new Format(this.table).rowTypes(List.of());
  }

  @Override
  public Batch read(RowMaker maker) {
    long begun = System.nanoTime();
    long bytes = 0;
    while (!this.listing.ended()
        && bytes < MOST_BYTES
        && this.pages.size() < MOST_PAGES
        && System.nanoTime() - begun < LONGEST_NANOS) {
      try {
        Listing.Read read = this.listing.next();
        String url = read.address() + "#" + this.context.asOf() + "/" + read.number();
        this.pages.add(new Page(url, (int) read.number(), read.items()));
        bytes += read.items().stream().mapToLong(item -> item.document().length).sum();
      } catch (RuntimeException e) {
        if (this.pages.isEmpty()) {
          throw e;
        }
        this.failure = e;
        break;
      }
    }
    return this.batch(maker, (int) (1 + bytes / SLICE));
  }

  @Override
  public Map<String, String> positions(Table raw) {
    return Map.of("veralake." + RestPosition.PROPERTY, this.listing.position().json());
  }

  @Override
  public Feed rest() {
    if (this.failure != null) {
      throw this.failure;
    }
    return new RestFeed(this.context, this.table, this.listing);
  }

  private Batch batch(RowMaker maker, int slices) {
    Format format = new Format(this.table);
    long millis = this.context.asOf().toEpochMilli();
    JavaRDD<InternalRow> rows =
        JavaSparkContext.fromSparkContext(this.context.lake().spark().sparkContext())
            .parallelize(this.pages, Math.min(slices, Math.max(1, this.pages.size())))
            .mapPartitions(own -> decoded(own, format, maker, millis));
    return Batch.of(this.context.lake().spark(), maker.rawType(), rows);
  }

  private static Iterator<InternalRow> decoded(
      Iterator<Page> pages, Format format, RowMaker maker, long millis) {
    RecordDecoder decoder = format.decoder(maker.rowType(), new byte[0]);
    List<InternalRow> rows = new ArrayList<>();
    while (pages.hasNext()) {
      Page page = pages.next();
      SourceFile file = new SourceFile(page.url, page.url, 0, millis);
      UTF8String url = UTF8String.fromString(page.url);
      for (int i = 0; i < page.items.size(); i++) {
        Item item = page.items.get(i);
        RowMaker.Place place = new RowMaker.Place(file, url, page.number, i + 1L, item.offset());
        rows.add(row(decoder, item.document(), maker, place));
      }
    }
    return rows.iterator();
  }

  private static InternalRow row(
      RecordDecoder decoder, byte[] document, RowMaker maker, RowMaker.Place place) {
    try {
      return maker.row(decoder.decode(document, 0, document.length), place);
    } catch (BadRecordException e) {
      return maker.bad(String.valueOf(e.getMessage()), document, null, place);
    }
  }
}
