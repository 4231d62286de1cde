/**
 * The only package that speaks ClickHouse: statements, queries, streams of rows, its SQL dialect.
 */
@NullMarked
package io.veralake.clickhouse;

import org.jspecify.annotations.NullMarked;
