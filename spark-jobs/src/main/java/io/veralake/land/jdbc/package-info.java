/**
 * Rows of databases over JDBC, each value as the text that the database itself writes, and the
 * moment at which they were true. Knows servers, no raw tables.
 */
@NullMarked
package io.veralake.land.jdbc;

import org.jspecify.annotations.NullMarked;
