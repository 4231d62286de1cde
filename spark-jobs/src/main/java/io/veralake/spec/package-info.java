/**
 * What is declared: HOCON in, immutable records out. Every rule that can be checked without data is
 * checked here, before Spark starts, and every violation is reported at once with its file and
 * line. Uses no Spark, Iceberg or ClickHouse class.
 */
@NullMarked
package io.veralake.spec;

import org.jspecify.annotations.NullMarked;
