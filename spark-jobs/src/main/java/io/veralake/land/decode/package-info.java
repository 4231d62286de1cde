/**
 * From the bytes of one record to the values that a raw table holds, exactly, or to the reason why
 * not. Knows formats and types, no files, no sessions, no tables.
 */
@NullMarked
package io.veralake.land.decode;

import org.jspecify.annotations.NullMarked;
