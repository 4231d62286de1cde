/**
 * The mart stage: {@code vault.*} and earlier marts in, {@code mart.*} out.
 *
 * <p>A mart is recomputed for the keys that the night changed; the partitions that thereby differ
 * are overwritten on branch {@code audit}, checked, and become visible by one fast-forward of the
 * main branch, which carries the positions of all inputs. A run without news commits nothing; a run
 * that was killed anywhere and repeated gives what a clean run gives. An incremental build and a
 * full one give equal rows.
 */
@NullMarked
package io.veralake.mart;

import org.jspecify.annotations.NullMarked;
