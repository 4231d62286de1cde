package io.veralake.demo.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EngineLibraryTest {
  @TempDir Path cache;

  private final byte[] content = new byte[1_000_000];
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private PackageRegistry registry;

  @BeforeEach
  void startRegistry() throws IOException {
    new Random(1).nextBytes(this.content);
    this.registry = new PackageRegistry(this.content);
    this.environment.put("VERALAKE_CACHE", this.cache.toString());
    this.environment.put("npm_config_registry", this.registry.url());
  }

  @AfterEach
  void stopRegistry() {
    this.registry.close();
  }

  private EngineLibrary library() {
    return new EngineLibrary(this.environment, this.lines::add, this.registry.sha512());
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.walk(this.cache)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("fetch.lock"))
          .toList();
    }
  }

  @Test
  void isFetchedOverHttpWhereNpmIsMissingAndOnlyOnce() throws IOException {
    assertThat(library().present()).isEmpty();
    Path file = library().fetch();
    assertThat(file).hasBinaryContent(this.content);
    assertThat(library().fetch()).isEqualTo(file);
    assertThat(library().present()).hasValue(file);
    assertThat(cached()).containsExactly(file);
    assertThat(this.registry.requests()).isEqualTo(1);
    assertThat(this.lines).first().asString().contains("once", "178 MB", this.cache.toString());
  }

  @Test
  void anArchiveWithAnotherHashIsRefusedAndLeavesNothing() throws IOException {
    EngineLibrary library = new EngineLibrary(this.environment, this.lines::add, "another");
    assertThatThrownBy(library::fetch)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("Invalid archive")
        .hasMessageContaining("another expected");
    assertThat(cached()).isEmpty();
  }

  @Test
  void aBrokenDownloadLeavesNothingAndTheNextOneSucceeds() throws IOException {
    this.registry.breakOff(true);
    assertThatThrownBy(library()::fetch)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("Failed to fetch the ClickHouse engine");
    assertThat(cached()).isEmpty();
    this.registry.breakOff(false);
    assertThat(library().fetch()).hasBinaryContent(this.content);
  }

  @Test
  void whatAKilledProcessLeftIsRemoved() throws IOException {
    Path work = this.cache.resolve("chdb").resolve(EngineLibrary.VERSION).resolve("download");
    Files.createDirectories(work.resolve("npm"));
    Files.writeString(work.resolve("libchdb.so"), "half");
    Files.writeString(work.resolve("npm").resolve("part"), "half");
    Path file = library().fetch();
    assertThat(file).hasBinaryContent(this.content);
    assertThat(cached()).containsExactly(file);
  }

  @Test
  void severalProcessesFetchOnce() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Fetch.class.getName(),
              this.registry.sha512());
      builder.environment().putAll(this.environment);
      builder.environment().put("PATH", "");
      processes.add(builder.inheritIO().start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    assertThat(this.registry.requests()).isEqualTo(1);
    assertThat(library().present())
        .hasValueSatisfying(f -> assertThat(f).hasBinaryContent(this.content));
  }

  /** Fetches with the environment of its process. */
  static final class Fetch {
    private Fetch() {}

    public static void main(String[] arguments) {
      new EngineLibrary(System.getenv(), line -> {}, arguments[0]).fetch();
    }
  }

  @Test
  void whatNpmSaysIsShown() throws IOException {
    Path bin = Files.createDirectory(this.cache.resolve("bin"));
    Path npm = Files.writeString(bin.resolve("npm"), "#!/bin/sh\necho E401 no token >&2\nexit 1\n");
    Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwx------"));
    this.environment.put("PATH", bin.toString());
    assertThatThrownBy(library()::fetch)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("E401 no token")
        .hasMessageContaining("VERALAKE_NPM_REGISTRY");
    assertThat(this.registry.requests()).isZero();
  }

  @Test
  void aRegistryOutOfReachIsNamedWithAdvice() {
    this.registry.close();
    assertThatThrownBy(library()::fetch)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining(this.registry.url())
        .hasMessageContaining("install npm, or set VERALAKE_NPM_REGISTRY");
  }

  @Test
  void aLibraryOfTheUsersOwnIsTakenAsItIs() throws IOException {
    Path own = Files.write(this.cache.resolve("own.so"), this.content);
    this.environment.put("VERALAKE_LIBCHDB", own.toString());
    assertThat(library().fetch()).isEqualTo(own);
    Files.delete(own);
    assertThatThrownBy(library()::fetch)
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("VERALAKE_LIBCHDB");
    assertThat(this.registry.requests()).isZero();
  }

  @Test
  void otherMachinesAreRefusedWithTheWayOut() {
    assertThatThrownBy(() -> EngineLibrary.checkPlatform("Mac OS X", "aarch64"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("Mac OS X aarch64")
        .hasMessageContaining("use a ClickHouse server instead");
    EngineLibrary.checkPlatform("Linux", "amd64");
  }
}
