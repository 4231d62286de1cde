package io.veralake.land.decode;

import java.util.List;

/** Collects what records say of their schemas, without reading what else is in them. */
public interface SchemaFinder {
  /** Finds nothing. */
  SchemaFinder NONE =
      new SchemaFinder() {
        @Override
        public void add(byte[] buffer, int from, int to) {}

        @Override
        public List<byte[]> found() {
          return List.of();
        }
      };

  /** Looks at one record; one that can't be read has no schema. */
  void add(byte[] buffer, int from, int to);

  /** What was found, each once, in the order of first appearance. */
  List<byte[]> found();
}
