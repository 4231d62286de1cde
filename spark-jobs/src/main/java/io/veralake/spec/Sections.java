package io.veralake.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The model files of one configuration folder, by section, with the checks of their names. */
final class Sections {
  /** Folders below {@code models}. */
  static final List<String> ALL = List.of("land", "stage", "vault", "mart", "reconcile", "publish");

  private final Reading reading;
  private final ConfFiles files;

  Sections(Reading reading, ConfFiles files) {
    this.reading = reading;
    this.files = files;
  }

  /** The files of {@code section} by name of their table, sorted. */
  Map<String, Path> files(String section) {
    Path folder = this.reading.conf().resolve("models").resolve(section);
    Map<String, Path> result = new TreeMap<>();
    Map<String, String> lower = new HashMap<>();
    for (Path file : this.files.below(folder, "conf")) {
      String name = ConfFiles.baseName(file);
      String shown = Place.relative(file, this.reading.conf());
      if (!Names.valid(name)) {
        this.reading
            .problems()
            .add(new Place(shown, 0), "Invalid name of file", name, Names.ALLOWED);
      }
      String earlier = lower.putIfAbsent(name.toLowerCase(Locale.ROOT), shown);
      if (earlier != null) {
        this.reading
            .problems()
            .add(new Place(shown, 0), "Duplicate name", name, "already taken by " + earlier);
      }
      result.putIfAbsent(name, file);
    }
    return result;
  }

  /** The object in a section's file. */
  Optional<Node> node(Path file, String kind) {
    return this.files.model(file, kind);
  }

  /** Reports folders and files that no reader looks at. */
  void checkFolders() {
    Path models = this.reading.conf().resolve("models");
    List<Path> all = new ArrayList<>();
    for (String ending : List.of("conf", "hocon", "json", "yaml", "yml", "properties", "sql")) {
      all.addAll(this.files.below(models, ending));
    }
    for (Path file : all) {
      String section = models.relativize(file).getName(0).toString();
      Place place = new Place(Place.relative(file, this.reading.conf()), 0);
      if (!ALL.contains(section)) {
        this.reading.problems().unknown(place, "folder of models", section, ALL);
      } else if (!file.toString().endsWith(".conf") && !file.toString().endsWith(".sql")) {
        this.reading
            .problems()
            .add(
                place,
                "Invalid ending of file",
                file.getFileName().toString(),
                ".conf for a declaration or .sql for a query");
      }
    }
  }
}
