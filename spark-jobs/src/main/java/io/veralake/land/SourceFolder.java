package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LeaseRecoverable;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a table's folder, on any file system that Hadoop knows.
 *
 * @param files those that are chosen, in the order of their names
 * @param complete tells which of them are all there
 * @param system where they are
 */
record SourceFolder(List<SourceFile> files, Completeness complete, FileSystem system) {
  /** Those of the folder {@code source} that its rules choose. */
  static SourceFolder of(
      RunContext context, LandTable table, LandSource.Folder source, Configuration hadoop) {
    Path folder = folder(context, source.path());
    try {
      FileSystem system = folder.getFileSystem(hadoop);
      Path root = system.makeQualified(folder);
      if (!system.getFileStatus(root).isDirectory()) {
        throw new DataException(
            "Cannot land "
                + table.name()
                + ": "
                + root
                + " is a file (path names the folder that holds the files)");
      }
      FileChoice choice = new FileChoice(source.files());
      List<SourceFile> files = new ArrayList<>();
      Map<String, Long> markers = new HashMap<>();
      RemoteIterator<LocatedFileStatus> found = system.listFiles(root, source.files().recursive());
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        String url = file.getPath().toString();
        String name = url.substring(root.toString().length() + (root.isRoot() ? 0 : 1));
        if (choice.has(name)) {
          files.add(
              new SourceFile(name, url, file.getLen(), file.getModificationTime(), etag(file)));
        } else if (choice.marks(name)) {
          markers.put(name, file.getModificationTime());
        }
      }
      files.sort(Comparator.comparing(SourceFile::name));
      Completeness complete = new Completeness(source.files(), markers, context.asOf());
      return new SourceFolder(files, complete, system);
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Missing folder of raw."
              + table.name()
              + ": "
              + folder
              + " (create it, or correct path of the land model or veralake.input; an empty folder is fine)",
          e);
    } catch (IOException e) {
      throw new DataException(
          "Cannot list the folder of raw."
              + table.name()
              + ": "
              + folder
              + ": "
              + e.getMessage()
              + " (check that the store is up and has the bucket, its address and the credentials)",
          e);
    }
  }

  /**
   * The folder that {@code path} names. What S3 itself calls s3 is s3a to Hadoop, unless Iceberg's
   * client reads it.
   */
  static Path folder(RunContext context, String path) {
    String input = context.engine().input();
    String whole =
        path.contains("://") || path.startsWith("/") || path.startsWith("file:")
            ? path
            : input + (input.endsWith("/") ? "" : "/") + path;
    if (whole.startsWith("s3://") && !context.engine().catalog().readsS3()) {
      return new Path("s3a://" + whole.substring(5));
    }
    return whole.contains(":") || whole.startsWith("/")
        ? new Path(whole)
        : new Path(context.engine().home().resolve(whole).toUri());
  }

  /**
   * Those of {@code some} that are all there. On HDFS a file has its name while it is written, and
   * the time at which that began: there nothing is read that is still open.
   */
  List<SourceFile> ready(List<SourceFile> some) {
    List<SourceFile> ready = new ArrayList<>();
    for (SourceFile file : some) {
      try {
        boolean closed =
            !(this.system instanceof LeaseRecoverable leased)
                || leased.isFileClosed(new Path(file.url()));
        if (closed && this.complete.of(file)) {
          ready.add(file);
        }
      } catch (IOException e) {
        throw new DataException(
            "Cannot ask whether " + file.url() + " is closed: " + e.getMessage(), e);
      }
    }
    return ready;
  }

  private static String etag(FileStatus file) {
    String etag = file instanceof EtagSource source ? source.getEtag() : null;
    return etag == null ? "" : etag;
  }
}
