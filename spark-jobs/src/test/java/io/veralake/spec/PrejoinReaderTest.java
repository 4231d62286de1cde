package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PrejoinReaderTest {
  private static final String ORDERS =
      """
      format = csv
      path = orders
      system = office
      columns { order_id = bigint, user_id = int, shop = string, born = date, pin = string }
      order-by = [born]
      """;

  private static ConfFolder folder() {
    return ConfFolder.small().with("models/land/orders.conf", ORDERS);
  }

  @Test
  void rowsTakeColumnsOfOthers() {
    ConfFolder conf =
        folder()
            .with("models/stage/busy.conf", "from = orders\nwhere = \"order_id > 0\"")
            .with(
                "models/stage/named.conf",
                """
                from = busy
                joins {
                  person {
                    from = people
                    where = "name <> ''"
                    on { user_id = id, born = born }
                    take { person_name = name }
                  }
                }
                columns { initial = "left(person_name, 1)" }
                """)
            .with(
                "models/stage/twice.conf",
                """
                from = named
                joins { boss { from = named, on { order_id = user_id }, take { boss_name = person_name } } }
                """)
            .edit(
                "models/vault/hub_person.conf",
                "[people]",
                "[people, { from = twice, columns { id = user_id }, where = \"boss_name <> initial\" }]");

    Model model = conf.model();
    VaultSource source =
        model.vault().stream()
            .filter(one -> one.name().equals("hub_person"))
            .findFirst()
            .orElseThrow()
            .sources()
            .get(1);
    Prejoin twice = source.prejoin().orElseThrow();
    Prejoin named = twice.from().prejoin().orElseThrow();

    assertThat(source.from()).isEqualTo("orders");
    assertThat(source.table()).isEqualTo("stage.twice");
    assertThat(source.stages()).extracting(Stage::name).containsExactly("twice");
    assertThat(twice.from().table()).isEqualTo("stage.named");
    assertThat(twice.from().stages()).extracting(Stage::name).containsExactly("named");
    assertThat(twice.partners().get(0).from().table()).isEqualTo("stage.named");
    assertThat(named.from().table()).isEqualTo("raw.orders");
    assertThat(named.from().stages()).extracting(Stage::name).containsExactly("busy");
    assertThat(named.tables()).containsExactly("stage.named", "stage.named__person");
    assertThat(named.partners())
        .containsExactly(
            new Prejoin.Partner(
                "person",
                new VaultSource("people", java.util.Map.of(), "name <> ''"),
                List.of(new Prejoin.Pair("born", "born"), new Prejoin.Pair("user_id", "id")),
                List.of(new Prejoin.Pair("person_name", "name"))));
    assertThat(model.prejoins()).containsExactly(named, twice);
  }

  @Test
  void everyMistakeIsSaidWithWhatWouldBeRight() {
    ConfFolder conf =
        folder()
            .with(
                "models/stage/wrong.conf",
                """
                from = orders
                joins {
                  a { from = peple, on { user_id = id }, take { n = name } }
                  b { from = people, on { user = id, user_id = idd }, take { n2 = nam } }
                  c { from = people, on { shop = id, born = changed }, take { shop = name, item = name, N = name } }
                  d { from = people }
                  e { from = people, on {}, take {}, whre = x }
                  f__f { from = people, on { user_id = id }, take { n3 = name }, where = "max(id) > 1" }
                  g { from = people, on { user_id = id }, take { n3 = name } }
                  h { from = orders, on { user_id = user_id }, take { own_shop = shop } }
                  i { from = notes, on { shop = "$.a" }, take { at = "$.b" } }
                }
                columns { x = "n3 || born" }
                """)
            .with("models/stage/none.conf", "from = orders\njoins {}")
            .with(
                "models/stage/ring.conf",
                "from = orders\njoins { r { from = ring, on { user_id = user_id }, take { s = shop } } }")
            .with("models/stage/ring__r.conf", "from = orders")
            .with(
                "models/stage/tags.conf",
                "from = notes\ncolumns { id = \"$.id\" }\njoins { p { from = people, on { id = id }, take { n = name } } }")
            .with(
                "models/stage/secrets.conf",
                "from = orders\njoins { p { from = hidden, on { pin = pin, shop = pin }, take { n = note } } }")
            .with(
                "models/land/hidden.conf",
                """
                format = csv
                path = hidden
                system = office
                columns { pin = string, note = string, at = date }
                order-by = [at]
                sensitive { pin = encrypt, note = drop }
                """);

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Missing key for sensitive of hidden: veralake.privacy.encryption-key (records that can't be read are kept encrypted where a table has sensitive values; point to it with { env = NAME } or { file = path }) at models/land/hidden.conf",
            "Invalid joins of none: {} (at least one partner) at models/stage/none.conf: 2",
            "Invalid from of ring: ring → ring (a stage may not depend on itself) at models/stage/ring.conf: 1",
            "Duplicate name: ring__r (already taken by a stage; the join r has a table of that name) at models/stage/ring.conf: 2",
            "Invalid joins.p.on of secrets: pin = pin (both sensitive in the same way, or neither: else none is equal) at models/stage/secrets.conf: 2",
            "Invalid joins.p.on of secrets: shop = pin (both sensitive in the same way, or neither: else none is equal) at models/stage/secrets.conf: 2",
            "Unknown column of hidden in joins.p.take of secrets: note (at, pin) at models/stage/secrets.conf: 2",
            "Invalid joins.p.on of tags: id (a column of from: the stage's own are made of what is joined; a stage below makes it) at models/stage/tags.conf: 3",
            "Unknown raw table or stage in joins.a.from of wrong: peple (did you mean \"people\"?) at models/stage/wrong.conf: 3",
            "Unknown column of orders in joins.b.on of wrong: user (did you mean \"user_id\"?) at models/stage/wrong.conf: 4",
            "Unknown column of people in joins.b.on of wrong: idd (did you mean \"id\"?) at models/stage/wrong.conf: 4",
            "Unknown column of people in joins.b.take of wrong: nam (did you mean \"name\"?) at models/stage/wrong.conf: 4",
            "Invalid joins.c.on of wrong: shop = id, string = bigint (columns of one type, not floating: a stage can cast them) at models/stage/wrong.conf: 5",
            "Invalid joins.c.on of wrong: born = changed, date = timestamp (columns of one type, not floating: a stage can cast them) at models/stage/wrong.conf: 5",
            "Invalid joins.c.take of wrong: shop (a name that no column of the rows has) at models/stage/wrong.conf: 5",
            "Invalid joins.c.take of wrong: item (%s) at models/stage/wrong.conf: 5"
                .formatted(Names.ALLOWED),
            "Invalid joins.c.take of wrong: N (%s) at models/stage/wrong.conf: 5"
                .formatted(Names.ALLOWED),
            "Missing key of wrong: joins.d.on at models/stage/wrong.conf: 6",
            "Missing key of wrong: joins.d.take at models/stage/wrong.conf: 6",
            "Invalid joins.e.on of wrong: {} (column of the rows = column of the partner) at models/stage/wrong.conf: 7",
            "Invalid joins.e.take of wrong: {} (name = column of the partner) at models/stage/wrong.conf: 7",
            "Unknown key of wrong: joins.e.whre (did you mean \"where\"?) at models/stage/wrong.conf: 7",
            "Invalid name of a join of wrong: f__f (%s, no two underscores together and none at the end) at models/stage/wrong.conf: 8"
                .formatted(Names.ALLOWED),
            "Invalid joins.f__f.where of wrong: max(id) > 1 (max: an aggregate sees other rows, which depend on the batch: compute it in a mart) at models/stage/wrong.conf: 8",
            "Invalid joins.g.take of wrong: n3 (each name once in all joins) at models/stage/wrong.conf: 9",
            "Invalid joins.h.on of wrong: user_id = user_id (other columns: a row has its own beside it already) at models/stage/wrong.conf: 10",
            "Invalid joins.i.on of wrong: $.a (a column; a stage makes one from a path or SQL) at models/stage/wrong.conf: 11",
            "Invalid joins.i.take of wrong: $.b (a column; a stage makes one from a path or SQL) at models/stage/wrong.conf: 11");
  }
}
