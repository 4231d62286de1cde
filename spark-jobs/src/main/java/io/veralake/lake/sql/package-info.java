/** SQL of models, judged by Spark's own parser and analyser without a session. */
@NullMarked
package io.veralake.lake.sql;

import org.jspecify.annotations.NullMarked;
