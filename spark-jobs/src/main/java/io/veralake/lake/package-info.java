/**
 * What the stages share: the lake that one run works on, the names of columns, the run's context,
 * and the two ways in which data stop a run.
 */
@NullMarked
package io.veralake.lake;

import org.jspecify.annotations.NullMarked;
