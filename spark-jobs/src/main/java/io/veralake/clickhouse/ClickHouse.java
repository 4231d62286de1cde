package io.veralake.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.command.CommandSettings;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.veralake.lake.DataException;
import io.veralake.spec.Engine;
import io.veralake.spec.Secret;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One ClickHouse server over HTTP. Thread-safe. Every failure is a {@link DataException} that names
 * the server, repeats what it said, and says what to do; {@link #errorCode} tells ClickHouse's own
 * code.
 */
public final class ClickHouse implements AutoCloseable {
  /** Rows that {@link #rows} gives at most: its results are meant to be small. */
  private static final int MOST_ROWS = 1_000_000;

  private final Client client;
  private final Engine.ClickHouseServer server;
  private final ServerError errors;

  private ClickHouse(Client client, Engine.ClickHouseServer server) {
    this.client = client;
    this.server = server;
    this.errors = new ServerError(server);
  }

  /** A connection to {@code server}, which has answered a first query. */
  public static ClickHouse connect(Engine.ClickHouseServer server) {
    ClickHouse clickHouse = new ClickHouse(client(server), server);
    try {
      clickHouse.rows("SELECT 1");
    } catch (DataException e) {
      clickHouse.close();
      throw e;
    }
    return clickHouse;
  }

  private static Client client(Engine.ClickHouseServer server) {
    try {
      return new Client.Builder()
          .addEndpoint(URI.create(server.url()).toString())
          .setUsername(server.user())
          .setPassword(server.password().value())
          .setConnectTimeout(10, ChronoUnit.SECONDS)
          .setKeepAliveTimeout(5, ChronoUnit.SECONDS)
          .setMaxConnections(32)
          .setClientName("veralake")
          .compressServerResponse(true)
          .useAsyncRequests(false)
          .build();
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "Invalid URL of ClickHouse: "
              + server.url()
              + " (engine.clickhouse.url must be the HTTP interface, such as http://localhost:8123)",
          e);
    }
  }

  /** The server. */
  public Engine.ClickHouseServer server() {
    return this.server;
  }

  /** ClickHouse's error code behind {@code failure}; -1 if the server didn't send one. */
  public static int errorCode(Throwable failure) {
    return ServerError.code(failure);
  }

  /** {@code secret} quoted for a statement; from now on messages about this server hide it. */
  public String literal(Secret secret) {
    this.errors.hide(secret.value());
    this.errors.hide(Sql.literal(secret.value()));
    return Sql.literal(secret.value());
  }

  /** Runs a statement that gives no rows, to its end. */
  public void execute(String sql) {
    this.execute(sql, Map.of());
  }

  /** Runs a statement that gives no rows, to its end, under server {@code settings}. */
  public void execute(String sql, Map<String, String> settings) {
    CommandSettings command = new CommandSettings();
    command.serverSetting("wait_end_of_query", "1");
    settings.forEach(command::serverSetting);
    try {
      this.await(this.client.execute(sql, command), sql).close();
    } catch (DataException e) {
      throw e;
    } catch (Exception e) {
      throw this.errors.of(sql, e);
    }
  }

  /** All rows of a query with a small result, as text, null for {@code NULL}. */
  public List<List<@Nullable String>> rows(String sql) {
    QuerySettings settings = settings().waitEndOfQuery(true);
    settings.setFormat(ClickHouseFormat.TabSeparated);
    settings.serverSetting("max_result_rows", Integer.toString(MOST_ROWS));
    try (QueryResponse response = this.await(this.client.query(sql, settings), sql);
        InputStream body = response.getInputStream()) {
      return TabSeparated.rows(body.readAllBytes());
    } catch (DataException e) {
      throw e;
    } catch (Exception e) {
      throw this.errors.of(sql, e);
    }
  }

  /** The one value of a query with one row and one column, never {@code NULL}. */
  public String value(String sql) {
    List<List<@Nullable String>> rows = this.rows(sql);
    String value = rows.size() == 1 && rows.get(0).size() == 1 ? rows.get(0).get(0) : null;
    if (value == null) {
      throw new IllegalStateException("Not one value: " + rows + " of " + sql);
    }
    return value;
  }

  /**
   * The body that a query with a {@code FORMAT} of its own gives; the caller closes it. A failure
   * in mid-stream is an {@link IOException} of the stream.
   */
  public InputStream stream(String sqlWithFormat) {
    try {
      QueryResponse response =
          this.await(this.client.query(sqlWithFormat, settings()), sqlWithFormat);
      return new FilterInputStream(response.getInputStream()) {
        @Override
        public void close() throws IOException {
          try (response) {
            super.close();
          } catch (IOException e) {
            throw e;
          } catch (Exception e) {
            throw new IOException(e);
          }
        }
      };
    } catch (DataException e) {
      throw e;
    } catch (Exception e) {
      throw this.errors.of(sqlWithFormat, e);
    }
  }

  /**
   * Appends {@code body} to {@code table} (a quoted name) as one insert: all of it or nothing for a
   * block of up to a million rows. A second insert with the same {@code deduplicationToken} (empty:
   * none) is ignored as far as the table's deduplication window reaches.
   */
  public void insert(
      String table,
      List<String> columns,
      String format,
      String deduplicationToken,
      InputStream body) {
    this.insert(table, columns, format, deduplicationToken, body::transferTo);
  }

  /** What an insert sends; written once more if the request has to be repeated. */
  @FunctionalInterface
  public interface Body {
    /** Writes all of it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** As the other one, with a body that is written when it is needed, possibly more than once. */
  public void insert(
      String table, List<String> columns, String format, String deduplicationToken, Body body) {
    InsertSettings settings = new InsertSettings();
    if (!deduplicationToken.isEmpty()) {
      settings.setDeduplicationToken(deduplicationToken);
      settings.serverSetting("insert_deduplicate", "1");
    }
    settings.serverSetting("async_insert", "0");
    settings.serverSetting("wait_end_of_query", "1");
    settings.compressClientRequest(true);
    List<String> quoted = columns.stream().map(Sql::identifier).toList();
    String what = "INSERT INTO " + table;
    try (InsertResponse response =
        this.await(
            this.client.insert(
                table, quoted, body::writeTo, ClickHouseFormat.valueOf(format), settings),
            what)) {
      response.getWrittenRows();
    } catch (DataException e) {
      throw e;
    } catch (Exception e) {
      throw this.errors.of(what, e);
    }
  }

  @Override
  public void close() {
    this.client.close();
  }

  private <T> T await(Future<T> answer, String sql) throws ExecutionException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for ClickHouse: " + sql, e);
    }
  }

  private static QuerySettings settings() {
    return new QuerySettings();
  }
}
