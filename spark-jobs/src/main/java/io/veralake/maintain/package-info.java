/**
 * What keeps tables fast and small without changing what they say: compaction, expiry of snapshots,
 * removal of files that nothing names; and the names by which past nights can be read.
 */
@NullMarked
package io.veralake.maintain;

import org.jspecify.annotations.NullMarked;
