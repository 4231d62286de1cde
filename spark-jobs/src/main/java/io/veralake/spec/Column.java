package io.veralake.spec;

import java.io.Serializable;

/**
 * A declared column.
 *
 * @param name lower-case letters, digits and underscores, starting with a letter
 * @param type its type
 */
public record Column(String name, ColumnType type) implements Serializable {}
