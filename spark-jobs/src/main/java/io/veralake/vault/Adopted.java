package io.veralake.vault;

/**
 * What the adoption of one table found.
 *
 * @param table name of the vault table
 * @param rows its rows; 0 if there was nothing to adopt
 * @param checked rows whose hashes were computed anew and compared
 * @param different of these, rows of a satellite whose hashdiff isn't that of the declared text and
 *     columns: the list of columns was another one when they were written
 * @param ties keys that have several versions of one time, whose order nobody knows any more
 */
public record Adopted(String table, long rows, long checked, long different, long ties) {}
