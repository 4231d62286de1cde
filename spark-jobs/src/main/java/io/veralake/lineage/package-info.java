/**
 * Which columns each column of the model comes from, and which ones decide about it or about which
 * rows there are: of vault tables as their sources are declared, of marts as Spark understands
 * their SQL. Needs no table: marts are analysed over empty views.
 */
@NullMarked
package io.veralake.lineage;

import org.jspecify.annotations.NullMarked;
