package io.veralake.land.jdbc;

import io.veralake.lake.DataException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A database that models name.
 *
 * @param server the connection as it is declared
 * @param dialect what the database does differently
 */
public record Database(io.veralake.spec.Connection server, Dialect dialect)
    implements Serializable {
  /** The database behind {@code server}. */
  public static Database of(io.veralake.spec.Connection server) {
    if (!server.url().startsWith("jdbc:")) {
      throw new DataException(
          "Invalid url of connection %s: %s (jdbc:… for a table or a query)"
              .formatted(server.name(), address(server.url())));
    }
    return new Database(server, Dialect.of(server.url()));
  }

  /** Host, port and name of the database, without what may be secret. */
  public String address() {
    return address(this.server.url());
  }

  /** A new session in which values are written as {@link Dialect} says. */
  public Connection open() {
    try {
      Connection connection = this.connect();
      this.dialect.prepare(connection);
      return connection;
    } catch (SQLException e) {
      throw this.failure("Cannot connect to the database", e);
    }
  }

  /** What an operator is told when the database refuses. */
  public DataException failure(String what, SQLException e) {
    return new DataException(
        "%s of connection %s (%s): %s"
            .formatted(what, this.server.name(), this.address(), this.harmless(e)),
        e);
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.putAll(this.server.properties());
    if (!this.server.user().isEmpty()) {
      properties.put("user", this.server.user());
    }
    if (!this.server.password().value().isEmpty()) {
      properties.put("password", this.server.password().value());
    }
    this.dialect.settings().forEach(properties::put);
    String url = this.dialect.url(this.server.url());
    for (Driver driver : drivers()) {
      Connection connection = driver.acceptsURL(url) ? driver.connect(url, properties) : null;
      if (connection != null) {
        return connection;
      }
    }
    throw new DataException(
        "Missing driver for connection %s: %s (add its jar: spark-submit --jars, or VERALAKE_CLASSPATH)"
            .formatted(this.server.name(), this.address()));
  }

  /** Those of the program and those that were added to its run, which other class loaders hold. */
  private static Set<Driver> drivers() {
    Set<Driver> drivers = new LinkedHashSet<>(Collections.list(DriverManager.getDrivers()));
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    ServiceLoader.load(Driver.class, loader).forEach(drivers::add);
    return drivers;
  }

  private String harmless(SQLException e) {
    String message = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    Throwable cause = e.getCause();
    if (cause != null && cause.getMessage() != null && !message.contains(cause.getMessage())) {
      message = message + " " + cause.getMessage();
    }
    String password = this.server.password().value();
    return password.isEmpty() ? message : message.replace(password, "***");
  }

  private static String address(String url) {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }
}
