/** Stage or part: run. */
@NullMarked
package io.veralake.run;

import org.jspecify.annotations.NullMarked;
