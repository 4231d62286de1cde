/**
 * Figures that readers doubt: a table of ClickHouse that dashboards write to, and what the next
 * night answers.
 */
@NullMarked
package io.veralake.flag;

import org.jspecify.annotations.NullMarked;
