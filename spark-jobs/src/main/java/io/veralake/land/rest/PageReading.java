package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;
import java.util.regex.Pattern;

/** Reads pages out of answers. */
final class PageReading implements Api.Reading<Listing.Fetched> {
  private static final Pattern CLIENT =
      Pattern.compile(
          "\"(faultcode|Value|[a-z]+:Value|\\{[^}]*\\}Value)\":\"([^\"]*:)?(Client|Sender)");

  private final LandTable table;
  private final RestApi api;

  PageReading(LandTable table, RestApi api) {
    this.table = table;
    this.api = api;
  }

  @Override
  public Listing.Fetched read(Answer given) throws BrokenAnswerException {
    Answer answer = this.table.sensitive().isEmpty() ? given : given.hidden();
    Page page = this.api.xml() ? XmlPage.of(answer, this.api) : JsonPage.of(answer, this.api);
    this.refuse(page, answer);
    return new Listing.Fetched(page, answer);
  }

  /** A fault comes with status 500: that of the client won't pass. */
  @Override
  public void check(Answer failed) {
    if (!this.api.xml()) {
      return;
    }
    try {
      Page page = XmlPage.of(failed, this.api);
      boolean ours = page.error().filter(CLIENT.asPredicate()).isPresent();
      if (ours) {
        this.refuse(page, failed);
      }
    } catch (BrokenAnswerException e) {
      // No fault: it is tried again.
    }
  }

  private void refuse(Page page, Answer answer) {
    page.error()
        .ifPresent(
            error -> {
              throw new DataException(
                  "Cannot read the list of raw.%s: %s answers with an error: %s"
                      .formatted(this.table.name(), Addresses.place(answer.address()), error));
            });
  }
}
