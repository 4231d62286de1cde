package io.veralake.docs;

/** Text for pages. */
final class Html {
  private Html() {}

  /** {@code text} with the characters that HTML gives a meaning written so that they have none. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A name or an expression. */
  static String code(String text) {
    return "<code>" + text(text) + "</code>";
  }

  /** A link to the page of the table {@code id}, from the page of another. */
  static String table(String id) {
    return "<a href=\"../%s\"><code>%s</code></a>".formatted(text(page(id)), text(id));
  }

  /** Names, by comma. */
  static String codes(Iterable<String> names) {
    StringBuilder html = new StringBuilder();
    names.forEach(name -> html.append(html.isEmpty() ? "" : ", ").append(code(name)));
    return html.toString();
  }

  /** Where the page of {@code namespace.table} lies in the site. */
  static String page(String id) {
    int dot = id.indexOf('.');
    return id.substring(0, dot) + "/" + id.substring(dot + 1) + ".html";
  }

  /** {@code text} as a string of JSON, which may stand in a script. */
  static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
        json.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
