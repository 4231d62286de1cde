package io.veralake.demo.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Brings files into an object store; what is there already isn't written again, so it keeps its
 * time of modification.
 */
@Command(
    name = "s3",
    mixinStandardHelpOptions = true,
    description = {
      "Brings files into an object store.",
      "Address and keys: VERALAKE_S3_ENDPOINT, VERALAKE_S3_ACCESS_KEY, VERALAKE_S3_SECRET_KEY."
    })
public final class S3Command {
  @Spec private CommandSpec spec = CommandSpec.create();

  private S3Command() {}

  @Command(
      name = "upload",
      mixinStandardHelpOptions = true,
      description = "Copy a folder's files into a bucket, without those that are there already.")
  int upload(
      @Option(names = "--dir", required = true, description = "The folder.") Path folder,
      @Option(names = "--bucket", required = true, description = "The bucket.") String bucket,
      @Option(
              names = "--prefix",
              defaultValue = "",
              description = "What keys begin with, for example store.")
          String prefix)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new S3Exception("Missing folder: " + folder);
    }
    S3Client client = client(System.getenv());
    String start = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    int sent = 0;
    for (Path file : files) {
      String key = start + folder.relativize(file);
      if (!client.entityTag(bucket, key).equals(Optional.of(md5(file)))) {
        client.put(bucket, key, file);
        sent++;
      }
    }
    this.spec
        .commandLine()
        .getOut()
        .printf(
            "%d files sent to s3://%s/%s, %d there already%n",
            sent, bucket, start, files.size() - sent);
    return 0;
  }

  private static S3Client client(Map<String, String> environment) {
    return new S3Client(
        needed(environment, "VERALAKE_S3_ENDPOINT"),
        needed(environment, "VERALAKE_S3_ACCESS_KEY"),
        needed(environment, "VERALAKE_S3_SECRET_KEY"));
  }

  private static String needed(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new S3Exception(
          "Missing environment variable: "
              + name
              + " (for minio/minio: eval \"$(minio/minio env)\")");
    }
    return value;
  }

  private static String md5(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(java.io.OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
