/**
 * The documentation of a model: a folder of pages that needs no server and nothing from elsewhere.
 * It says what the model declares, what Spark understands of its SQL and what the lake's metadata
 * tell; it holds no row of a table, no address and no secret.
 */
@NullMarked
package io.veralake.docs;

import org.jspecify.annotations.NullMarked;
