/**
 * A simulated online store: a perfect change log as files, an imperfect stream in ClickHouse, and
 * the list of the stream's faults.
 *
 * <p>Everything follows from a seed: the same seed and scale give byte-equal files and equal rows.
 * Time is simulated too; a day ends when its night starts, five minutes after midnight. A rerun of
 * a day leaves its files as they are and replaces its stream rows.
 */
@NullMarked
package io.veralake.demo.store;

import org.jspecify.annotations.NullMarked;
