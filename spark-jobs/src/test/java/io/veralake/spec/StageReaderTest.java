package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StageReaderTest {
  private static ColumnType type(String text) {
    return ColumnType.parse(text).orElseThrow();
  }

  private static VaultSource firstSource(ConfFolder conf, String table) {
    return conf.model().vault().stream()
        .filter(one -> one.name().equals(table))
        .findFirst()
        .orElseThrow()
        .sources()
        .get(0);
  }

  @Test
  void stagesReachTheirRecords() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/stage/adults.conf",
                """
                from = people
                columns {
                  initial = "upper(left(name, 1))"
                  year { sql = "year(born)", type = bigint }
                  origin { constant = "o'hare" }
                  level { constant = 3, type = int }
                }
                where = "born < DATE '2006-01-01'"
                """)
            .with(
                "models/stage/paid.conf",
                """
                from = adults
                columns { age = "2026 - year" }
                where = "pay > 0 AND initial <> 'X'"
                """)
            .edit(
                "models/vault/hub_person.conf",
                "[people]",
                "[{ from = paid, columns { id = \"age + level\" }, where = \"origin IS NOT NULL\" }]");

    VaultSource source = firstSource(conf, "hub_person");

    assertThat(source.from()).isEqualTo("people");
    assertThat(source.input()).isEqualTo("stage paid");
    assertThat(source.where()).isEqualTo("origin IS NOT NULL");
    assertThat(source.stages())
        .containsExactly(
            new Stage(
                "adults",
                List.of(
                    new Stage.Derived("initial", "upper(left(name, 1))", Optional.empty()),
                    new Stage.Derived("year", "year(born)", Optional.of(type("bigint"))),
                    new Stage.Derived("origin", "'o\\'hare'", Optional.of(type("string"))),
                    new Stage.Derived("level", "CAST('3' AS int)", Optional.of(type("int")))),
                "born < DATE '2006-01-01'",
                Optional.empty()),
            new Stage(
                "paid",
                List.of(new Stage.Derived("age", "2026 - year", Optional.empty())),
                "pay > 0 AND initial <> 'X'",
                Optional.empty()));
  }

  @Test
  void arraysOfDocumentsAreTakenApart() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/stage/tags.conf", TAGS)
            .edit("models/vault/hub_note.conf", "sources = ", "sources = [tags]\n# ");

    Stage.Explode explode = firstSource(conf, "hub_note").stages().get(0).explode().orElseThrow();

    assertThat(explode.array())
        .isEqualTo("from_json(get_json_object(document, '$.tags'), 'array<string>')");
    assertThat(explode.columns()).extracting(Stage.Derived::name).containsExactly("tag", "place");
    assertThat(explode.where()).isEqualTo("length(item) > 0");
    assertThat(explode.key()).containsExactly("tag");
    assertThat(explode.identity()).containsExactly("tag");
    assertThat(explode.ranks())
        .containsExactly(
            new Stage.Rank("nth", List.of("tag"), List.of(new Stage.Term("place", true))));
  }

  private static final String TAGS =
      """
      from = notes
      columns { note_id = "$.id", words { path = "$.words", type = int } }
      explode {
        array = "$.tags[*]"
        columns { tag = "$item.name", place = item_number }
        where = "length(item) > 0"
        key = [tag]
        ranks { nth { within = [tag], order-by = ["place desc"] } }
      }
      """;

  @Test
  void everyMistakeIsSaidWithWhatWouldBeRight() {
    ConfFolder conf =
        ConfFolder.small()
            .with(
                "models/stage/wrong.conf",
                """
                from = people
                columns {
                  a = "uper(name)"
                  b = "max(pay)"
                  c { constant = x, type = int }
                  d { sql = "name", path = "$.n" }
                  e { type = int }
                  f = "$.name"
                  g { sql = "id", type = bigit }
                  E = name
                  h = "$item.x"
                  item = name
                }
                where = "name"
                """)
            .with(
                "models/stage/items.conf",
                """
                from = people
                explode {
                  array = "name"
                  columns { t = "item || nme" }
                  key = [tt]
                  ranks { r { order-by = ["t down", x] }, t { order-by = t, within = [y] } }
                }
                """)
            .with("models/stage/one.conf", "from = two")
            .with("models/stage/two.conf", "from = one")
            .with("models/stage/three.conf", "from = peple")
            .with("models/stage/people.conf", "from = notes");

    assertThat(conf.problems())
        .containsExactlyInAnyOrder(
            "Invalid column a in columns of wrong: uper(name) (unknown function uper: did you mean \"upper\"?) at models/stage/wrong.conf: 3",
            "Invalid column b in columns of wrong: max(pay) (max: an aggregate sees other rows, which depend on the batch: compute it in a mart) at models/stage/wrong.conf: 4",
            "Invalid column c in columns of wrong: 'x' (doesn't fit int) at models/stage/wrong.conf: 5",
            "Invalid column d in columns of wrong: sql, path (one of sql, path and constant) at models/stage/wrong.conf: 6",
            "Invalid column e in columns of wrong: type (one of sql, path and constant) at models/stage/wrong.conf: 7",
            "Invalid column f in columns of wrong: $.name (SQL: people has no documents) at models/stage/wrong.conf: 8",
            "Invalid type of column g in columns of wrong: bigit (boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp) at models/stage/wrong.conf: 9",
            "Invalid column E in columns of wrong: E (%s) at models/stage/wrong.conf: 10"
                .formatted(Names.ALLOWED),
            "Invalid column h in columns of wrong: $item.x (a path of the document, $.…) at models/stage/wrong.conf: 11",
            "Invalid column item in columns of wrong: item (another name: expressions call the item so) at models/stage/wrong.conf: 12",
            "Invalid where of wrong: name (a condition, not of type string) at models/stage/wrong.conf: 14",
            "Invalid explode.array of items: name (an array, not of type string) at models/stage/items.conf: 3",
            "Invalid column t in explode.columns of items: item || nme (unknown column nme of people: did you mean \"name\"?) at models/stage/items.conf: 4",
            "Unknown column in explode.key of items: tt (did you mean \"t\"?) at models/stage/items.conf: 5",
            "Invalid explode.ranks.r.order-by of items: t down (a column of the item, with asc or desc behind it) at models/stage/items.conf: 6",
            "Unknown column of the item in explode.ranks.r.order-by of items: x (item_number, t) at models/stage/items.conf: 6",
            "Invalid rank t of items: t (each name once) at models/stage/items.conf: 6",
            "Unknown column of the item in explode.ranks.t.within of items: y (t) at models/stage/items.conf: 6",
            "Invalid from of one: one → two → one (a stage may not depend on itself) at models/stage/one.conf: 1",
            "Unknown raw table or stage in from of three: peple (did you mean \"people\"?) at models/stage/three.conf: 1",
            "Duplicate name: people (already taken by a raw table) at models/stage/people.conf: 1");
  }

  @Test
  void sourcesSeeWhatStagesGive() {
    ConfFolder conf =
        ConfFolder.small()
            .with("models/stage/tags.conf", TAGS)
            .with(
                "models/vault/hub_tag.conf",
                """
                type = hub
                business-key { tag = string }
                sources = [
                  tags
                  { from = tags, columns { tag = tg } }
                  { from = tags, columns { tag = "$.id" } }
                  { from = tags, columns { tag { constant = x } }, where = "words" }
                ]
                """)
            .with(
                "models/vault/hub_size.conf",
                """
                type = hub
                business-key { size = int }
                sources = [
                  { from = people, columns { size { constant = big } } }
                  { from = people, columns { size { constant = 1, type = int } } }
                ]
                """);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid column size in sources.columns of hub_size: 'big' (doesn't fit int) at models/vault/hub_size.conf: 4",
            "Invalid column size in sources.columns of hub_size: type = int (the vault table says its columns' types) at models/vault/hub_size.conf: 5",
            "Unknown column of tags in sources.columns of hub_tag: tg (did you mean \"tag\"?) at models/vault/hub_tag.conf: 5",
            "Invalid sources.where of hub_tag: words (a condition, not of type int) at models/vault/hub_tag.conf: 7");
  }

  @Test
  void versionsOfItemsNeedWhatTellsThemApart() {
    String satellite =
        """
        type = satellite
        parent = hub_note
        payload { tag = string }
        sources = [tags]
        """;
    ConfFolder conf =
        ConfFolder.small()
            .with("models/stage/tags.conf", TAGS)
            .with("models/vault/sat_tag.conf", satellite);

    assertThat(conf.problems())
        .containsExactly(
            "Invalid sources of sat_tag: stage tags (one whose key has tag in it, by which explode tells items apart: else several items are one key at one time) at models/vault/sat_tag.conf: 4");

    conf.with(
        "models/vault/sat_tag.conf",
        satellite
            .replace("= satellite", "= multi-active-satellite\nmembers = single")
            .replace(
                "payload { tag = string }", "member-key { tag = string }\npayload { nth = int }"));
    assertThat(conf.problems()).isEmpty();
  }
}
