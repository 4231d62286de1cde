package io.veralake.catalog;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps two nights apart that would work on the same lake. The lock is kept in properties of the
 * table {@code ops.night_lock} and taken by a commit that also moves the table's main branch: of
 * two commits that move it from the same snapshot every catalog lets only one in, while a REST
 * catalog would merge two that only set properties. It is a lease, renewed while its holder lives:
 * a lock whose holder died is free again once the lease has run out, and at once if the holder was
 * a process of this machine that is gone.
 */
public final class NightLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NightLock.class);
  private static final Duration LEASE = Duration.ofMinutes(3);
  private static final Duration RENEWAL = Duration.ofSeconds(45);
  private static final String HOLDER = "veralake.lock.run";
  private static final String HOST = "veralake.lock.host";
  private static final String PROCESS = "veralake.lock.process";
  private static final String UNTIL = "veralake.lock.until";
  private static final String SINCE = "veralake.lock.since";
  private static final TableIdentifier TABLE = TableIdentifier.of("ops", "night_lock");

  private final TableOperations operations;
  private final String runId;
  private final InstantSource clock;
  private final ScheduledExecutorService renewal;

  private NightLock(TableOperations operations, String runId, InstantSource clock) {
    this.operations = operations;
    this.runId = runId;
    this.clock = clock;
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "night-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the lock.
   *
   * @throws NightRunningException if another run that lives holds it; names that run, its machine
   *     and since when
   */
  public static NightLock acquire(Catalog catalog, String runId, InstantSource clock) {
    TableOperations operations = lockTable(catalog);
    for (; ; ) {
      TableMetadata base = operations.refresh();
      refuseIfHeld(base.properties(), clock.instant());
      NightLock lock = new NightLock(operations, runId, clock);
      Optional<Snapshot> next = mark(operations, base);
      if (next.isEmpty()) {
        continue;
      }
      Snapshot mark = next.get();
      try {
        operations.commit(
            base,
            TableMetadata.buildFrom(base)
                .setBranchSnapshot(mark, SnapshotRef.MAIN_BRANCH)
                .removeSnapshots(base.snapshots())
                .setProperties(lock.held(base.properties(), clock.instant()))
                .build());
        lock.forget(base.snapshots());
        lock.renewal.scheduleAtFixedRate(
            lock::renew, RENEWAL.toSeconds(), RENEWAL.toSeconds(), TimeUnit.SECONDS);
        return lock;
      } catch (CommitFailedException e) {
        LOG.debug("Another run took the lock first, looking again", e);
        lock.forget(List.of(mark));
      }
    }
  }

  /**
   * An empty snapshot that follows on that of {@code base}; empty if {@code base} is no longer the
   * table: whoever took the lock since has deleted the files of that snapshot.
   */
  private static Optional<Snapshot> mark(TableOperations operations, TableMetadata base) {
    try {
      return Optional.of(new BaseTable(operations, TABLE.toString()).newFastAppend().apply());
    } catch (NotFoundException e) {
      if (base.metadataFileLocation().equals(operations.refresh().metadataFileLocation())) {
        throw e;
      }
      LOG.debug("Another run took the lock first, looking again", e);
      return Optional.empty();
    }
  }

  /** Deletes the files of snapshots that are no longer part of the table. */
  private void forget(List<Snapshot> snapshots) {
    for (Snapshot snapshot : snapshots) {
      try {
        this.operations.io().deleteFile(snapshot.manifestListLocation());
      } catch (RuntimeException e) {
        LOG.debug("Failed to delete {}, which holds nothing", snapshot.manifestListLocation(), e);
      }
    }
  }

  private static TableOperations lockTable(Catalog catalog) {
    if (!catalog.tableExists(TABLE)) {
      if (catalog instanceof SupportsNamespaces namespaces
          && !namespaces.namespaceExists(Namespace.of("ops"))) {
        try {
          namespaces.createNamespace(Namespace.of("ops"));
        } catch (AlreadyExistsException e) {
          LOG.debug("Namespace ops was created meanwhile", e);
        }
      }
      try {
        catalog
            .buildTable(
                TABLE, new Schema(Types.NestedField.optional(1, "unused", Types.StringType.get())))
            .withProperty("write.metadata.delete-after-commit.enabled", "true")
            .withProperty("write.metadata.previous-versions-max", "5")
            .create();
      } catch (AlreadyExistsException e) {
        LOG.debug("Table {} was created meanwhile", TABLE, e);
      }
    }
    return ((HasTableOperations) catalog.loadTable(TABLE)).operations();
  }

  /**
   * The run that works on the lake of {@code catalog}, its machine and since when; empty if none
   * that lives.
   */
  public static Optional<String> holder(Catalog catalog) {
    if (!catalog.tableExists(TABLE)) {
      return Optional.empty();
    }
    Map<String, String> properties = catalog.loadTable(TABLE).properties();
    return properties.get(HOLDER) == null || gone(properties)
        ? Optional.empty()
        : Optional.of(
            "run %s since %s on %s (process %s), its lease runs until %s"
                .formatted(
                    properties.get(HOLDER),
                    properties.get(SINCE),
                    properties.get(HOST),
                    properties.get(PROCESS),
                    properties.get(UNTIL)));
  }

  private static void refuseIfHeld(Map<String, String> properties, Instant now) {
    String holder = properties.get(HOLDER);
    if (holder == null || now.isAfter(Instant.parse(properties.get(UNTIL))) || gone(properties)) {
      return;
    }
    throw new NightRunningException(
        "Cannot start: run "
            + holder
            + " has been working on this lake since "
            + properties.get(SINCE)
            + " on "
            + properties.get(HOST)
            + " (process "
            + properties.get(PROCESS)
            + "); wait until it has ended, or until its lease runs out at "
            + properties.get(UNTIL)
            + " if it is gone");
  }

  /** Whether the holder was a process of this machine that isn't there any more. */
  private static boolean gone(Map<String, String> properties) {
    return host().equals(properties.get(HOST))
        && ProcessHandle.of(Long.parseLong(properties.get(PROCESS)))
            .map(handle -> !handle.isAlive())
            .orElse(true);
  }

  private Map<String, String> held(Map<String, String> properties, Instant now) {
    Map<String, String> result = new HashMap<>(properties);
    result.put(HOLDER, this.runId);
    result.put(HOST, host());
    result.put(PROCESS, Long.toString(ProcessHandle.current().pid()));
    result.put(UNTIL, now.plus(LEASE).toString());
    if (!this.runId.equals(properties.get(HOLDER))) {
      result.put(SINCE, now.toString());
    }
    return result;
  }

  private synchronized void renew() {
    try {
      TableMetadata base = this.operations.refresh();
      if (this.runId.equals(base.properties().get(HOLDER))) {
        this.operations.commit(
            base, base.replaceProperties(this.held(base.properties(), this.clock.instant())));
      } else {
        LOG.error(
            "Run {} lost the lock of the lake to {}", this.runId, base.properties().get(HOLDER));
      }
    } catch (RuntimeException e) {
      LOG.warn("Failed to renew the lock of run {}; trying again in {}", this.runId, RENEWAL, e);
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    this.renewal.shutdownNow();
    synchronized (this) {
      TableMetadata base = this.operations.refresh();
      if (this.runId.equals(base.properties().get(HOLDER))) {
        Map<String, String> free = new HashMap<>(base.properties());
        free.keySet().removeIf(key -> key.startsWith("veralake.lock."));
        this.operations.commit(base, base.replaceProperties(free));
      }
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("This machine has no name", e);
      return "unknown";
    }
  }
}
