package io.veralake.land.decode;

/**
 * Which binlog a change was read from, as far as its envelope tells.
 *
 * @param name of the binlog's files, without their numbers
 * @param server id of the server that made the change; 0: not told, as in snapshots
 * @param sent when the connector sent it, by its own clock, milliseconds since the epoch; -1: not
 *     told
 */
public record Binlog(String name, long server, long sent) {}
