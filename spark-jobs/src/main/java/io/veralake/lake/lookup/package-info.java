/**
 * Reads the few rows of a large table whose key is among given ones, without a join.
 *
 * <p>A night changes one key in a hundred, at random: every page of the key column of a vault table
 * has some of them, so no index or statistics can leave a page unread. What can be saved is what is
 * done for each row. A join decodes every column of every row and puts each key through a hash
 * table of rows. Here the keys of the night go to all tasks as one array. A task reads the key
 * column alone, page by page, as the bytes that Parquet stores, and looks up each key's first and
 * last eight bytes; of the other columns it decodes only the values of rows that were found, and
 * passes over the others as bytes. Row groups without a row that was found aren't read further, and
 * files whose bounds exclude all keys aren't opened.
 */
@NullMarked
package io.veralake.lake.lookup;

import org.jspecify.annotations.NullMarked;
