/**
 * The command line, and what a run is: which steps, in which order, beside which others, on which
 * session, under which lock, with which account of it in {@code ops.runs} and {@code ops.landings}.
 * The only package that sees the stages.
 */
@NullMarked
package io.veralake.run;

import org.jspecify.annotations.NullMarked;
