package io.veralake.land.decode;

import org.apache.spark.sql.types.DataType;

/**
 * A column as the schema of an envelope declares it.
 *
 * @param name its name
 * @param type the type that it lands as
 * @param required whether it is never null in a row after a change
 * @param reader reads its values
 */
record SourceColumn(String name, DataType type, boolean required, ValueReader reader) {}
