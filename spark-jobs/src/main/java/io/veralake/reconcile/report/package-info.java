/**
 * The night's report for people: plain data in, one HTML page out that needs nothing else. Knows no
 * Spark and no ClickHouse.
 */
@NullMarked
package io.veralake.reconcile.report;

import org.jspecify.annotations.NullMarked;
