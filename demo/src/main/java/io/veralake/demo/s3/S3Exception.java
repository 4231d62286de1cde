package io.veralake.demo.s3;

/** Says what an object store refused, or that it can't be reached. */
public final class S3Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  S3Exception(String message) {
    super(message);
  }

  S3Exception(String message, Throwable cause) {
    super(message, cause);
  }
}
