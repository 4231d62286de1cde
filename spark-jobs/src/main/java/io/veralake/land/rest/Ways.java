package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Ways from a page to the next one. */
final class Ways {
  private static final Pattern LINK =
      Pattern.compile(
          "<([^>]*)>((?:\\s*;\\s*[^,;=\\s]+\\s*(?:=\\s*(?:\"[^\"]*\"|[^,;\"\\s]+))?)*)");
  private static final Pattern NEXT =
      Pattern.compile(
          "(?i);\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next(?=\\s*(?:;|$)))");

  private final LandTable table;
  private final RestApi.Paging paging;
  private final Api server;

  Ways(LandTable table, RestApi.Paging paging, Api server) {
    this.table = table;
    this.paging = paging;
    this.server = server;
  }

  /**
   * What names the page behind {@code page}, which {@code open} stood before; null: there is none.
   */
  @Nullable String next(RestPosition.Open open, Page page, Answer answer) {
    String more = this.paging.more();
    if (!more.isEmpty() && !says(this.said(page, "more", more))) {
      return null;
    }
    int count = page.items().size();
    String next =
        switch (this.paging.kind()) {
          case NONE -> null;
          case PAGE, OFFSET -> this.counted(open, page, count);
          case CURSOR -> this.named(page, answer).orElse(null);
          case LINK -> this.trusted(answer, link(answer).orElse(null));
          case NEXT_URL -> this.trusted(answer, this.named(page, answer).orElse(null));
        };
    if (next != null && (next.equals(open.next()) || next.equals(open.mark()))) {
      throw new DataException(
          "Cannot read the list of raw.%s: after %d pages the server names one as the next that was read before (is paging right?)"
              .formatted(this.table.name(), open.pages() + 1));
    }
    return next;
  }

  /** How many records there are, as {@code page} says. */
  long total(Page page) {
    String text = this.said(page, "total", this.paging.total());
    if (text.matches("\\d{1,18}")) {
      return Long.parseLong(text);
    }
    throw new DataException(
        "Cannot read the list of raw.%s: paging.total is %s (a whole number)"
            .formatted(
                this.table.name(), this.table.sensitive().isEmpty() ? text : "something else"));
  }

  /** Without it a list might seem to be at its end. */
  private String said(Page page, String key, String path) {
    return page.value(path)
        .orElseThrow(
            () ->
                new DataException(
                    "Cannot read the list of raw.%s: there is nothing at paging.%s = \"%s\""
                        .formatted(this.table.name(), key, path)));
  }

  private @Nullable String counted(RestPosition.Open open, Page page, int count) {
    String total = this.paging.total();
    boolean all = !total.isEmpty() && open.read() + count >= this.total(page);
    if (count == 0 || all) {
      return null;
    }
    String next = open.next();
    long now = Long.parseLong(next == null ? this.paging.first() : next);
    return Long.toString(this.paging.kind() == RestApi.PagingKind.PAGE ? now + 1 : now + count);
  }

  private Optional<String> named(Page page, Answer answer) {
    Optional<String> name =
        this.paging.next().isEmpty()
            ? answer.header(this.paging.nextHeader())
            : page.value(this.paging.next());
    return name.map(String::strip).filter(text -> !text.isEmpty() && !text.equals("false"));
  }

  private static Optional<String> link(Answer answer) {
    for (String header : answer.headers().allValues("Link")) {
      Matcher link = LINK.matcher(header);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          return Optional.of(link.group(1));
        }
      }
    }
    return Optional.empty();
  }

  private @Nullable String trusted(Answer answer, @Nullable String next) {
    if (next == null) {
      return null;
    }
    try {
      URI address = answer.address().resolve(next);
      if (this.server.trusts(address)) {
        return this.server.credentials().bare(address).toString();
      }
      throw new DataException(
          "Cannot read the list of raw.%s: its next page is on %s, which would be told who asks (declare it under paging.hosts if it may)"
              .formatted(this.table.name(), Addresses.origin(address)));
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "Cannot read the list of raw.%s: the next page has no valid address"
              .formatted(this.table.name()),
          e);
    }
  }

  private static boolean says(String value) {
    return !value.equals("false") && !value.equals("0") && !value.isEmpty();
  }
}
