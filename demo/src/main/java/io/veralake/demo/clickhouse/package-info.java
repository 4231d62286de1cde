/**
 * A real ClickHouse server for machines without Docker: the engine's shared library, fetched once,
 * in a process of its own.
 *
 * <p>{@link io.veralake.demo.clickhouse.EmbeddedClickHouse} is what callers use. It serves on
 * 127.0.0.1 only, keeps its data in one folder, and is meant for quickstart and tests: CREATE USER,
 * Keeper and replicated tables are missing from this build of the engine.
 */
@NullMarked
package io.veralake.demo.clickhouse;

import org.jspecify.annotations.NullMarked;
