/**
 * Lists that servers give by HTTP, page by page: how they are asked for, what goes wrong on the
 * way, and which bytes of a page are a record. Knows no Spark and no tables.
 */
@NullMarked
package io.veralake.land.rest;

import org.jspecify.annotations.NullMarked;
