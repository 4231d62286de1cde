package io.veralake.demo.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The ClickHouse engine as a shared library, fetched once into the user's cache folder: whole,
 * checked, or not there at all.
 *
 * <p>Several threads and processes may ask at once; one fetches, the others wait for it.
 */
public final class EngineLibrary {
  /** A {@code libchdb.so} of the user's own; nothing is fetched then. */
  public static final String OWN_LIBRARY = "VERALAKE_LIBCHDB";

  private static final String PACKAGE = "@chdb/lib-linux-x64-gnu";
  static final String VERSION = "26.7.3-stable.1";
  private static final String SHA_512 =
      "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==";
  private static final long ARCHIVE_BYTES = 177_817_999;
  private static final long FREE_BYTES = 1_000_000_000;
  private static final String FILE = "libchdb.so";

  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final String sha512;

  /** With the process's own environment; lines about a download go to {@code progress}. */
  public EngineLibrary(Consumer<String> progress) {
    this(System.getenv(), progress, SHA_512);
  }

  EngineLibrary(Map<String, String> environment, Consumer<String> progress, String sha512) {
    this.environment = Map.copyOf(environment);
    this.progress = progress;
    this.sha512 = sha512;
  }

  /** The library if it can be used right away, without fetching. */
  public Optional<Path> present() {
    String own = this.environment.getOrDefault(OWN_LIBRARY, "");
    Path file = own.isEmpty() ? folder().resolve(FILE) : Path.of(own).toAbsolutePath();
    return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
  }

  /** The library, fetched if it is not there yet; throws {@link ServerException} if it can't be. */
  public Path fetch() {
    checkPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
    Optional<Path> present = present();
    if (present.isPresent()) {
      return present.get();
    }
    String own = this.environment.getOrDefault(OWN_LIBRARY, "");
    if (!own.isEmpty()) {
      throw new ServerException("Cannot read the library that " + OWN_LIBRARY + " names: " + own);
    }
    try {
      return fetchLocked();
    } catch (IOException e) {
      throw new ServerException(
          "Failed to fetch the ClickHouse engine into " + folder() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while fetching the ClickHouse engine", e);
    }
  }

  static void checkPlatform(String system, String machine) {
    boolean linux = system.toLowerCase(Locale.ROOT).startsWith("linux");
    boolean x64 = machine.equals("amd64") || machine.equals("x86_64");
    if (!linux || !x64) {
      throw new ServerException(
          "Cannot run the embedded ClickHouse engine on "
              + system
              + " "
              + machine
              + " (Linux on x86-64 with glibc only); use a ClickHouse server instead and set its"
              + " address in the environment's configuration");
    }
  }

  private Path folder() {
    return CacheFolder.of(this.environment).resolve("chdb").resolve(VERSION);
  }

  private Path fetchLocked() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(folder());
    synchronized (EngineLibrary.class) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("fetch.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        Path library = folder.resolve(FILE);
        if (lock.isValid() && !Files.exists(library)) {
          fetchInto(folder, library);
        }
        return library;
      }
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      this.progress.accept("Waiting for another process that fetches the ClickHouse engine");
      lock = channel.lock();
    }
    return lock;
  }

  /**
   * Only the last move makes the library visible; what an interrupted run left is removed first.
   */
  private void fetchInto(Path folder, Path library) throws IOException, InterruptedException {
    Path work = folder.resolve("download");
    delete(work);
    Files.createDirectory(work);
    try {
      if (Files.getFileStore(work).getUsableSpace() < FREE_BYTES) {
        throw new ServerException(
            "Cannot fetch the ClickHouse engine: less than 1 GB free at " + folder);
      }
      this.progress.accept(
          "Fetching the ClickHouse engine once: "
              + PackageSource.megabytes(ARCHIVE_BYTES)
              + " MB into "
              + folder);
      Path archive =
          new PackageSource(this.environment, this.progress)
              .download(PACKAGE, VERSION, ARCHIVE_BYTES, work);
      check(archive);
      this.progress.accept("Unpacking the ClickHouse engine");
      Path unpacked = work.resolve(FILE);
      if (!TarEntry.extract(archive, "package/" + FILE, unpacked)) {
        throw new ServerException("Missing " + FILE + " in " + PACKAGE + "@" + VERSION);
      }
      try (FileChannel written = FileChannel.open(unpacked, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(work);
    }
  }

  private void check(Path archive) throws IOException {
    String found;
    try (InputStream in = Files.newInputStream(archive)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      found = Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    if (!found.equals(this.sha512)) {
      throw new ServerException(
          "Invalid archive of "
              + PACKAGE
              + "@"
              + VERSION
              + ": sha512 "
              + found
              + " ("
              + this.sha512
              + " expected); the registry or a proxy on the way sent something else, try again");
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
