/** Command line of the demo: each subcommand in a class of its own. */
@NullMarked
package io.veralake.demo;

import org.jspecify.annotations.NullMarked;
