package io.veralake.vault;

import io.veralake.catalog.Positions;
import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Bridge;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Loads one vault table with what its raw tables have that it hasn't consumed. */
public final class VaultStep {
  private final RunContext context;
  private final VaultTable table;
  private final Lake lake;
  private final VaultViews views;
  private final HashText hash;
  private final String name;

  private VaultStep(RunContext context, VaultTable table) {
    this.context = context;
    this.table = table;
    this.lake = context.lake();
    this.views = new VaultViews(context.model());
    this.hash = new HashText(context.engine().hash());
    this.name = VaultTables.name(table);
  }

  /**
   * Brings {@code table} up to the current snapshots of its raw tables, in one commit that says so.
   * Makes the table and its views if they are missing. If the raw tables have no new snapshot,
   * nothing is read or committed.
   */
  public static Loaded run(RunContext context, VaultTable table) {
    return new VaultStep(context, table).load();
  }

  private Loaded load() {
    checkSession(this.lake);
    String order = this.order().map(SourceOrder::word).orElse("");
    new VaultTables(this.lake, this.hash).ensure(this.table, order);
    if (this.table instanceof Satellite satellite && satellite.versions()) {
      new SatelliteViews(this.lake, this.views).ensure(satellite);
    }
    if (this.table instanceof Pit pit) {
      return new PitStep(this.context, pit).run();
    }
    if (this.table instanceof Bridge bridge) {
      return new BridgeStep(this.context, bridge).run();
    }
    Positions before = this.lake.positions(this.name);
    Increment increment = Increment.of(this.lake, this.table, before);
    GhostRows ghosts = new GhostRows(this.lake, this.hash, this.table, before);
    if (increment.rows() == 0 && !ghosts.areThere()) {
      Map<String, String> positions = new LinkedHashMap<>(increment.positions());
      positions.putAll(ghosts.position());
      Dataset<Row> rows = ghosts.rows(this.context.asOf());
      this.lake.append(rows, this.name, this.context.runId(), positions);
      return new Loaded(this.table.name(), 0, this.inserted(), 0, 0);
    }
    if (!increment.moved()) {
      return new Loaded(this.table.name(), 0, 0, 0, 0);
    }
    if (increment.rows() == 0) {
      this.lake.advance(this.name, this.context.runId(), increment.positions());
      return new Loaded(this.table.name(), 0, 0, 0, 0);
    }
    this.lake
        .spark()
        .sparkContext()
        .setJobDescription("vault " + this.table.name() + " as of " + this.context.asOf());
    Staging staging =
        new Staging(
            this.table, this.hash, this.context.asOf(), new RawModels(this.context.model().land()));
    boolean first = this.lake.snapshot(this.name).isEmpty();
    try (StagedRows staged = new StagedRows(staging, increment, !first)) {
      return this.load(before, staged);
    } catch (Exception e) {
      Optional<DataException> collision = HashCollision.in(e, this.name);
      if (collision.isPresent()) {
        throw collision.get();
      }
      throw e;
    } finally {
      this.lake.spark().sparkContext().setJobDescription(null);
    }
  }

  private Loaded load(Positions before, StagedRows staged) {
    StagedRows.Counts counts = staged.count(this.order());
    this.checkSent(counts);
    Map<String, String> positions = new LinkedHashMap<>(staged.increment().positions());
    long shared =
        this.table instanceof Hub hub ? new SharedKeys(this.lake, hub, staged).count(counts) : 0;
    long absent =
        this.table instanceof Link link ? new AbsentHubs(this.lake, link, staged).count(counts) : 0;
    if (VaultTables.events(this.table)) {
      SourceOrder order = this.order().orElseThrow();
      this.append(new EventLoad(this.lake, this.table, order, staged).first(counts), positions);
    } else if (this.table instanceof Satellite satellite && satellite.versions()) {
      SatelliteLoad.high(before, counts)
          .ifPresent(mark -> positions.put(Positions.PREFIX + SatelliteLoad.HIGH, mark.toString()));
      if (counts.truncates() > 0) {
        positions.put(Positions.PREFIX + LateRows.TRUNCATED, "true");
      }
      this.append(this.changes(satellite, before, staged, counts), positions);
    } else if (this.table instanceof Satellite satellite
        && satellite.form() instanceof SatelliteForm.Sightings sightings) {
      this.append(
          new SightingLoad(this.lake, satellite, sightings, staged).missing(counts), positions);
    } else {
      this.append(new KeyLoad(this.lake, this.table, staged).missing(counts), positions);
    }
    return new Loaded(
        this.table.name(),
        staged.increment().rows(),
        this.inserted(),
        counts.skipped(),
        counts.unreadable(),
        counts.ghosted(),
        counts.filtered(),
        shared,
        absent);
  }

  private Dataset<Row> changes(
      Satellite satellite, Positions before, StagedRows staged, StagedRows.Counts counts) {
    LateRows late = new LateRows(satellite, this.order().orElseThrow(), staged);
    return new SatelliteLoad(this.lake, satellite, this.views.rules(satellite), late, staged)
        .changes(before, counts);
  }

  /** Appends {@code rows}, and ghost records that are missing. */
  private void append(Dataset<Row> rows, Map<String, String> positions) {
    GhostRows ghosts =
        new GhostRows(this.lake, this.hash, this.table, this.lake.positions(this.name));
    if (ghosts.areThere()) {
      this.lake.append(rows, this.name, this.context.runId(), positions);
      return;
    }
    Map<String, String> all = new LinkedHashMap<>(positions);
    all.putAll(ghosts.position());
    this.lake.append(
        rows.unionByName(ghosts.rows(this.context.asOf())), this.name, this.context.runId(), all);
  }

  private long inserted() {
    Snapshot snapshot = Objects.requireNonNull(this.lake.table(this.name).currentSnapshot());
    return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
  }

  /** What orders the rows of one key, where that matters. */
  private Optional<SourceOrder> order() {
    return SourceOrder.of(this.table, this.views);
  }

  private void checkSent(StagedRows.Counts counts) {
    if (counts.unsent() > 0) {
      throw new DataException(
          "Cannot load %s: %d rows lack a value that the source did not send because an update left it unchanged (PostgreSQL: ALTER TABLE … REPLICA IDENTITY FULL, then land the table anew%s)"
              .formatted(
                  this.name,
                  counts.unsent(),
                  this.table instanceof Satellite satellite
                          && satellite.form().equals(SatelliteForm.PLAIN)
                          && !satellite.carries()
                      ? "; or, if no change can be missing, unsent = carry in the satellite's model"
                      : ""));
    }
  }

  /** Refuses a session in which values have other texts. */
  static void checkSession(Lake lake) {
    checkSetting(lake, "spark.sql.session.timeZone", "UTC");
    checkSetting(lake, "spark.sql.ansi.enabled", "true");
  }

  private static void checkSetting(Lake lake, String setting, String value) {
    String found = lake.spark().conf().get(setting);
    if (!value.equals(found)) {
      throw new DataException(
          "Cannot load the vault with %s = %s (must be %s: hashes depend on it)"
              .formatted(setting, found, value));
    }
  }
}
