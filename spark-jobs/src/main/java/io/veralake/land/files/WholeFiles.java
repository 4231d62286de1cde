package io.veralake.land.files;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Files that nothing is known of. */
final class WholeFiles {
  private WholeFiles() {}

  /** The file's bytes, as many as are kept. */
  static byte[] beginning(String url, Configuration hadoop) throws IOException {
    Path path = new Path(url);
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readNBytes(FileRecords.KEPT);
    }
  }
}
