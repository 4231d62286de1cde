/**
 * Stage 4: {@code mart.*} against the streaming layer's tables in ClickHouse, giving {@code
 * recon.discrepancy} (a row each, with its cause), {@code recon.restatement} (the ledger) and
 * {@code recon.summary}, all three mirrored in ClickHouse's database {@code recon}, and the night's
 * report.
 *
 * <p>Both sides are read up to one watermark; keys that changed after it, on either side, are in
 * flight and not compared. A rerun of the same as-of replaces its rows, each table in one commit,
 * the summary last: a reconciliation without a summary never happened, and the next one starts from
 * the last summary.
 *
 * <p>Invariant, checked before anything is written: for each partition and measure streamed + Σ
 * causes = corrected, exactly. The two ends are aggregates that each engine computed apart from the
 * rows that were judged.
 */
@NullMarked
package io.veralake.reconcile;

import org.jspecify.annotations.NullMarked;
