package io.veralake.land.rest;

import java.util.List;
import java.util.Optional;

/** The readable form of one answer. */
interface Page {
  /** The records, in their order. */
  List<Item> items();

  /** The scalar at a path; empty if it is missing or null. */
  Optional<String> value(String path);

  /** What an answer says that is an error; empty if it isn't. */
  Optional<String> error();
}
