package io.veralake.land.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * How far a list was read. Written as JSON into the summary of the commit that holds its records.
 *
 * @param complete {@code --as-of} of the last run that read the list to its end; null: none did
 * @param from the value up to which everything is landed, in the field's unit; null: nothing is
 * @param open the reading that isn't at its end; null: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RestPosition(@Nullable String complete, @Nullable Long from, @Nullable Open open) {
  /** Name, below {@code veralake.}, of the summary property. */
  public static final String PROPERTY = "list";

  /** Nothing was read. */
  public static final RestPosition NONE = new RestPosition(null, null, null);

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A reading of the list.
   *
   * @param asOf the run that began it
   * @param since the value that is asked for; null: without a beginning
   * @param next names the next page; null: the first one
   * @param mark an earlier {@code next}, to notice that the pages go round
   * @param pages read since {@code since} was last changed
   * @param read records in them
   * @param all pages of the reading, repeated ones too
   * @param high the highest value in it; null: none
   * @param begun when the server answered for the first time, microseconds; null: it didn't say
   * @param pass 1, or more if it had to begin again because records moved
   * @param moved whether records moved between pages
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Open(
      String asOf,
      @Nullable Long since,
      @Nullable String next,
      @Nullable String mark,
      long pages,
      long read,
      long all,
      @Nullable Long high,
      @Nullable Long begun,
      int pass,
      boolean moved) {
    /** A reading that begins at {@code since}. */
    public static Open begin(String asOf, @Nullable Long since) {
      return new Open(asOf, since, null, null, 0, 0, 0, null, null, 1, false);
    }

    /** The same from the first page on, once more. */
    Open again(@Nullable Long since) {
      return new Open(
          this.asOf, since, null, null, 0, 0, this.all, this.high, null, this.pass + 1, false);
    }

    /** The same from {@code later} on. */
    Open later(long later) {
      return new Open(
          this.asOf,
          later,
          null,
          null,
          0,
          0,
          this.all,
          this.high,
          this.begun,
          this.pass,
          this.moved);
    }

    /** The same behind a page of {@code records}, before the page {@code next}. */
    Open behind(
        long records,
        @Nullable String next,
        @Nullable Long high,
        @Nullable Long begun,
        boolean moved) {
      long pages = this.pages + 1;
      // Brent's way to find a cycle: the mark moves at each power of two.
      @Nullable String mark = (pages & (pages - 1)) == 0 ? next : this.mark;
      return new Open(
          this.asOf,
          this.since,
          next,
          mark,
          pages,
          this.read + records,
          this.all + 1,
          high,
          begun,
          this.pass,
          this.moved || moved);
    }
  }

  /** As {@link #json} writes it. */
  public static RestPosition parse(String json) {
    try {
      return JSON.readValue(json, RestPosition.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Invalid position in a snapshot's summary: " + json, e);
    }
  }

  /** In the form above. */
  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
