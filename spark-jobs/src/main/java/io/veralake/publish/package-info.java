/** Stage or part: publish. */
@NullMarked
package io.veralake.publish;

import org.jspecify.annotations.NullMarked;
