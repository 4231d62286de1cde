package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Lists the files of a table's folder, on any file system that Hadoop knows. */
final class SourceFolder {
  private SourceFolder() {}

  /**
   * All files below the folder in the order of their names; hidden ones (first letter {@code .} or
   * {@code _}) don't count.
   */
  static List<SourceFile> files(
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
      List<SourceFile> files = new ArrayList<>();
      RemoteIterator<LocatedFileStatus> found = system.listFiles(root, true);
      while (found.hasNext()) {
        LocatedFileStatus file = found.next();
        String url = file.getPath().toString();
        String name = url.substring(root.toString().length() + 1);
        if (visible(name)) {
          files.add(new SourceFile(name, url, file.getLen(), file.getModificationTime()));
        }
      }
      files.sort(Comparator.comparing(SourceFile::name));
      return files;
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

  /** The folder that {@code path} names. */
  static Path folder(RunContext context, String path) {
    String input = context.engine().input();
    String whole =
        path.contains("://") || path.startsWith("/") || path.startsWith("file:")
            ? path
            : input + (input.endsWith("/") ? "" : "/") + path;
    if (whole.startsWith("s3://")) {
      return new Path("s3a://" + whole.substring(5));
    }
    return whole.contains(":") || whole.startsWith("/")
        ? new Path(whole)
        : new Path(context.engine().home().resolve(whole).toUri());
  }

  private static boolean visible(String name) {
    for (String part : name.split("/", -1)) {
      if (part.startsWith(".") || part.startsWith("_")) {
        return false;
      }
    }
    return true;
  }
}
