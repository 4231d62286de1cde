package io.veralake.spec;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of records that a server gives by HTTP, page by page.
 *
 * @param connection name of the server
 * @param post whether it is asked by POST; else by GET
 * @param path of the list, below the connection's address
 * @param query parameters
 * @param headers further headers of each request
 * @param body of each request, for POST
 * @param xml whether the answers are XML; else JSON
 * @param records where a page has its records: a {@link JsonPath}, ending in {@code .*} for the
 *     members of an object; for XML a path of elements, {@code /Envelope/Body/list/order}
 * @param error where an answer says that it is an error although its status doesn't; empty: nowhere
 * @param xmlNames for XML: how names become members of documents
 * @param paging how the next page is asked for
 * @param incremental how only what changed is asked for; null: everything, each time
 */
public record RestApi(
    String connection,
    boolean post,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    String body,
    boolean xml,
    String records,
    String error,
    XmlNames xmlNames,
    Paging paging,
    @Nullable Incremental incremental)
    implements Serializable {
  /** Copies the maps. */
  public RestApi {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /** Ways to the next page; the word in a model is the lower-case name with dashes. */
  public enum PagingKind {
    /** There is one page. */
    NONE,
    /** By its number. */
    PAGE,
    /** By the number of records before it. */
    OFFSET,
    /** By what the page before says, which is sent back. */
    CURSOR,
    /** By the address in the header {@code Link} with {@code rel="next"}. */
    LINK,
    /** By the address in the page before. */
    NEXT_URL;

    /** Whether records that move between pages can be missed. */
    public boolean counted() {
      return this == PAGE || this == OFFSET;
    }
  }

  /**
   * How the next page is asked for.
   *
   * @param kind the way
   * @param parameter the query parameter, or the {@link JsonPath} in the request's body, that names
   *     the page; empty: only placeholders do
   * @param first its value for the first page; empty: it isn't sent
   * @param size records a page; 0: the server decides
   * @param sizeParameter the query parameter or path in the body that tells the size; empty: none
   * @param next where a page names the next one: a path in its body; empty: see the header
   * @param nextHeader the header that names the next page
   * @param more where a page says whether another one follows; empty: it doesn't
   * @param total where a page says how many records there are; empty: it doesn't
   * @param hosts further hosts that next addresses may lead to
   * @param restartAfter how many records may be read before the list is asked for anew from the
   *     highest value seen; 0: no limit
   */
  public record Paging(
      PagingKind kind,
      String parameter,
      String first,
      int size,
      String sizeParameter,
      String next,
      String nextHeader,
      String more,
      String total,
      List<String> hosts,
      int restartAfter)
      implements Serializable {
    /** Copies the list. */
    public Paging {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * How only what changed is asked for.
   *
   * @param field of the records that grows with each change
   * @param parameter the query parameter, or the {@link JsonPath} in the request's body, that takes
   *     the value to begin at; empty: the placeholder {@code {since}} does
   * @param format how it is written there: {@code iso}, {@code date}, {@code epoch-seconds}, {@code
   *     epoch-millis}, {@code number}, or a pattern of {@link java.time.format.DateTimeFormatter}
   * @param overlap how far before the highest value seen the next run begins: microseconds, or the
   *     number's own unit
   * @param start where the first run begins, in the field's unit; null: without a beginning
   */
  public record Incremental(
      DocumentField field, String parameter, String format, long overlap, @Nullable Long start)
      implements Serializable {}

  /**
   * How names of XML become members of documents.
   *
   * @param namespaces addresses by the prefix that paths and members use
   * @param repeated names of elements that are arrays even if there is one
   */
  public record XmlNames(Map<String, String> namespaces, List<String> repeated)
      implements Serializable {
    /** Copies them. */
    public XmlNames {
      namespaces = Map.copyOf(namespaces);
      repeated = List.copyOf(repeated);
    }
  }
}
