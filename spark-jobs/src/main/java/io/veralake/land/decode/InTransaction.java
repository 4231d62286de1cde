package io.veralake.land.decode;

/**
 * Which of a table's changes in a transaction a change is, as the connector counts them.
 *
 * @param id the transaction's
 * @param table the table, as the change names it
 * @param order 1 for the table's first change in the transaction
 */
public record InTransaction(String id, String table, long order) {}
