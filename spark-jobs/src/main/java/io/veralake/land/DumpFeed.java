package io.veralake.land;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The oldest of the dumps in a folder that weren't landed as they are now. A dump is a file of the
 * folder, or a folder in it with all its files; its time is that of its latest file. One that is
 * older than the last one landed isn't landed any more: what it says was overtaken.
 */
final class DumpFeed implements Feed {
  /** Summary property, below {@code veralake.}: time of the last dump, milliseconds. */
  private static final String TIME = "dump.time";

  /** The same, later where several dumps have one time: its place in the order. */
  private static final String MOMENT = "dump.moment";

  private final RunContext context;
  private final LandTable table;
  private final FolderFeed feed;
  private final LandSource.Dumps source;
  private final @Nullable Dump dump;
  private final List<String> gaps;
  private final boolean more;

  /** A dump: its files, as they are, and when it is of, in the order of dumps. */
  private record Dump(String name, List<SourceFile> files, long moment) {
    private long time() {
      return this.files.stream().mapToLong(SourceFile::modified).max().orElse(0);
    }
  }

  private DumpFeed(
      RunContext context,
      LandTable table,
      FolderFeed feed,
      LandSource.Dumps source,
      @Nullable Dump dump,
      List<String> gaps,
      boolean more) {
    this.context = context;
    this.table = table;
    this.feed = feed;
    this.source = source;
    this.dump = dump;
    this.gaps = gaps;
    this.more = more;
  }

  /** The next of {@code source}. */
  static DumpFeed of(RunContext context, LandTable table, LandSource.Dumps source) {
    FolderFeed all = FolderFeed.of(context, table, source.folder());
    long landed = last(context.lake(), table, TIME);
    List<Dump> late = new ArrayList<>();
    List<Dump> next = new ArrayList<>();
    for (Dump dump : dumps(all)) {
      (dump.time() < landed ? late : next).add(dump);
    }
    next.sort(Comparator.comparingLong(Dump::time).thenComparing(Dump::name));
    List<String> gaps =
        late.stream()
            .map(
                dump ->
                    "dump %s of %s came after the one of %s had been landed, and was left out (take it away)"
                        .formatted(
                            dump.name(),
                            Instant.ofEpochMilli(dump.time()),
                            Instant.ofEpochMilli(landed)))
            .toList();
    // Behind one that waits all others wait: what came before the last one is left out.
    List<Dump> ready = next.stream().takeWhile(dump -> all.complete(dump.files())).toList();
    if (ready.isEmpty()) {
      return new DumpFeed(context, table, all.of(List.of()), source, null, gaps, false);
    }
    Dump first = ready.get(0);
    long moment = Math.max(first.time(), last(context.lake(), table, MOMENT) + 1);
    List<SourceFile> files = first.files().stream().map(file -> file.at(moment)).toList();
    return new DumpFeed(
        context,
        table,
        all.of(files),
        source,
        new Dump(first.name(), first.files(), moment),
        gaps,
        ready.size() > 1);
  }

  /** All dumps of which a file is new. */
  private static List<Dump> dumps(FolderFeed all) {
    Set<String> fresh = new HashSet<>();
    all.fresh().forEach(file -> fresh.add(name(file)));
    Map<String, List<SourceFile>> files = new TreeMap<>();
    for (SourceFile file : all.offered()) {
      if (fresh.contains(name(file))) {
        files.computeIfAbsent(name(file), name -> new ArrayList<>()).add(file);
      }
    }
    return files.entrySet().stream()
        .map(entry -> new Dump(entry.getKey(), entry.getValue(), 0))
        .toList();
  }

  private static String name(SourceFile file) {
    return file.name().replaceFirst("/.*", "/");
  }

  private static long last(Lake lake, LandTable table, String property) {
    String raw = "raw." + table.name();
    return lake.exists(raw)
        ? lake.positions(raw).value(property).map(Long::parseLong).orElse(Long.MIN_VALUE / 2)
        : Long.MIN_VALUE / 2;
  }

  @Override
  public boolean isEmpty() {
    return this.dump == null && this.gaps.isEmpty();
  }

  @Override
  public List<String> places() {
    return this.feed.places();
  }

  @Override
  public int files() {
    return this.feed.files();
  }

  @Override
  public List<String> gaps() {
    return this.gaps;
  }

  @Override
  public List<String> waiting() {
    return this.feed.waiting();
  }

  @Override
  public Continuity continuity(BatchReport report) {
    return new Continuity(this.gaps, this.feed.waiting(), List.of(), -1);
  }

  @Override
  public List<StructType> rowTypes() {
    return this.feed.rowTypes();
  }

  @Override
  public Batch read(RowMaker maker) {
    return this.feed.read(maker);
  }

  @Override
  public @Nullable DumpMoment moment() {
    if (this.dump == null) {
      return null;
    }
    SourceFile file = this.dump.files().get(0);
    String url = file.url();
    String inside = file.name().substring(this.dump.name().length());
    long micros = this.dump.moment() * 1000;
    return new DumpMoment(
        List.of(micros, 0L, 0L),
        micros,
        url.substring(0, url.length() - inside.length()),
        this.source.mode().maxDeletes(),
        null);
  }

  @Override
  public Map<String, String> positions(Table raw) {
    if (this.dump == null) {
      return Map.of();
    }
    Map<String, String> positions = new HashMap<>(this.feed.positions(raw, this.dump.files()));
    positions.put("veralake." + TIME, Long.toString(this.dump.time()));
    positions.put("veralake." + MOMENT, Long.toString(this.dump.moment()));
    return positions;
  }

  @Override
  public @Nullable Feed rest() {
    return this.more ? of(this.context, this.table, this.source) : null;
  }
}
