package io.veralake.land.files;

/** What is said of texts that can't be read. */
public final class Texts {
  private Texts() {}

  /** The reason that tells where decompression ended. */
  public static String broken(String why) {
    return "Cannot decompress the file from here on: " + why + " (send it again, whole)";
  }
}
