/** Stage or part: mart. */
@NullMarked
package io.veralake.mart;

import org.jspecify.annotations.NullMarked;
