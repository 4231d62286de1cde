package io.veralake.land.rest;

import java.io.Serializable;

/**
 * A record of a page.
 *
 * @param document as it is landed
 * @param offset where it begins in the page
 */
public record Item(byte[] document, long offset) implements Serializable {}
