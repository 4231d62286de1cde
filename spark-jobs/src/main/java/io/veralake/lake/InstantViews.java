package io.veralake.lake;

import io.veralake.spec.AtInstant;
import io.veralake.spec.Model;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL that makes views of a Spark session for what the vault held at an instant, which is a
 * variable of the session: {@code SET VARIABLE vault_instant = TIMESTAMP '2026-03-01 12:00:00Z'}.
 *
 * <p>Functions with the instant as a parameter would say it better; Spark has them, but no session
 * with Iceberg's extensions can make one.
 */
public final class InstantViews {
  /** The session's variable. Timestamp. */
  public static final String VARIABLE = "vault_instant";

  private final Model model;
  private final String catalog;

  /** Over the vault of {@code model} in the session's catalog {@code catalog}. */
  public InstantViews(Model model, String catalog) {
    this.model = model;
    this.catalog = catalog;
  }

  /** The statements, to be run in order. */
  public List<String> statements() {
    AtInstant at = new AtInstant(this.model.vault());
    List<String> statements = new ArrayList<>();
    statements.add(
        "DECLARE OR REPLACE VARIABLE %s TIMESTAMP DEFAULT current_timestamp()".formatted(VARIABLE));
    at.asked().forEach(table -> statements.add(this.view(at, table)));
    return statements;
  }

  private String view(AtInstant at, VaultTable table) {
    VaultViews views = new VaultViews(this.model);
    String query =
        at.query(
            table,
            "session." + VARIABLE,
            this::sqlName,
            satellite -> "(" + views.history(satellite, this.sqlName(satellite)) + ")");
    return "CREATE OR REPLACE TEMPORARY VIEW `%s%s` AS\n%s"
        .formatted(table.name(), AtInstant.SUFFIX, query);
  }

  private String sqlName(VaultTable table) {
    return this.catalog + ".vault.`" + table.name() + "`";
  }
}
