package io.veralake.vault;

/**
 * What became of one table's hashes.
 *
 * @param table name of the vault table
 * @param rows its rows; 0 if its hashes are as they are configured already
 * @param keys different hash keys, as many before as after
 */
public record Rehashed(String table, long rows, long keys) {}
