/**
 * Iceberg without Spark: catalogs by configuration, positions in snapshot summaries, the lock that
 * keeps two nights apart.
 */
@NullMarked
package io.veralake.catalog;

import org.jspecify.annotations.NullMarked;
