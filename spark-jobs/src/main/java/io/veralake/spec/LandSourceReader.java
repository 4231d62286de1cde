package io.veralake.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads where the records of a raw table are. */
final class LandSourceReader {
  /** The keys that name a source; a table has one of them. */
  private static final List<String> KINDS =
      List.of("path", "topics", "topics-matching", "jdbc", "mongo", "rest");

  private final Node node;
  private final @Nullable Map<String, Connection> connections;

  /**
   * For the table that {@code node} declares.
   *
   * @param connections the known ones by name; null: they couldn't be read
   */
  LandSourceReader(Node node, @Nullable Map<String, Connection> connections) {
    this.node = node;
    this.connections = connections;
  }

  /** The one source that the table names. */
  LandSource read() {
    List<String> named = new ArrayList<>(KINDS);
    named.removeIf(key -> !this.node.has(key));
    String kind = named.isEmpty() ? "path" : named.remove(named.size() - 1);
    named.forEach(key -> this.node.invalid(key, "beside " + kind, "either " + Words.either(KINDS)));
    boolean topics = kind.startsWith("topics");
    if (!topics && this.node.has("on-gap")) {
      this.node.invalid("on-gap", this.node.text("on-gap"), "none without topics");
    }
    if (!kind.equals("path")) {
      for (String key : List.of("files", "encoding")) {
        if (this.node.has(key)) {
          this.node.invalid(key, "beside " + kind, "none without path");
        }
      }
    }
    DumpReader dumps = new DumpReader(this.node);
    if (topics || kind.equals("rest")) {
      dumps.none();
    }
    return switch (kind) {
      case "topics", "topics-matching" -> this.topics();
      case "rest" -> this.rest();
      case "jdbc" -> this.jdbc(dumps);
      case "mongo" -> this.mongo(dumps);
      default -> dumps.files(this.folder());
    };
  }

  private LandSource mongo(DumpReader dumps) {
    Node mongo = this.node.object("mongo", "mongo").orElseThrow();
    return dumps.mongo(mongo, this.connection(mongo));
  }

  private LandSource jdbc(DumpReader dumps) {
    Node jdbc = this.node.object("jdbc", "jdbc").orElseThrow();
    return dumps.jdbc(jdbc, this.connection(jdbc));
  }

  private LandSource topics() {
    String pattern = this.node.text("topics-matching", "");
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      this.node.invalid(
          "topics-matching", pattern, "a regular expression in Java's form: " + e.getDescription());
    }
    return new LandSource.Topics(
        this.node.texts("topics"),
        pattern,
        Scalars.word(this.node, "on-gap", LandSource.OnGap.class, LandSource.OnGap.STOP));
  }

  private LandSource rest() {
    boolean xml = this.node.text("format", "").equals("xml");
    return this.node
        .object("rest", "rest")
        .<LandSource>map(
            rest -> new LandSource.Rest(new RestReader(rest, xml).read(this.connection(rest))))
        .orElseGet(() -> new LandSource.Folder(""));
  }

  private LandSource.Folder folder() {
    String path = this.node.text("path");
    if (this.node.has("path") && path.isBlank()) {
      this.node.invalid("path", "\"\"", "a folder below veralake.input, or a URL");
    }
    FilesReader files = new FilesReader(this.node);
    boolean known = Scalars.isWord(this.node, "format", LandTable.Format.class);
    LandTable.Format format =
        known ? Scalars.word(this.node, "format", LandTable.Format.class) : null;
    return new LandSource.Folder(path, files.rules(), files.encoding(format));
  }

  /** Checks the name of a connection, under {@code connection} of {@code source}. */
  String connection(Node source) {
    String name = source.text("connection");
    if (!name.isEmpty() && this.connections != null && !this.connections.containsKey(name)) {
      source.unknown("connection", "connection", name, this.connections.keySet());
    }
    return name;
  }
}
