/**
 * Corrected marts into ClickHouse: {@code mart.*} and the snapshots they were last published from →
 * tables of database {@code <star>_data}, public and live views of database {@code <star>}.
 *
 * <p>A publication is a <b>generation</b> of all tables of a star. Each partition of a data table
 * lies there in versions (column {@code _version}); a generation's pointers tell which version of
 * which partition belongs to it. Only partitions whose data changed are loaded, into private
 * staging tables, verified there against Iceberg, and attached without copying. One row appended to
 * {@code switches} makes the whole generation visible. A view evaluates the current generation once
 * a query and before it looks at any data, so that a query sees one generation, wherever it joins.
 *
 * <p>A rerun after a crash drops what the crashed run left, which nobody could see, and begins
 * again. A run without changes makes no generation.
 */
@NullMarked
package io.veralake.publish;

import org.jspecify.annotations.NullMarked;
