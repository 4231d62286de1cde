package io.veralake.land;

import io.veralake.lake.Lake;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/**
 * Which files a raw table holds: a list beside its data, whose address is in the summary of the
 * snapshot that holds the files' rows. Lies in a folder {@code _landed} below the table, which the
 * removal of orphan files passes over.
 */
final class FileManifest {
  /** Name, below {@code veralake.}, of the summary property that holds the list's address. */
  static final String PROPERTY = "files";

  private final Map<String, SourceFile> files;

  private FileManifest(Map<String, SourceFile> files) {
    this.files = files;
  }

  /** The list of the table's current snapshot; empty if the table is missing. */
  static FileManifest of(Lake lake, String table) {
    if (!lake.exists(table)) {
      return new FileManifest(Map.of());
    }
    Optional<String> address = lake.positions(table).value(PROPERTY);
    return address.isEmpty()
        ? new FileManifest(Map.of())
        : new FileManifest(read(lake.table(table).io(), address.get()));
  }

  /** Those of {@code offered} that aren't in the list as they are now. */
  List<SourceFile> fresh(List<SourceFile> offered) {
    return offered.stream()
        .filter(
            file -> {
              SourceFile landed = this.files.get(file.name());
              return landed == null || !landed.sameAs(file);
            })
        .toList();
  }

  /** Those of {@code batch} that have the content of another one, in words. */
  List<String> repeated(List<SourceFile> batch) {
    return RepeatedFiles.of(this.files.values(), batch);
  }

  /** Whether a file of this name is in the list. */
  boolean has(SourceFile file) {
    return this.files.containsKey(file.name());
  }

  /**
   * Writes the list with {@code landed} added; returns its address. The same list has the same
   * address.
   */
  String write(Table table, List<SourceFile> landed) {
    Map<String, SourceFile> all = new HashMap<>(this.files);
    landed.forEach(file -> all.put(file.name(), file));
    byte[] text = text(all);
    CRC32 sum = new CRC32();
    sum.update(text);
    String address =
        "%s/_landed/%d-%08x.gz".formatted(table.location(), all.size(), sum.getValue());
    try (OutputStream out = table.io().newOutputFile(address).createOrOverwrite()) {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return address;
  }

  private static byte[] text(Map<String, SourceFile> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      for (SourceFile file :
          files.values().stream().sorted(Comparator.comparing(SourceFile::name)).toList()) {
        String line =
            "%d\t%d\t%s\t%s\n"
                .formatted(
                    file.size(), file.modified(), escaped(file.etag()), escaped(file.name()));
        zip.write(line.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, SourceFile> read(FileIO io, String address) {
    Map<String, SourceFile> files = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(io.newInputFile(address).newStream()),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split("\t", -1);
        String name = unescaped(parts[parts.length - 1]);
        String etag = parts.length > 3 ? unescaped(parts[2]) : "";
        files.put(
            name,
            new SourceFile(name, "", Long.parseLong(parts[0]), Long.parseLong(parts[1]), etag));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** A name may hold whatever a file system allows. */
  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\t", "%09").replace("\n", "%0A").replace("\r", "%0D");
  }

  private static String unescaped(String text) {
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%09", "\t").replace("%25", "%");
  }
}
