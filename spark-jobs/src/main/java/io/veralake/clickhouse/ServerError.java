package io.veralake.clickhouse;

import com.clickhouse.client.api.ServerException;
import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Turns a failed request into a message that says what, where, and what to do. Secrets that occur
 * in the server's words are masked.
 */
final class ServerError {
  private static final int LONGEST_STATEMENT = 300;

  private final Engine.ClickHouseServer server;
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  ServerError(Engine.ClickHouseServer server) {
    this.server = server;
    this.hide(server.password().value());
  }

  /** Hides {@code secret} in messages from now on. */
  void hide(String secret) {
    if (!secret.isEmpty()) {
      this.secrets.add(secret);
    }
  }

  /** The failure of {@code sql}. */
  DataException of(String sql, Throwable failure) {
    Throwable known = known(failure);
    if (!(known instanceof ServerException said)) {
      return new DataException(
          "Cannot reach ClickHouse at "
              + this.server.url()
              + ": "
              + this.masked(root(failure))
              + " (start the server, or set engine.clickhouse.url to its HTTP interface)");
    }
    return new DataException(
        "Failed at ClickHouse "
            + this.server.url()
            + " as user "
            + this.server.user()
            + ": "
            + this.masked(String.valueOf(said.getMessage()).strip())
            + this.advice(said.getCode())
            + ", statement: "
            + this.masked(shortened(sql)),
        new CodedException(said.getCode()));
  }

  /** ClickHouse's code of a failure made here, -1 for one without. */
  static int code(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CodedException coded) {
        return coded.code;
      }
    }
    return -1;
  }

  private String advice(int code) {
    return switch (code) {
      case 516, 193, 194 ->
          " (wrong user or password: set engine.clickhouse.user and engine.clickhouse.password)";
      case 497 ->
          " (missing right: the user needs SELECT, INSERT, ALTER, CREATE, DROP on the star's two"
              + " databases and CREATE DATABASE, see docs/operations.md)";
      case 243 -> " (the server's disk is full: free space there, then run again)";
      case 164 -> " (the user is read-only: set engine.clickhouse.user to one that may write)";
      case 241 -> " (the server ran out of memory: raise max_memory_usage for the user)";
      case 291 -> " (the user may not read files or URLs: use write-path = push)";
      default -> "";
    };
  }

  private String masked(String text) {
    String own = text;
    for (String hidden : this.secrets) {
      own = own.replace(hidden, "***");
    }
    return own;
  }

  private static String shortened(String sql) {
    String line = sql.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST_STATEMENT ? line : line.substring(0, LONGEST_STATEMENT) + "…";
  }

  private static Throwable known(Throwable failure) {
    Set<Throwable> seen = new HashSet<>();
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof ServerException) && seen.add(cause)) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String root(Throwable failure) {
    Throwable cause = known(failure);
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }

  /** The code alone: the server's own exception may repeat the statement with its secrets. */
  private static final class CodedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    CodedException(int code) {
      super("ClickHouse error " + code, null, false, false);
      this.code = code;
    }
  }
}
