package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.Connection;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * A server that is asked until it answers: what passes by itself (too many requests, errors of the
 * server, connections that break or hang, cut answers) is tried again after a while, what doesn't
 * (a wrong request, missing rights) is told at once.
 */
final class Api {
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);
  private static final int NOT_IMPLEMENTED = 501;

  /** Makes something of an answer. */
  interface Reading<T> {
    /**
     * What the answer says.
     *
     * @throws BrokenAnswerException if it should be asked for again
     */
    T read(Answer answer) throws BrokenAnswerException;

    /** Fails if an answer with an error's status says that another try would be in vain. */
    default void check(Answer failed) {}
  }

  private final Connection connection;
  private final Credentials credentials;
  private final RateLimit rate;
  private final Wire wire;

  /** Of {@code connection}; {@code hosts}: further ones that it may lead to. */
  Api(Connection connection, List<String> hosts) {
    this.connection = connection;
    this.credentials = new Credentials(connection);
    this.rate = RateLimit.of(connection);
    this.wire = new Wire(connection, hosts);
  }

  /** Hides secrets in texts and addresses. */
  Credentials credentials() {
    return this.credentials;
  }

  /** Whether {@code address} may be asked with this connection's credentials. */
  boolean trusts(URI address) {
    return this.wire.trusts(address);
  }

  /** What {@code reading} makes of the answer to {@code request}. */
  <T> T send(ApiRequest request, Reading<T> reading) {
    Tries tries = new Tries(this.connection.http());
    boolean renewed = false;
    while (true) {
      try {
        ApiRequest signed = this.credentials.sign(request, this::token);
        pause(this.rate.take());
        Answer answer = this.wire.send(signed, true);
        if (answer.status() / 100 == 2) {
          return reading.read(answer);
        }
        if (answer.status() == 401 && !renewed && this.credentials.renew()) {
          renewed = true;
          continue;
        }
        this.judge(request, answer, tries);
        reading.check(answer);
      } catch (BrokenAnswerException e) {
        tries.failed(String.valueOf(e.getMessage()), 0);
      } catch (LongAnswerException e) {
        throw new DataException(this.failure(request, String.valueOf(e.getMessage())));
      } catch (IOException e) {
        tries.failed(told(e), 0);
      }
      this.waitFor(request, tries);
    }
  }

  private byte[] token(ApiRequest request) {
    Tries tries = new Tries(this.connection.http());
    while (true) {
      try {
        Answer answer = this.wire.send(request, false);
        if (answer.status() / 100 == 2) {
          return answer.body();
        }
        this.judge(request, answer, tries);
      } catch (LongAnswerException e) {
        throw new DataException(this.failure(request, String.valueOf(e.getMessage())));
      } catch (IOException e) {
        tries.failed(told(e), 0);
      }
      this.waitFor(request, tries);
    }
  }

  /** Notes what passes; fails for what doesn't. */
  private void judge(ApiRequest request, Answer answer, Tries tries) {
    int status = answer.status();
    String told = "status " + status + ", " + answer.shown();
    if (status == NOT_IMPLEMENTED || (status < 500 && !PASSING.contains(status))) {
      throw new RefusedException(this.failure(request, told + hint(status)), status);
    }
    long asked = answer.retryAfter().orElse(0L);
    if (status == 429 && asked > 0) {
      tries.postponed(told, asked);
    } else {
      tries.failed(told, asked);
    }
  }

  private void waitFor(ApiRequest request, Tries tries) {
    if (tries.over()) {
      throw new DataException(this.failure(request, tries.told()));
    }
    pause(tries.pause());
  }

  private String failure(ApiRequest request, String told) {
    return this.credentials.hide(
        "Cannot read %s %s of connection %s: %s"
            .formatted(
                request.method(),
                this.credentials.bare(request.address()),
                this.connection.name(),
                told));
  }

  private static String hint(int status) {
    return switch (status) {
      case 401 -> " (is auth of the connection right, and its secret still valid?)";
      case 403 -> " (the account may not read this)";
      case 404, 410 -> " (is path right?)";
      default ->
          status / 100 == 3
              ? " (it leads elsewhere: correct the connection's url, or declare the host under paging.hosts)"
              : " (correct path, query or body of the land model)";
    };
  }

  private static String told(IOException e) {
    String name = e.getClass().getSimpleName();
    return e.getMessage() == null ? name : name + ", " + e.getMessage();
  }

  private static void pause(long millis) {
    try {
      if (millis > 0) {
        Thread.sleep(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("Cannot go on reading: the run was stopped", e);
    }
  }
}
