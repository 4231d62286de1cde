package io.veralake.demo.clickhouse;

/** Says why the embedded ClickHouse can't be had, and what to do about it. */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message that is shown to people as it is. */
  public ServerException(String message) {
    super(message);
  }

  /** With a message that is shown to people as it is, and the failure below it. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
