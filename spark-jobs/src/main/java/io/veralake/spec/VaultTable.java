package io.veralake.spec;

import java.util.List;

/** A table of the vault ({@code models/vault/<name>.conf}); the families are closed. */
public sealed interface VaultTable permits Hub, Link, Satellite, Pit, Bridge {
  /** The table's name in namespace {@code vault}; the file's base name. */
  String name();

  /** What it does about what isn't known. */
  VaultRules rules();

  /** The raw tables that feed it, at least one. */
  List<VaultSource> sources();

  /** How its columns are called. */
  VaultNames names();

  /** Name of the table's hash key column: of the hub or link itself, or of a satellite's parent. */
  default String hashKey() {
    return this.names().hashKey();
  }
}
