package io.veralake.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a configuration folder: {@code engine.conf}, {@code environments/} and {@code models/}. */
public final class ModelReader {
  private ModelReader() {}

  /** Reads and checks all but the SQL of what was checked before. */
  public static Configured read(Path confDir, String environment, Map<String, String> env) {
    return read(confDir, environment, env, RowSql.UNJUDGED);
  }

  /**
   * Reads and checks everything that the folder declares. {@code engine.conf} may hold only what
   * differs from the defaults.
   *
   * @param confDir the folder
   * @param environment which of {@code environments/*.conf} applies; {@code local} needs no file
   * @param env variables for {@code ${NAME}} and for secrets
   * @param sql judges expressions over rows
   * @throws SpecException with every problem at once, each with its file and line
   */
  public static Configured read(
      Path confDir, String environment, Map<String, String> env, RowSql sql) {
    Reading reading = new Reading(confDir, env, Reading.REMOVED, sql);
    return read(reading, environment);
  }

  static Configured read(Reading reading, String environment) {
    if (!Files.isDirectory(reading.conf())) {
      throw new SpecException(
          List.of(
              "Missing configuration folder: "
                  + reading.conf()
                  + " (a folder with engine.conf and models/)"));
    }
    ConfFiles files = new ConfFiles(reading);
    EngineReader engineReader = new EngineReader(reading, files);
    Optional<Engine> engine = engineReader.read(environment);
    Whole whole = new Whole(reading, files);
    VaultNaming naming = engine.map(Engine::naming).orElse(VaultNaming.DEFAULT);
    Model model = whole.read(engine.map(Engine::connections).orElse(null), naming);
    engine.ifPresent(found -> whole.checks.privacy(model.land(), found.privacy()));
    engine.ifPresent(
        found -> whole.checks.stars(model.publications(), found, engineReader.requireReconciled()));
    reading.problems().throwIfAny();
    return new Configured(engine.orElseThrow(), model);
  }

  /** Reads the five sections in their order, each over what came before. */
  private static final class Whole {
    private final Reading reading;
    private final ConfFiles files;
    private final Sections sections;
    private final Map<String, Map<String, Path>> paths = new LinkedHashMap<>();
    private final ModelChecks checks;
    private AtInstant at = new AtInstant(List.of());

    Whole(Reading reading, ConfFiles files) {
      this.reading = reading;
      this.files = files;
      this.sections = new Sections(reading, files);
      this.sections.checkFolders();
      Sections.ALL.forEach(section -> this.paths.put(section, this.sections.files(section)));
      this.checks = new ModelChecks(reading, this.paths);
    }

    Model read(@Nullable Map<String, Connection> connections, VaultNaming naming) {
      Map<String, LandTable> land = this.land(connections);
      Map<String, VaultTable> vault = this.vault(naming, land);
      this.at = new AtInstant(vault.values());
      Map<String, Mart> marts = this.marts(naming);
      Systems systems = new Systems(land, vault, marts);
      Map<String, Reconciliation> reconciliations = this.reconciliations(marts, systems);
      Map<String, Publication> publications = this.publications(marts, reconciliations);
      this.checks.names(vault.values());
      this.checks.shared(land.values());
      this.checks.keyColumns(marts);
      return new Model(
          List.copyOf(land.values()),
          List.copyOf(vault.values()),
          this.checks.inOrder(marts),
          List.copyOf(reconciliations.values()),
          List.copyOf(publications.values()));
    }

    private Map<String, Path> of(String section) {
      return this.paths.getOrDefault(section, Map.of());
    }

    private Map<String, LandTable> land(@Nullable Map<String, Connection> connections) {
      Map<String, LandTable> result = new LinkedHashMap<>();
      this.of("land")
          .forEach(
              (name, file) ->
                  this.sections
                      .node(file, "land")
                      .ifPresent(node -> result.put(name, LandReader.read(node, connections))));
      return result;
    }

    private Map<String, VaultTable> vault(VaultNaming naming, Map<String, LandTable> land) {
      VaultInputs inputs = new VaultInputs(land, this.of("land").keySet());
      this.of("stage")
          .forEach((name, file) -> this.sections.node(file, "stage").ifPresent(inputs::add));
      VaultReader reader = new VaultReader(naming, inputs);
      this.of("vault")
          .forEach((name, file) -> this.sections.node(file, "vault").ifPresent(reader::add));
      return reader.read();
    }

    private Map<String, Mart> marts(VaultNaming naming) {
      Map<String, Mart> result = new LinkedHashMap<>();
      MartReader reader =
          new MartReader(naming, this.of("vault").keySet(), this.of("mart").keySet());
      this.of("mart")
          .forEach(
              (name, file) ->
                  this.sections
                      .node(file, "mart")
                      .ifPresent(node -> result.put(name, reader.read(node, this.sql(file)))));
      return result;
    }

    private Map<String, Reconciliation> reconciliations(Map<String, Mart> marts, Systems systems) {
      Map<String, Reconciliation> result = new LinkedHashMap<>();
      ReconciliationReader reader =
          new ReconciliationReader(marts, this.of("mart").keySet(), systems);
      this.of("reconcile")
          .forEach(
              (name, file) ->
                  this.sections
                      .node(file, "reconcile")
                      .flatMap(node -> reader.read(node, this.sql(file)))
                      .ifPresent(read -> result.put(name, read)));
      return result;
    }

    private Map<String, Publication> publications(
        Map<String, Mart> marts, Map<String, Reconciliation> reconciliations) {
      Map<String, Publication> result = new LinkedHashMap<>();
      PublicationReader reader =
          new PublicationReader(
              marts, this.of("mart").keySet(), reconciliations, this.of("reconcile").keySet());
      this.of("publish")
          .forEach(
              (name, file) ->
                  this.sections
                      .node(file, "publish")
                      .flatMap(reader::read)
                      .ifPresent(read -> result.put(name, read)));
      return result;
    }

    private SqlReader sql(Path file) {
      Path folder = file.getParent();
      return new SqlReader(this.files, folder == null ? this.reading.conf() : folder, this.at);
    }
  }
}
