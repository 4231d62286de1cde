/**
 * Loads {@code vault.*} from what {@code raw.*} has that it hasn't consumed: hubs, links,
 * non-historised links and satellites, insert-only.
 *
 * <p><b>Increments.</b> A load reads the raw rows between the snapshot that the vault table names
 * in its own commit and the raw table's current one, and names the latter in the commit of the new
 * rows: data and position can't disagree. A load killed before its commit has done nothing; one
 * repeated finds no new snapshot and reads nothing.
 *
 * <p><b>Observations.</b> A raw row is an observation of one key: its values, or that it is gone (a
 * delete). An update that changes the key is also the observation that the old key is gone. A
 * truncate is the observation, of every key that its source knew before it, that it is gone. A raw
 * row that names no key (a business key column is null or unreadable) is skipped and counted. The
 * observations {@code O(k)} of a key have a total order: source position, commit time, record
 * source, hashdiff; if a satellite's sources are of several systems, whose positions don't compare,
 * commit time comes first. Two observations equal in all of these are one.
 *
 * <p><b>Satellites.</b> {@code C(k)}, the <i>changes</i>, are the observations whose hashdiff isn't
 * that of the observation before them; they are what the history view shows. A load keeps this
 * invariant: <b>{@code C(k)} ⊆ stored rows of k ⊆ {@code O(k)}</b>. It is enough, because the view
 * collapses equal neighbours again: a stored row that isn't a change lies in a run of equal
 * observations whose first is a change, so stored, and collapses into it; a stored change has the
 * run before it represented by that run's first, which is stored and differs.
 *
 * <p>How a load keeps it, for the new observations {@code N}:
 *
 * <ul>
 *   <li>All of {@code N} come after everything consumed (told by the high-water mark in the table's
 *       commit): an observation in {@code N} is a change if it differs from its neighbour in
 *       (stored ∪ N), since the last stored row has the last observation's hashdiff.
 *   <li>Some are late: an observation dropped earlier as unchanged may be a change now. Let {@code
 *       m} be the place of the first late one. The observations of the late keys from {@code m} on
 *       are read again from raw, {@code R}. Before {@code m} nothing changed, and the last stored
 *       row before {@code m} has the right hashdiff; from {@code m} on all observations are in
 *       {@code N ∪ R}; so the changes are found among neighbours in (stored ∪ N ∪ R). Those not
 *       stored yet are appended.
 *   <li>A truncate in {@code N} makes every key late. Truncates consumed earlier give their
 *       observations again, from {@code m} on, for late keys whose first observation is before
 *       them.
 * </ul>
 *
 * <p>One window per load finds the changes: partitioned by key, ordered as above, stored rows
 * before equal ones. Stored rows are read without their payload and for the night's keys only.
 *
 * <p><b>Other satellites</b> are the same with other words. What has versions of its own is a
 * <i>unit</i>: a key, a member of one, a driving key. Each observation takes the unit from one
 * state to the next, {@code C} are those that change it. The invariant is enough for the same
 * reason: an observation that changes nothing can be there or not, and the state that a stored row
 * meets is what it would meet among all. Which state follows is said once, as SQL, for views and
 * loads ({@link io.veralake.lake.VersionRules}): of effectivity satellites an observation that a
 * link ended changes nothing unless the driving key points to that link; of status satellites one
 * that a key was seen changes nothing after an update. Where rows are a set together, the state of
 * a place is the union of all its rows: a part of one that was stored is passed over once the whole
 * is, and the whole is stored even if it equals the set before.
 *
 * <p><b>Ghost records</b> are appended in the commit that says that they are there.
 *
 * <p><b>Point-in-time tables</b> are made from the satellites alone, see {@link PitStep},
 * <b>bridges</b> from links, hubs and the satellites that say which of their keys were there, see
 * {@link BridgeStep}; both by the moves of {@link SnapshotMoves}.
 *
 * <p><b>Equal hashes.</b> Hubs and links compare what they hold of a night's keys with what the
 * night says, not the hashes alone, see {@link HashCollision}.
 *
 * <p><b>Hubs and links</b> grow by the keys that they don't hold. Deletes and old keys are
 * observations too: a key once named is in its hub. <b>Non-historised links</b> and satellites keep
 * of each key the first row in order; deletes don't touch them. A late row that precedes the stored
 * one takes its place, see {@link EventLoad}.
 *
 * <p>In each case the answer depends on the set of raw rows, not on how they were split, ordered or
 * repeated; {@code load_time} and the {@code record_source} of hubs and links aside.
 */
@NullMarked
package io.veralake.vault;

import org.jspecify.annotations.NullMarked;
