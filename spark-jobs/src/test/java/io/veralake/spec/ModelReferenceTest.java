package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/model-reference.md} says what the reader does: its examples are a valid model, its
 * tables name the reader's keys.
 */
final class ModelReferenceTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- file: (\\S+) -->\n```(?:hocon|sql)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TABLE =
      Pattern.compile("<!-- keys: ([^>]+) -->\n((?:\\|[^\n]*\n)+)");
  private static final Pattern KEY = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

  @Test
  void theExamplesAreOneValidModel() throws IOException {
    Model model = examples().model();

    assertThat(model.land()).hasSize(examples("land")).hasSizeGreaterThan(10);
    assertThat(model.vault()).hasSize(examples("vault")).hasSizeGreaterThan(15);
    assertThat(model.marts())
        .extracting(Mart::name)
        .containsExactly("dim_customer", "fact_order", "agg_month");
    assertThat(model.reconciliations().get(0).systems()).containsExactly("shop");
    assertThat(model.publications()).hasSize(2);
  }

  /** How many examples are models of {@code stage}. */
  private static int examples(String stage) throws IOException {
    return (int)
        EXAMPLE
            .matcher(text())
            .results()
            .filter(example -> example.group(1).startsWith("models/" + stage + "/"))
            .count();
  }

  @Test
  void theTablesNameEveryKeyOfTheReaderAndNoOther() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    Matcher table = TABLE.matcher(text());
    while (table.find()) {
      Set<String> keys = new TreeSet<>();
      Matcher key = KEY.matcher(table.group(2));
      while (key.find()) {
        keys.add(key.group(1));
      }
      for (String kind : table.group(1).split(" ")) {
        documented.put(kind, keys);
      }
    }
    Map<String, Set<String>> asked = new TreeMap<>(examples().asked());
    asked.keySet().removeIf(kind -> kind.startsWith("veralake") || kind.equals("vault"));

    assertThat(documented).isEqualTo(asked);
  }

  @Test
  void theMessagesAreReal() throws IOException {
    ConfFolder conf =
        examples()
            .with(
                "models/vault/link_order_customer.conf",
                "type = link\n\nhubs = [order, custmer]\nsources = [shop_orders]")
            .edit("models/land/shop_orders.conf", "path", "pth");

    assertThat(text()).contains(conf.problems().get(1));
    assertThat(text()).contains(conf.problems().get(2));
    assertThat(conf.problems()).hasSize(3);
  }

  private static ConfFolder examples() throws IOException {
    ConfFolder conf = ConfFolder.empty().with("token", "abc");
    Matcher example = EXAMPLE.matcher(text());
    while (example.find()) {
      conf.with(example.group(1), example.group(2));
    }
    return conf;
  }

  private static String text() throws IOException {
    return Files.readString(Path.of("..", "docs", "model-reference.md"));
  }
}
