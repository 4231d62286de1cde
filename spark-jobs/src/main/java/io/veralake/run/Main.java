package io.veralake.run;

/** The command line. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.out.println("veralake");
  }
}
