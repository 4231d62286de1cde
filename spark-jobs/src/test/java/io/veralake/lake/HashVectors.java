package io.veralake.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.spec.ColumnType;
import io.veralake.spec.HashRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The test vectors of {@code docs/hash-vectors.tsv}. */
public final class HashVectors {
  /** The file. */
  public static final Path FILE = Path.of("..", "docs", "hash-vectors.tsv");

  /** Algorithms in the order of the file's columns. */
  public static final List<String> ALGORITHMS = List.of("MD5", "SHA-1", "SHA-256");

  private HashVectors() {}

  /**
   * A value.
   *
   * @param text as the file writes it; null for null
   */
  public record Value(String name, ColumnType type, @Nullable String text) {}

  /**
   * A line.
   *
   * @param rules which text
   * @param hash {@code key}, {@code difference} or {@code deletion}
   * @param hashes by algorithm, in hex; {@code null} for none
   */
  public record Vector(String rules, String hash, List<Value> values, List<String> hashes) {
    /** The rules with {@code algorithm}. */
    public HashRules rules(String algorithm) {
      HashRules.Delimited usual =
          this.rules.startsWith("datavault4dbt")
              ? HashRules.Delimited.DATAVAULT4DBT
              : HashRules.Delimited.AUTOMATE_DV;
      HashRules.Text text =
          HashRules.Text.valueOf(
              this.rules.split(" ")[0].toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
      boolean upperKeys = !this.rules.matches(".* (key-)?casing=as-is.*");
      boolean upperDifferences =
          text == HashRules.Text.AUTOMATE_DV
              ? upperKeys
              : this.rules.contains("hashdiff-casing=upper");
      return new HashRules(
          algorithm,
          text,
          HashRules.Form.LOWER_HEX,
          new HashRules.Delimited(
              upperKeys,
              upperDifferences,
              true,
              this.rules.contains("hashdiff-rtrim"),
              usual.delimiter(),
              usual.nothing(),
              usual.quotes()));
    }
  }

  /** All of them. */
  public static List<Vector> read() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Vector> result = new ArrayList<>();
    for (String line : Files.readAllLines(FILE)) {
      String[] fields = line.split("\t");
      List<Value> values = new ArrayList<>();
      for (JsonNode value : json.readTree(fields[2])) {
        values.add(
            new Value(
                value.get(0).asText(),
                ColumnType.parse(value.get(1).asText()).orElseThrow(),
                value.get(2).isNull() ? null : value.get(2).asText()));
      }
      result.add(
          new Vector(fields[0], fields[1], values, List.of(fields[3], fields[4], fields[5])));
    }
    return result;
  }
}
