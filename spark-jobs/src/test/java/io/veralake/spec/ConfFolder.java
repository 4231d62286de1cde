package io.veralake.spec;

import io.veralake.lake.sql.RowExpressions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * A configuration folder of a test: a small valid model of everything, in which the test changes
 * single files.
 */
final class ConfFolder {
  private final Path folder;

  private ConfFolder(Path folder) {
    this.folder = folder;
  }

  /** A folder with nothing in it. */
  static ConfFolder empty() {
    try {
      Path parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
      Path home = Files.createTempDirectory(parent, "conf");
      return new ConfFolder(Files.createDirectories(home.resolve("conf")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A folder with two raw tables, two hubs, a link, two satellites, two marts, a reconciliation and
   * a publication.
   */
  static ConfFolder small() {
    return empty()
        .with(
            "models/land/people.conf",
            """
            format = csv
            path = people
            system = office
            columns { id = bigint, name = string, born = date, changed = timestamp, pay = "decimal(9,2)" }
            order-by = [changed]
            """)
        .with(
            "models/land/notes.conf",
            """
            format = json-lines
            path = notes
            system = desk
            """)
        .with(
            "models/vault/hub_person.conf",
            """
            type = hub
            business-key { id = bigint }
            sources = [people]
            """)
        .with(
            "models/vault/hub_note.conf",
            """
            type = hub
            business-key { note_id = string }
            sources = [{ from = notes, columns { note_id = "$.id" } }]
            """)
        .with(
            "models/vault/link_written.conf",
            """
            type = link
            hubs = [note, person]
            sources = [{ from = notes, columns { note_id = "$.id", id = "$.by" } }]
            """)
        .with(
            "models/vault/sat_person.conf",
            """
            type = satellite
            parent = hub_person
            payload { name = string, pay = "decimal(9,2)" }
            sources = [people]
            """)
        .with(
            "models/mart/dim_person.conf",
            """
            type = dimension
            columns { id = bigint, name = string, pay = "decimal(9,2)", changed = timestamp }
            grain = [id]
            """)
        .with(
            "models/mart/dim_person.sql",
            "SELECT id, name, pay, applied_time AS changed FROM sat_person_current JOIN hub_person USING (person_hk)")
        .with(
            "models/mart/fact_note.conf",
            """
            type = fact
            sql = "SELECT n.note_id, id, name FROM hub_note n, dim_person"
            columns { note_id = string, id = bigint, name = string }
            grain = [note_id]
            """)
        .with(
            "models/reconcile/persons.conf",
            """
            mart = dim_person
            stream {
              table = rt.persons
              rows = "SELECT * FROM rt.persons FINAL"
              commit-time = committed
              received-time = received
              latency = 5 seconds
            }
            key = [id]
            partition = id
            compare = [name, pay]
            measures = [pay]
            change-time = changed
            history = "SELECT 1"
            """)
        .with(
            "models/publish/dim_person.conf",
            """
            star = office
            live { reconciliation = persons }
            """);
  }

  /** The folder. */
  Path path() {
    return this.folder;
  }

  /** Puts a file, or replaces it. */
  ConfFolder with(String file, String text) {
    try {
      Path path = this.folder.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces a text in a file, which must hold it. */
  ConfFolder edit(String file, String from, String to) {
    try {
      String text = Files.readString(this.folder.resolve(file));
      if (!text.contains(from)) {
        throw new IllegalArgumentException("No " + from + " in " + file + ":\n" + text);
      }
      return this.with(file, text.replace(from, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a file. */
  ConfFolder without(String file) {
    try {
      Files.delete(this.folder.resolve(file));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the folder says. */
  Configured read() {
    return ModelReader.read(this.folder, "local", Map.of(), new RowExpressions());
  }

  /** What the folder's model says. */
  Model model() {
    return this.read().model();
  }

  /** What is wrong with the folder; empty if nothing is. */
  List<String> problems() {
    return this.problems("local", Map.of(), Map.of());
  }

  /**
   * What is wrong with the folder in an environment with variables, some keys being removed ones.
   */
  List<String> problems(String environment, Map<String, String> env, Map<String, String> removed) {
    try {
      ModelReader.read(new Reading(this.folder, env, removed, new RowExpressions()), environment);
      return List.of();
    } catch (SpecException e) {
      return e.problems();
    }
  }

  /** The keys that reading the folder asks for, by kind. */
  SortedMap<String, SortedSet<String>> asked() {
    Reading reading = new Reading(this.folder, Map.of(), Map.of(), new RowExpressions());
    ModelReader.read(reading, "local");
    return reading.asked();
  }
}
