package io.veralake.land.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/**
 * An object store as Hadoop's file systems are seen, read through the client of it that Iceberg
 * has: {@code fs.<scheme>.impl} names this class, {@code fs.<scheme>.file-io.*} the client's class
 * ({@code io-impl}) and its properties. Folders are what names have in common before a slash. Only
 * reads.
 */
public final class FileIoFileSystem extends FileSystem {
  private static final int BLOCK = 64 << 20;
  private static final String READ_ONLY = "Cannot write into a source: this file system only reads";

  private @Nullable URI root;
  private @Nullable SupportsPrefixOperations store;

  /** The settings, behind {@code fs.<scheme>.}, of one whose client has {@code properties}. */
  public static Map<String, String> settings(String scheme, Map<String, String> properties) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs." + scheme + ".impl", FileIoFileSystem.class.getName());
    properties.forEach((key, value) -> settings.put(prefix(scheme) + key, value));
    return settings;
  }

  private static String prefix(String scheme) {
    return "fs." + scheme + ".file-io.";
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    this.setConf(conf);
    this.root = URI.create(name.getScheme() + "://" + name.getAuthority());
    Map<String, String> properties = conf.getPropsWithPrefix(prefix(name.getScheme()));
    String type = properties.getOrDefault("io-impl", "");
    FileIO io = CatalogUtil.loadFileIO(type, properties, conf);
    if (!(io instanceof SupportsPrefixOperations listed)) {
      throw new IOException("Cannot list files through " + type);
    }
    this.store = listed;
  }

  @Override
  public String getScheme() {
    return this.getUri().getScheme();
  }

  @Override
  public URI getUri() {
    URI known = this.root;
    if (known == null) {
      throw new IllegalStateException("Not initialized");
    }
    return known;
  }

  private SupportsPrefixOperations store() {
    SupportsPrefixOperations known = this.store;
    if (known == null) {
      throw new IllegalStateException("Not initialized");
    }
    return known;
  }

  @Override
  public FSDataInputStream open(Path file, int buffer) throws IOException {
    String address = address(this.makeQualified(file));
    try {
      return new FSDataInputStream(new Opened(this.store().newInputFile(address).newStream()));
    } catch (NotFoundException e) {
      throw missing(file, e);
    } catch (RuntimeException e) {
      throw failed("open " + address, e);
    }
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Path whole = this.makeQualified(path);
    try {
      if (whole.isRoot() || this.store().listPrefix(folder(whole)).iterator().hasNext()) {
        return new FileStatus(0, true, 1, BLOCK, 0, whole);
      }
      var file = this.store().newInputFile(address(whole));
      if (file.exists()) {
        return new FileStatus(file.getLength(), false, 1, BLOCK, 0, whole);
      }
    } catch (NotFoundException e) {
      throw missing(path, e);
    } catch (RuntimeException e) {
      throw failed("look for " + whole, e);
    }
    throw missing(path, null);
  }

  @Override
  public RemoteIterator<LocatedFileStatus> listFiles(Path path, boolean recursive)
      throws IOException {
    Path folder = this.makeQualified(path);
    Iterator<FileInfo> found;
    try {
      found = this.store().listPrefix(folder(folder)).iterator();
    } catch (RuntimeException e) {
      throw failed("list " + folder, e);
    }
    return new Listing(folder, recursive, found);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    RemoteIterator<LocatedFileStatus> found = this.listFiles(path, false);
    while (found.hasNext()) {
      files.add(found.next());
    }
    return files.toArray(FileStatus[]::new);
  }

  private static String folder(Path path) {
    String text = path.toString();
    return text.endsWith("/") ? text : text + "/";
  }

  /** Iceberg's addresses end at a question mark or hash, names of objects don't. */
  private static String address(Path path) throws IOException {
    String text = path.toString();
    if (text.contains("?") || text.contains("#")) {
      throw new IOException(
          "Cannot read "
              + text
              + ": Iceberg's client knows no names with ? or # (read it by an address that begins with s3a:)");
    }
    return text;
  }

  private static FileNotFoundException missing(Path path, @Nullable Exception cause) {
    FileNotFoundException missing = new FileNotFoundException("No such file or folder: " + path);
    if (cause != null) {
      missing.initCause(cause);
    }
    return missing;
  }

  /** The clients of stores fail with unchecked exceptions of their own. */
  private static IOException failed(String what, RuntimeException cause) {
    return new IOException("Cannot " + what + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    super.close();
    SupportsPrefixOperations known = this.store;
    if (known != null) {
      known.close();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress) {
    throw new UnsupportedOperationException(READ_ONLY);
  }

  @Override
  public FSDataOutputStream append(Path file, int buffer, Progressable progress) {
    throw new UnsupportedOperationException(READ_ONLY);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException(READ_ONLY);
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw new UnsupportedOperationException(READ_ONLY);
  }

  @Override
  public boolean mkdirs(Path folder, FsPermission permission) {
    throw new UnsupportedOperationException(READ_ONLY);
  }

  @Override
  public void setWorkingDirectory(Path folder) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(this.getUri().toString() + "/");
  }

  /** The files below a folder, without the empty objects that stand for folders. */
  private static final class Listing implements RemoteIterator<LocatedFileStatus> {
    private final Path folder;
    private final int start;
    private final boolean recursive;
    private final Iterator<FileInfo> found;
    private @Nullable LocatedFileStatus next;

    Listing(Path folder, boolean recursive, Iterator<FileInfo> found) {
      this.folder = folder;
      this.start = folder(folder).length();
      this.recursive = recursive;
      this.found = found;
    }

    @Override
    public boolean hasNext() throws IOException {
      try {
        while (this.next == null && this.found.hasNext()) {
          FileInfo file = this.found.next();
          String name = file.location().substring(this.start);
          if (!name.isEmpty() && !name.endsWith("/") && (this.recursive || name.indexOf('/') < 0)) {
            Path path = new Path(file.location());
            FileStatus status =
                new FileStatus(file.size(), false, 1, BLOCK, file.createdAtMillis(), path);
            this.next = new LocatedFileStatus(status, null);
          }
        }
        return this.next != null;
      } catch (RuntimeException e) {
        throw failed("list " + this.folder, e);
      }
    }

    @Override
    public LocatedFileStatus next() throws IOException {
      if (!this.hasNext() || this.next == null) {
        throw new java.util.NoSuchElementException();
      }
      LocatedFileStatus one = this.next;
      this.next = null;
      return one;
    }
  }

  private static final class Opened extends FSInputStream {
    private final SeekableInputStream in;

    Opened(SeekableInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return this.in.read();
    }

    @Override
    public int read(byte[] into, int from, int room) throws IOException {
      return this.in.read(into, from, room);
    }

    @Override
    public void seek(long place) throws IOException {
      this.in.seek(place);
    }

    @Override
    public long getPos() throws IOException {
      return this.in.getPos();
    }

    @Override
    public boolean seekToNewSource(long place) {
      return false;
    }

    @Override
    public void close() throws IOException {
      this.in.close();
    }
  }
}
