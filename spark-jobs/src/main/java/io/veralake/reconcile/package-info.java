/** Stage or part: reconcile. */
@NullMarked
package io.veralake.reconcile;

import org.jspecify.annotations.NullMarked;
