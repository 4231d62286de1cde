/** Stage or part: land. */
@NullMarked
package io.veralake.land;

import org.jspecify.annotations.NullMarked;
