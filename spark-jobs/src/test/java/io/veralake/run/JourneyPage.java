package io.veralake.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page whose fenced blocks after a line {@code <!-- golden: NAME -->} are golden text: what a
 * reader sees is what a test compares with.
 */
final class JourneyPage {
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^<!-- golden: (\\S+) -->\\n```\\w*\\n((?s:.*?))^```$");

  private final Path file;
  private final String text;

  JourneyPage(Path file) {
    this.file = file;
    try {
      this.text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks by name. */
  Map<String, String> blocks() {
    Map<String, String> blocks = new TreeMap<>();
    Matcher matcher = BLOCK.matcher(this.text);
    while (matcher.find()) {
      if (blocks.put(matcher.group(1), matcher.group(2)) != null) {
        throw new IllegalStateException(this.file + " has two blocks " + matcher.group(1));
      }
    }
    return blocks;
  }

  /** Puts {@code blocks} into the place of the page's. */
  void rewrite(Map<String, String> blocks) throws IOException {
    StringBuilder page = new StringBuilder();
    Matcher matcher = BLOCK.matcher(this.text);
    while (matcher.find()) {
      String name = matcher.group(1);
      String all = matcher.group();
      String fence = all.substring(0, all.length() - matcher.group(2).length() - "```".length());
      matcher.appendReplacement(
          page,
          Matcher.quoteReplacement(fence + blocks.getOrDefault(name, matcher.group(2)) + "```"));
    }
    matcher.appendTail(page);
    Files.writeString(this.file, page);
  }

  /** Where {@code shown} differs from the page: lines of a block with - (page) and + (shown). */
  String difference(Map<String, String> shown) {
    Map<String, String> blocks = this.blocks();
    List<String> lines = new ArrayList<>();
    TreeMap<String, String> all = new TreeMap<>(blocks);
    all.putAll(shown);
    for (String name : all.keySet()) {
      List<String> before = blocks.getOrDefault(name, "").lines().toList();
      List<String> after = shown.getOrDefault(name, "").lines().toList();
      if (!before.equals(after)) {
        lines.add("block " + name + " of " + this.file.getFileName());
        before.stream().filter(line -> !after.contains(line)).forEach(l -> lines.add("- " + l));
        after.stream().filter(line -> !before.contains(line)).forEach(l -> lines.add("+ " + l));
      }
    }
    return String.join("\n", lines);
  }
}
