package io.veralake.spec;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the authors of a model say of its tables and columns: the comment that a model file begins
 * with is its table's description, one before or behind a column's declaration is that column's.
 *
 * @param tables by {@code section/name}: {@code mart/fact_sales}
 */
public record ModelNotes(Map<String, Note> tables) {
  private static final List<String> COLUMNS =
      List.of("columns", "business-key", "dependent-key", "payload", "key");

  /**
   * What is said of one table.
   *
   * @param description of the table; empty if there is none
   * @param columns descriptions of columns, by name
   */
  public record Note(String description, Map<String, String> columns) {
    /** Of a table of which nothing is said. */
    public static final Note NONE = new Note("", Map.of());

    /** Copies the map. */
    public Note {
      columns = Map.copyOf(columns);
    }
  }

  /** Copies the map. */
  public ModelNotes {
    tables = Map.copyOf(tables);
  }

  /** Reads the model files of {@code conf}, which can be read. */
  public static ModelNotes read(Path conf) {
    Map<String, Note> notes = new TreeMap<>();
    for (String section : Sections.ALL) {
      Path folder = conf.resolve("models").resolve(section);
      for (Path file : files(folder)) {
        notes.put(section + "/" + ConfFiles.baseName(file), note(file));
      }
    }
    return new ModelNotes(notes);
  }

  /** What is said of the table {@code name} of {@code section}. */
  public Note of(String section, String name) {
    return this.tables.getOrDefault(section + "/" + name, Note.NONE);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  private static Note note(Path file) {
    ConfigObject root =
        ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF))
            .root();
    Map<String, String> columns = new LinkedHashMap<>();
    for (String group : COLUMNS) {
      if (root.get(group) instanceof ConfigObject declared) {
        declared.forEach((name, value) -> add(columns, name, value));
      }
    }
    return new Note(description(file), columns);
  }

  private static void add(Map<String, String> columns, String name, ConfigValue value) {
    String text = joined(value.origin().comments());
    if (!text.isEmpty()) {
      columns.put(name, text);
    }
  }

  private static String description(Path file) {
    List<String> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String text = line.strip();
        if (!text.startsWith("#") && !text.startsWith("//")) {
          break;
        }
        lines.add(text.replaceFirst("^(#+|//+)", ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return joined(lines);
  }

  private static String joined(List<String> lines) {
    return String.join(" ", lines.stream().map(String::strip).toList()).strip();
  }
}
