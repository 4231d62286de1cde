package io.veralake.vault;

/**
 * What one filling of a join did.
 *
 * @param name of the stage
 * @param read rows that were new
 * @param joined rows that met their partners now, whenever they came
 * @param waiting rows that wait for a partner after it
 * @param partners partners that became known
 */
public record Prejoined(String name, long read, long joined, long waiting, long partners) {}
