/**
 * Source files in, raw tables out: {@code raw.<name>} ({@link io.veralake.lake.RawColumns}) holds
 * every record once, {@code raw.quarantine} every record that can't be landed, byte for byte, with
 * the reason and its place. Both are only appended to.
 *
 * <p><b>Moves</b> of {@link io.veralake.land.LandStep}: list the folder and leave out the files
 * that the manifest knows; look at the files once, cheaply, for schemas and numbers of records;
 * make or evolve the raw table; decode every record, once; keep the bad ones; append the new ones
 * in a commit whose summary names the manifest (all landed files with size and time of change, in a
 * file below {@code _landed}), the system, the highest commit time and the counts. A run that is
 * killed and repeated equals a clean one: bad records come first and are not kept twice, rows and
 * manifest come in one commit, and a batch that is offered again is found to be there.
 *
 * <p><b>Counts.</b> read = appended + duplicate + quarantined. Tombstones are duplicates: they say
 * nothing that the delete before them doesn't. Transaction markers, logical messages and heartbeats
 * are no records of the table: they are skipped and counted apart. Empty lines are nothing. {@code
 * veralake.land.*} in a snapshot's summary are the batch's numbers: {@code row} (appended and
 * duplicates; {@code added-records} of the same snapshot says how many are new), {@code repeat},
 * {@code other}, {@code bad}, {@code files}.
 *
 * <p><b>Duplicates.</b> Two records are the same if position, operation, record source and all
 * values are the same. Same position and operation with other values, which no correct source
 * sends, are two rows: which of them came first can't be known, and to keep both is the only choice
 * that doesn't depend on the order of files; the vault's total order decides. Equal rows of a
 * snapshot of a table without a key are one row. Records of files without {@code order-by} have the
 * file's time and the record's number as position: a file that is written anew is a new dump. Only
 * those parts of the raw table are searched whose positions the batch touches.
 *
 * <p><b>What can't be held</b> is quarantined, never rounded or cut: infinite dates and times,
 * times outside the years 1 to 9999, nanoseconds, values that contradict their schema, a column
 * whose type changed in a way that Iceberg can't follow (the first type stays; which one is first
 * depends on what arrived first). Columns are added, int becomes bigint, float double, decimals get
 * more digits at the same scale. A value that the source didn't send (Debezium's placeholder for
 * unchanged large values) is null and its column is named in {@code _unavailable}.
 */
@NullMarked
package io.veralake.land;

import org.jspecify.annotations.NullMarked;
