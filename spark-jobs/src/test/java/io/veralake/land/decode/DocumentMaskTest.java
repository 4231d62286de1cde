package io.veralake.land.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.veralake.fixture.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DocumentMaskTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("a", "b", "ä");

  @Test
  void onlyTheValuesAtThePathsAreReplaced() throws Exception {
    DocumentMask mask = new DocumentMask();
    mask.at("$.user.email", plain -> ("<" + new String(plain, UTF_8) + ">").getBytes(UTF_8));
    mask.at("$.pin", plain -> null);

    assertThat(
            masked(
                mask,
                """
                { "user" : { "email":"a\\"b\\u00e4@x" , "n":1.50 },"email":"stays","pin" : 1234 ,\
                "x":[{"pin":1}], "user":[{"email":12e3},{"email":null},{"email":{"k":[1, 2]}}], "pin":true}"""))
        .isEqualTo(
            """
            { "user" : { "email":"<a\\"bä@x>" , "n":1.50 },"email":"stays","pin" : null ,\
            "x":[{"pin":1}], "user":[{"email":"<12e3>"},{"email":null},{"email":"<{\\"k\\":[1, 2]}>"}], "pin":null}""");
  }

  @Test
  void randomDocumentsLikeATreeThatIsChanged() throws Exception {
    long seed = Seed.of(26);
    Random random = new Random(seed);
    DocumentMask mask = new DocumentMask();
    mask.at("$.a.b", plain -> "X".getBytes(UTF_8));
    mask.at("$.ä", plain -> "Y".getBytes(UTF_8));
    for (int i = 0; i < 500; i++) {
      JsonNode tree = tree(random, 4);
      String text =
          random.nextBoolean()
              ? JSON.writeValueAsString(tree)
              : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree);
      JsonNode changed = JSON.readTree(masked(mask, text));
      replace(tree, List.of("a", "b"), "X");
      replace(tree, List.of("ä"), "Y");
      assertThat(changed).as("seed %d", seed).isEqualTo(tree);
    }
  }

  @Test
  void whatIsNoJsonIsRefusedWithoutSayingWhatItHolds() {
    DocumentMask mask = new DocumentMask();
    mask.at("$.a", plain -> plain);
    for (String text : List.of("{\"a\":secret}", "{\"a\":[1", "{\"a\"")) {
      assertThatThrownBy(() -> masked(mask, text)).hasMessage("Invalid JSON (a document)");
    }
  }

  private static String masked(DocumentMask mask, String text) throws BadRecordException {
    return new String(mask.apply(text.getBytes(UTF_8)), UTF_8);
  }

  private static JsonNode tree(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> JSON.getNodeFactory().textNode("t\"ö" + random.nextInt(9));
      case 1 -> JSON.getNodeFactory().numberNode(random.nextInt(1000));
      case 2 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 3 -> JSON.getNodeFactory().nullNode();
      case 4 -> {
        ArrayNode array = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(tree(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.createObjectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(NAMES.get(random.nextInt(3)), tree(random, depth - 1));
        }
        yield object;
      }
    };
  }

  private static void replace(JsonNode node, List<String> path, String with) {
    if (node instanceof ArrayNode array) {
      array.forEach(element -> replace(element, path, with));
    } else if (node instanceof ObjectNode object && object.has(path.get(0))) {
      JsonNode child = object.get(path.get(0));
      if (path.size() > 1) {
        replace(child, path.subList(1, path.size()), with);
      } else {
        object.set(path.get(0), replaced(child, with));
      }
    }
  }

  private static JsonNode replaced(JsonNode node, String with) {
    if (node instanceof ArrayNode array) {
      List<JsonNode> elements = new ArrayList<>();
      array.forEach(element -> elements.add(replaced(element, with)));
      return JSON.createArrayNode().addAll(elements);
    }
    return node.isNull() ? node : JSON.getNodeFactory().textNode(with);
  }
}
