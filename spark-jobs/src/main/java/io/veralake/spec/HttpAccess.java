package io.veralake.spec;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a server is spoken to by HTTP.
 *
 * @param auth how it is told who asks
 * @param rate requests a second; 0: as fast as they are answered
 * @param timeout for one answer, whole
 * @param attempts for one request, before it is given up
 * @param backOff wait before the second attempt, doubled before each further one
 * @param giveUp longest time for one request with all its attempts
 */
public record HttpAccess(
    Auth auth, double rate, Duration timeout, int attempts, Duration backOff, Duration giveUp)
    implements Serializable {
  /** What connections have that say nothing of it. */
  public static final HttpAccess DEFAULT =
      new HttpAccess(
          Auth.NONE, 0, Duration.ofMinutes(1), 6, Duration.ofSeconds(1), Duration.ofMinutes(30));

  /** Ways to say who asks; the word in a configuration is the lower-case name with dashes. */
  public enum AuthKind {
    /** Nobody asks. */
    NONE,
    /** The secret is a header of its own. */
    HEADER,
    /** The secret is a query parameter. */
    QUERY,
    /** {@code Authorization: Bearer}. */
    BEARER,
    /** {@code Authorization: Basic}, with the connection's user and password. */
    BASIC,
    /** A token that a token server gives for a client's id and secret. */
    OAUTH2_CLIENT_CREDENTIALS
  }

  /**
   * Who asks.
   *
   * @param kind the way
   * @param name of the header or the query parameter
   * @param secret the header's or parameter's value, the token, or the client's secret
   * @param tokenUrl address of the token server
   * @param clientId the client
   * @param scope what the token is for; empty: the server's default
   */
  public record Auth(
      AuthKind kind, String name, Secret secret, String tokenUrl, String clientId, String scope)
      implements Serializable {
    /** Nobody. */
    public static final Auth NONE = new Auth(AuthKind.NONE, "", Secret.NONE, "", "", "");
  }
}
