package io.veralake.land.rest;

import io.veralake.lake.DataException;
import io.veralake.spec.LandTable;
import io.veralake.spec.RestApi;

/** Reads pages out of answers. */
final class PageReading implements Api.Reading<Listing.Fetched> {
  private final LandTable table;
  private final RestApi api;

  PageReading(LandTable table, RestApi api) {
    this.table = table;
    this.api = api;
  }

  @Override
  public Listing.Fetched read(Answer answer) throws BrokenAnswerException {
    Page page = JsonPage.of(answer, this.api);
    page.error()
        .ifPresent(
            error -> {
              throw new DataException(
                  "Cannot read the list of raw.%s: %s answers with an error: %s"
                      .formatted(this.table.name(), Addresses.place(answer.address()), error));
            });
    return new Listing.Fetched(page, answer);
  }
}
