/** A small S3 client without dependencies: buckets, files up, objects down. */
@NullMarked
package io.veralake.demo.s3;

import org.jspecify.annotations.NullMarked;
