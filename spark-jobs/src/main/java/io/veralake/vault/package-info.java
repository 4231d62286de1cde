/** Stage or part: vault. */
@NullMarked
package io.veralake.vault;

import org.jspecify.annotations.NullMarked;
