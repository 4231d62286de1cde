/**
 * What lies in files, record by record: containers of rows (Avro, Parquet), documents that follow
 * each other, and what has to be undone before records can be told apart (compression, encodings).
 *
 * <p>Text is kept byte for byte where it can't be landed. Containers compress and rearrange their
 * records, so that "byte for byte" means for them: an Avro record is kept as its datum, which with
 * the file's schema beside it is all that the file says of it; a row of a Parquet file as a Parquet
 * file of that one row; a block that can't be decoded as the file holds it.
 */
@NullMarked
package io.veralake.land.files;

import org.jspecify.annotations.NullMarked;
