package io.veralake.lake.lookup;

import java.io.Serializable;

/**
 * A range of bytes of a data file; the row groups whose middle lies in it are read.
 *
 * @param location the file
 * @param size its length in bytes
 * @param from the range's first byte
 * @param to the byte after its last
 */
record FilePart(String location, long size, long from, long to) implements Serializable {}
