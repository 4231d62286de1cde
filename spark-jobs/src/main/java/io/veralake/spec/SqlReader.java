package io.veralake.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads SQL that stands in a declaration or in a file beside it. Knows no grammar: only which
 * relations are named after {@code FROM} and {@code JOIN}.
 */
final class SqlReader {
  private static final Pattern NOT_CODE =
      Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'(?:[^'\\\\]|''|\\\\.)*'", Pattern.DOTALL);
  private static final Pattern RELATION =
      Pattern.compile(
          "(?i)(?<!distinct\\s)\\b(?:from|join)\\s+(?:lateral\\s+)?`?(?!lateral\\b)([a-z_][a-z0-9_]*)`?(?![a-z0-9_.(])");
  private static final Pattern NEXT =
      Pattern.compile("(?i)\\G\\s*(?:as\\s+)?(?:[a-z_]\\w*)?\\s*,\\s*`?([a-z_]\\w*)`?(?![\\w.(])");

  private final ConfFiles files;
  private final Path folder;
  private final AtInstant at;

  /** For declarations in {@code folder}, over the vault tables that {@code at} knows. */
  SqlReader(ConfFiles files, Path folder, AtInstant at) {
    this.files = files;
    this.folder = folder;
    this.at = at;
  }

  /**
   * The SQL under {@code key}: text, or the content of the file that it names; by default of {@code
   * otherwise}. Vault tables at an instant are queries in it.
   */
  String read(Node node, String key, String otherwise) {
    String sql = this.written(node, key, otherwise);
    try {
      return this.at.expanded(sql);
    } catch (IllegalArgumentException e) {
      node.invalid(
          key,
          String.valueOf(e.getMessage()),
          "an instant in the brackets: TIMESTAMP '2026-03-01 12:00:00Z'");
      return sql;
    }
  }

  private String written(Node node, String key, String otherwise) {
    String written = node.text(key, otherwise).strip();
    if (!written.endsWith(".sql") || written.contains("\n")) {
      if (written.isEmpty()) {
        node.invalid(key, "\"\"", "SQL, or the name of a .sql file beside the declaration");
      }
      return written;
    }
    Path file = this.folder.resolve(written);
    if (!Files.isRegularFile(file)) {
      node.invalid(key, written, "an existing file beside the declaration, or SQL");
      return "";
    }
    String text = this.files.read(file).strip().replaceFirst(";\\s*$", "");
    if (text.isEmpty()) {
      node.invalid(key, written, "a file that is not empty");
    }
    return text;
  }

  /**
   * Names of the relations that {@code sql} reads, without those that it defines itself, in lower
   * case and in order.
   */
  static Set<String> relations(String sql) {
    String code = NOT_CODE.matcher(sql).replaceAll(" ");
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = RELATION.matcher(code);
    int at = 0;
    while (matcher.find(at)) {
      found.add(matcher.group(1).toLowerCase(Locale.ROOT));
      at = matcher.end();
      Matcher next = NEXT.matcher(code);
      while (next.find(at) && next.start() == at) {
        found.add(next.group(1).toLowerCase(Locale.ROOT));
        at = next.end();
      }
    }
    found.removeIf(
        name ->
            Pattern.compile("(?i)\\b" + name + "`?\\s*(\\([^()]*\\)\\s*)?as\\s*\\(")
                .matcher(code)
                .find());
    return found;
  }
}
