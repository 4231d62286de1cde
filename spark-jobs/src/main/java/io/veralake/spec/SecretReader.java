package io.veralake.spec;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads secrets, which files only point to: {@code {env = NAME}} or {@code {file = path}}. Never
 * puts one into a message.
 */
final class SecretReader {
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(password|passwd|secret|token|credential"
              + "|(access|secret|account|private)[.-]?(access[.-]?)?key([.-]?id)?)");
  private static final String INSTEAD =
      "a secret is not written here; write { env = NAME } or { file = path } instead";

  private final Reading reading;
  private final String what;
  private final Place place;

  /** For the value that messages call {@code what}. */
  SecretReader(Reading reading, String what, Place place) {
    this.reading = reading;
    this.what = what;
    this.place = place;
  }

  /** The secret that {@code value} points to; none for an empty text. */
  Secret read(ConfigValue value) {
    if (value instanceof ConfigObject pointer && points(pointer)) {
      return this.follow(pointer);
    }
    if (value.valueType() == ConfigValueType.STRING && value.unwrapped().equals("")) {
      return Secret.NONE;
    }
    this.reading.problems().add(this.place, "Invalid " + this.what, "***", INSTEAD);
    return Secret.NONE;
  }

  /** Reads settings, nested keys joined by dots after {@code prefix}. */
  void settings(String prefix, ConfigObject from, Map<String, String> into) {
    from.forEach(
        (key, value) -> {
          String name = prefix + key;
          SecretReader inner =
              new SecretReader(
                  this.reading,
                  this.what + "." + name,
                  Place.of(value.origin(), this.reading.conf()));
          boolean pointer = value instanceof ConfigObject object && points(object);
          if (pointer || (SECRET_NAME.matcher(name).matches() && text(value))) {
            into.put(name, inner.read(value).value());
          } else if (value instanceof ConfigObject nested) {
            this.settings(name + ".", nested, into);
          } else if (text(value)) {
            into.put(name, String.valueOf(value.unwrapped()));
          } else {
            this.reading
                .problems()
                .add(inner.place, "Invalid " + inner.what, value.valueType().name(), "a text");
          }
        });
  }

  private Secret follow(ConfigObject pointer) {
    ConfigValue variable = pointer.get("env");
    if (variable != null) {
      String name = String.valueOf(variable.unwrapped());
      String value = this.reading.env().get(name);
      if (value != null) {
        return new Secret(value);
      }
      this.reading
          .problems()
          .add(this.place, "Missing environment variable for " + this.what, name, "");
      return Secret.NONE;
    }
    String file = String.valueOf(Objects.requireNonNull(pointer.get("file")).unwrapped());
    try {
      return new Secret(Files.readString(this.reading.home().resolve(file)).strip());
    } catch (IOException | InvalidPathException e) {
      Path resolved = this.reading.home().resolve(file);
      this.reading
          .problems()
          .add(
              this.place,
              "Missing file for " + this.what,
              file,
              "a readable text file; looked for " + resolved);
      return Secret.NONE;
    }
  }

  private static boolean points(ConfigObject object) {
    return object.keySet().equals(Set.of("env")) || object.keySet().equals(Set.of("file"));
  }

  private static boolean text(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER, BOOLEAN -> true;
      case OBJECT, LIST, NULL -> false;
    };
  }
}
