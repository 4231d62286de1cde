package io.veralake.spec;

import java.util.List;
import java.util.Optional;

/** Reads what land models say of values inside documents. */
final class DocumentFieldReader {
  private DocumentFieldReader() {}

  /** The field under {@code key}: a path, or {@code { path, type }}. */
  static Optional<DocumentField> field(Node node, String key) {
    if (node.isObject(key)) {
      return node.object(key, key).flatMap(DocumentFieldReader::field);
    }
    return path(node, key, node.text(key))
        .map(path -> new DocumentField(path, DocumentField.Type.TIMESTAMP));
  }

  /** The fields of the list under {@code key}. */
  static List<DocumentField> fields(Node node, String key) {
    return node.objects(key, "path").stream()
        .map(DocumentFieldReader::field)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The path that {@code text}, a value of {@code key}, writes. */
  static Optional<JsonPath> path(Node node, String key, String text) {
    Optional<JsonPath> path = JsonPath.parse(text);
    if (path.isEmpty() && node.has(key)) {
      node.invalid(key, text, JsonPath.ALLOWED);
    }
    return path;
  }

  private static Optional<DocumentField> field(Node field) {
    Optional<JsonPath> path = path(field, "path", field.text("path"));
    DocumentField.Type type =
        Scalars.word(field, "type", DocumentField.Type.class, DocumentField.Type.TIMESTAMP);
    field.end();
    return path.map(found -> new DocumentField(found, type));
  }
}
