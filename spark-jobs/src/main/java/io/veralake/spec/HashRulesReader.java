package io.veralake.spec;

import java.util.List;
import java.util.Optional;

/** Reads how the hashes of a vault are made. */
final class HashRulesReader {
  private static final List<String> ALGORITHMS = List.of("MD5", "SHA-1", "SHA-256");

  private enum Casing {
    UPPER,
    AS_IS
  }

  private HashRulesReader() {}

  /** The rules that {@code vault}, the object of that name in {@code engine}, and its hash say. */
  static HashRules read(Node engine, Node vault) {
    HashRules.Text text =
        Scalars.word(vault, "hash-text", HashRules.Text.class, HashRules.Text.VERALAKE);
    HashRules.Form form =
        Scalars.word(vault, "hash-form", HashRules.Form.class, HashRules.Form.BINARY);
    HashRules.Delimited automateDv =
        automateDv(vault.object("automate-dv", "automate-dv"), HashRules.Delimited.AUTOMATE_DV);
    HashRules.Delimited datavault4dbt =
        datavault4dbt(
            vault.object("datavault4dbt", "datavault4dbt"), HashRules.Delimited.DATAVAULT4DBT);
    return new HashRules(
        algorithm(engine),
        text,
        form,
        text == HashRules.Text.DATAVAULT4DBT ? datavault4dbt : automateDv);
  }

  private static String algorithm(Node engine) {
    String hash = engine.text("hash");
    if (!ALGORITHMS.contains(hash)) {
      String near = Nearest.hint(hash, ALGORITHMS).map(hint -> "; " + hint).orElse("");
      engine.invalid("hash", hash, Words.either(ALGORITHMS) + near);
      return ALGORITHMS.get(0);
    }
    return hash;
  }

  private static HashRules.Delimited automateDv(Optional<Node> written, HashRules.Delimited usual) {
    if (written.isEmpty()) {
      return usual;
    }
    Node node = written.orElseThrow();
    boolean upper = upper(node, "casing", usual.upperKeys());
    HashRules.Delimited read =
        new HashRules.Delimited(
            upper,
            upper,
            true,
            false,
            some(node, "delimiter", usual.delimiter()),
            some(node, "null-text", usual.nothing()),
            HashRules.Quotes.NONE);
    node.end();
    return read;
  }

  private static HashRules.Delimited datavault4dbt(
      Optional<Node> written, HashRules.Delimited usual) {
    if (written.isEmpty()) {
      return usual;
    }
    Node node = written.orElseThrow();
    HashRules.Delimited read =
        new HashRules.Delimited(
            upper(node, "key-casing", usual.upperKeys()),
            upper(node, "hashdiff-casing", usual.upperDifferences()),
            Scalars.flag(node, "hashdiff-trim", usual.trimDifferences()),
            Scalars.flag(node, "hashdiff-rtrim", usual.shortened()),
            some(node, "delimiter", usual.delimiter()),
            some(node, "null-text", usual.nothing()),
            new HashRules.Quotes(
                some(node, "quote", usual.quotes().quote()),
                node.text("quote-replacement", usual.quotes().forQuote()),
                node.text("null-replacement", usual.quotes().forNothing()),
                node.text("delimiter-replacement", usual.quotes().forDelimiter())));
    node.end();
    return read;
  }

  private static boolean upper(Node node, String key, boolean usual) {
    return Scalars.word(node, key, Casing.class, usual ? Casing.UPPER : Casing.AS_IS)
        == Casing.UPPER;
  }

  private static String some(Node node, String key, String usual) {
    String text = node.text(key, usual);
    if (text.isEmpty()) {
      node.invalid(key, "\"\"", "at least one character");
    }
    return text;
  }
}
