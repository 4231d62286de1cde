package io.veralake.spec;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads which files of a folder are landed, and how their text is written. */
final class FilesReader {
  private static final String ENCODINGS =
      "UTF-8, UTF-16LE, UTF-16BE, or a code page of one byte a character such as ISO-8859-15 or windows-1252";

  private final Node node;

  /** For the table that {@code node} declares. */
  FilesReader(Node node) {
    this.node = node;
  }

  /** The rules under {@code files}. */
  FileRules rules() {
    Node files = this.node.object("files", "files").orElse(null);
    if (files == null) {
      return FileRules.DEFAULT;
    }
    FileRules.Complete complete =
        Scalars.word(files, "complete", FileRules.Complete.class, FileRules.Complete.AT_ONCE);
    FileRules rules =
        new FileRules(
            patterns(files, "only"),
            patterns(files, "except"),
            Scalars.flag(files, "recursive", true),
            complete,
            settledFor(files, complete),
            marker(files, complete),
            Scalars.word(files, "on-rewrite", FileRules.OnRewrite.class, FileRules.OnRewrite.LAND));
    files.end();
    return rules;
  }

  /** The encoding of the files' text, as Java names it. */
  String encoding(LandTable.@Nullable Format format) {
    String text = this.node.text("encoding", "UTF-8");
    if (!this.node.has("encoding")) {
      return text;
    }
    if (format != null && (format.containers() || format == LandTable.Format.ROWS)) {
      this.node.invalid("encoding", text, "none for format = " + Words.of(format));
      return "UTF-8";
    }
    String name = name(text);
    boolean wide = name.startsWith("UTF-16");
    if (wide && format == LandTable.Format.JSON) {
      this.node.invalid("encoding", text, "UTF-8 or a code page of one byte a character for json");
    } else if (name.isEmpty()) {
      this.node.invalid("encoding", text, ENCODINGS);
    }
    return name.isEmpty() ? "UTF-8" : name;
  }

  private static String name(String text) {
    try {
      Charset charset = Charset.forName(text);
      if (charset.equals(StandardCharsets.UTF_8)
          || charset.equals(StandardCharsets.UTF_16LE)
          || charset.equals(StandardCharsets.UTF_16BE)
          || codePage(charset)) {
        return charset.name();
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      // Nothing is called so: reported by the caller.
    }
    return "";
  }

  /** Whether each byte is a character, and ASCII's are where ASCII has them. */
  private static boolean codePage(Charset charset) {
    if (!charset.canEncode() || charset.newDecoder().maxCharsPerByte() > 1) {
      return false;
    }
    byte[] ascii = new byte[128];
    for (int i = 0; i < ascii.length; i++) {
      ascii[i] = (byte) i;
    }
    boolean single = charset.newEncoder().maxBytesPerChar() == 1;
    return single
        && new String(ascii, charset).equals(new String(ascii, StandardCharsets.US_ASCII));
  }

  private static Duration settledFor(Node files, FileRules.Complete complete) {
    boolean settled = complete == FileRules.Complete.SETTLED;
    if (settled && !files.has("settled-for")) {
      files.missing("settled-for");
    } else if (!settled && files.has("settled-for")) {
      files.invalid("settled-for", files.text("settled-for"), "none without complete = settled");
    }
    return Scalars.duration(files, "settled-for", Duration.ZERO);
  }

  private static String marker(Node files, FileRules.Complete complete) {
    boolean marked = complete == FileRules.Complete.MARKER;
    String marker = marked ? files.text("marker") : files.text("marker", "");
    if (!marked && files.has("marker")) {
      files.invalid("marker", marker, "none without complete = marker");
    } else if (marked && files.has("marker") && (marker.isBlank() || marker.contains("/"))) {
      files.invalid("marker", marker, "a file's name, such as _SUCCESS or \"{name}.done\"");
    } else if (marker.equals(FileRules.NAME)) {
      files.invalid("marker", marker, "another name than the file's own");
    }
    return marker;
  }

  private static List<String> patterns(Node files, String key) {
    List<String> patterns = files.texts(key);
    for (String pattern : patterns) {
      try {
        FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      } catch (PatternSyntaxException e) {
        files.invalid(key, pattern, "a pattern with *, **, ?, [a-z] or {a,b}");
      }
    }
    return patterns;
  }
}
