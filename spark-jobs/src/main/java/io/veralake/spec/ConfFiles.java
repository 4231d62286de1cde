package io.veralake.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The HOCON files of a configuration folder. */
final class ConfFiles {
  private static final String DEFAULTS = "veralake/engine.conf";
  private static final Pattern SECRET_LINE = Pattern.compile("(?i)password|secret|token|key");

  private static final Pattern DECIMAL = Pattern.compile("(?i)(?<=[=:])[ \\t]*decimal[ \\t]*\\(");
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)\\}");

  private final Reading reading;

  ConfFiles(Reading reading) {
    this.reading = reading;
  }

  /**
   * The engine's defaults, {@code engine.conf} above them and {@code
   * environments/<environment>.conf} above both.
   */
  Optional<ConfigObject> engine(String environment) {
    Config result = this.variables();
    List<Path> files =
        List.of(
            this.reading.conf().resolve("engine.conf"),
            this.reading.conf().resolve("environments").resolve(environment + ".conf"));
    Config own = ConfigFactory.empty();
    for (Path file : files) {
      if (Files.exists(file)) {
        Optional<Config> parsed = this.parse(file, this.read(file));
        if (parsed.isEmpty()) {
          return Optional.empty();
        }
        own = parsed.orElseThrow().withFallback(own);
      }
    }
    Config whole = own.withFallback(defaults());
    return this.resolve(whole.withFallback(result))
        .map(config -> config.root())
        .map(root -> keep(root, whole.root()));
  }

  /** The names of the environments that have a file. */
  List<String> environments() {
    Path folder = this.reading.conf().resolve("environments");
    return this.below(folder, "conf").stream().map(ConfFiles::baseName).toList();
  }

  /** The object in a model file; empty, with a problem, if it isn't HOCON. */
  Optional<Node> model(Path file, String kind) {
    String text = this.read(file);
    Optional<Config> parsed = this.parse(file, text);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    KeyScan scan = KeyScan.of(text);
    String shown = Place.relative(file, this.reading.conf());
    String name = baseName(file);
    for (KeyScan.Duplicate duplicate : scan.duplicates()) {
      this.reading
          .problems()
          .add(
              new Place(shown, duplicate.line()),
              "Duplicate key of " + name,
              duplicate.key(),
              "already in line " + duplicate.firstLine());
    }
    for (int line : scan.includes()) {
      this.reading
          .problems()
          .add(new Place(shown, line), "Invalid line of " + name, "include", "one table, one file");
    }
    Config whole = parsed.orElseThrow();
    return this.resolve(whole.withFallback(this.variables()))
        .map(config -> keep(config.root(), whole.root()))
        .map(root -> new Node(this.reading, new Node.Id(kind, name, List.of(), scan), root));
  }

  /** The text of a file, SQL or HOCON. */
  String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** Files below {@code folder} with that ending, by path; none if there is no such folder. */
  List<Path> below(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().endsWith("." + ending))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  /** A file's name without its ending. */
  static String baseName(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private Optional<Config> parse(Path file, String text) {
    try {
      return Optional.of(
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF)));
    } catch (ConfigException e) {
      @Nullable ConfigOrigin origin = e.origin();
      Place place =
          origin == null
              ? new Place(Place.relative(file, this.reading.conf()), 0)
              : Place.of(origin, this.reading.conf());
      Matcher decimal = DECIMAL.matcher(text);
      if (decimal.find()) {
        int line =
            1 + (int) text.substring(0, decimal.end()).chars().filter(c -> c == '\n').count();
        this.reading
            .problems()
            .add(
                new Place(place.file(), line),
                "Invalid HOCON: decimal(p,s) needs quotes: \"decimal(12,2)\"");
      } else {
        this.reading.problems().add(place, "Invalid HOCON: " + reason(e, text, place.line()));
      }
      return Optional.empty();
    }
  }

  /** Resolves {@code ${…}}; those that nothing gives are reported, all of them, and empty. */
  private Optional<Config> resolve(Config whole) {
    Config trial = whole;
    Set<String> missing = new HashSet<>();
    while (true) {
      try {
        return Optional.of(trial.resolve(ConfigResolveOptions.noSystem()));
      } catch (ConfigException e) {
        ConfigOrigin origin = e.origin();
        Place place =
            origin == null
                ? new Place("the configuration", 0)
                : Place.of(origin, this.reading.conf());
        Matcher name = SUBSTITUTION.matcher(String.valueOf(e.getMessage()));
        if (!name.find() || !missing.add(name.group(1))) {
          this.reading.problems().add(place, "Invalid HOCON: a substitution that needs itself");
          return Optional.empty();
        }
        this.reading
            .problems()
            .add(
                place,
                "Missing environment variable",
                name.group(1),
                "write ${?" + name.group(1) + "} if it may be missing");
        trial =
            trial.withFallback(
                ConfigFactory.empty()
                    .withValue(name.group(1), ConfigValueFactory.fromAnyRef("", Place.MISSING)));
      }
    }
  }

  private static Config defaults() {
    try (InputStream packed = ConfFiles.class.getClassLoader().getResourceAsStream(DEFAULTS)) {
      if (packed == null) {
        throw new IllegalStateException("Missing resource " + DEFAULTS);
      }
      return ConfigFactory.parseReader(
          new InputStreamReader(packed, StandardCharsets.UTF_8),
          ConfigParseOptions.defaults().setOriginDescription(Place.DEFAULTS));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + DEFAULTS, e);
    }
  }

  private Config variables() {
    return ConfigValueFactory.fromMap(this.reading.env(), "an environment variable").toConfig();
  }

  private static ConfigObject keep(ConfigObject resolved, ConfigObject written) {
    ConfigObject result = resolved;
    for (String key : resolved.keySet()) {
      result = written.containsKey(key) ? result : result.withoutKey(key);
    }
    return result;
  }

  private static String reason(ConfigException e, String text, int line) {
    List<String> lines = text.lines().toList();
    String around = line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
    if (SECRET_LINE.matcher(around).find()) {
      return "cannot parse this line, which may hold a secret";
    }
    String message = String.valueOf(e.getMessage());
    return message
        .replaceFirst("^.*?: \\d+: ", "")
        .replaceFirst("\\s*\\(.*$", "")
        .replace("a close parentheses ')' here", "} or ]");
  }
}
