package io.veralake.lake.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.spec.ColumnType;
import io.veralake.spec.RowSql;
import io.veralake.spec.RowSql.Scope;
import io.veralake.spec.RowSql.Wanted;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowExpressionsTest {
  private static final String SAME =
      " isn't a value of the row: the same row has to give the same value in every run: use a column such as _commit_time or _load_time, or the row's own values";
  private static final String WINDOW =
      "a window sees other rows, which depend on the batch: satellites keep the order of versions, explode.ranks those of one array";
  private static final Scope PEOPLE =
      new Scope(
          Map.of("id", "bigint", "name", "string", "born", "date", "tags", "array<string>"),
          true,
          "people");

  private final RowSql sql = new RowExpressions();

  private Optional<String> fault(String expression, Wanted wanted) {
    return this.sql.judge(expression, PEOPLE, wanted).fault();
  }

  private Optional<String> fault(String expression) {
    return this.fault(expression, Wanted.VALUE);
  }

  private static Wanted type(String type) {
    return Wanted.value(ColumnType.parse(type).orElseThrow());
  }

  @Test
  void valuesOfARowPassWithTheirTypes() {
    assertThat(this.sql.judge("upper(trim(name))", PEOPLE, type("string")).type())
        .isEqualTo("string");
    assertThat(this.sql.judge("id + 1", PEOPLE, Wanted.VALUE).type()).isEqualTo("bigint");
    assertThat(
            this.sql.judge("transform(tags, (t, n) -> concat(t, n, name))", PEOPLE, Wanted.ARRAY))
        .extracting(RowSql.Verdict::type)
        .isEqualTo("array<string>");
    assertThat(this.fault("id > 3 AND name LIKE 'A%'", Wanted.CONDITION)).isEmpty();
    assertThat(this.fault("`Name`", type("string"))).isEmpty();
    assertThat(this.fault("CASE WHEN _op = 'd' THEN _commit_time END", type("timestamp")))
        .isEmpty();
    assertThat(this.fault("_position.major", type("bigint"))).isEmpty();
    assertThat(this.fault("CAST(name AS timestamp)", type("timestamp"))).isEmpty();
    assertThat(this.fault("raise_error('no')")).isEmpty();
  }

  @Test
  void whatIsNoSqlIsSaidWithItsPlace() {
    assertThat(this.fault("upper(name"))
        .hasValue("not an expression of SQL: Syntax error at or near end of input: missing ')'");
    assertThat(this.fault("name name name"))
        .hasValue("not an expression of SQL: Syntax error at or near 'name': extra input 'name'");
  }

  @Test
  void unknownNamesHaveTheNearest() {
    assertThat(this.fault("upper(nme)"))
        .hasValue("unknown column nme of people: did you mean \"name\"?");
    assertThat(this.fault("upper(zzzzzzz)"))
        .hasValue("unknown column zzzzzzz of people: born, id, name, tags");
    assertThat(this.fault("uper(name)")).hasValue("unknown function uper: did you mean \"upper\"?");
    assertThat(this.fault("db.f(name)")).hasValue("unknown function f: one of Spark SQL");
    assertThat(this.fault("transform(tags, t -> upper(u))"))
        .hasValue("unknown column u of people: born, id, name, tags");
  }

  @Test
  void whatNeedsOtherRowsIsRefused() {
    assertThat(this.fault("max(id)"))
        .hasValue(
            "max: an aggregate sees other rows, which depend on the batch: compute it in a mart");
    assertThat(this.fault("count(DISTINCT id)")).isPresent();
    assertThat(this.fault("count_if(id > 3)")).isPresent();
    assertThat(this.fault("row_number() OVER (PARTITION BY name ORDER BY id)")).hasValue(WINDOW);
    assertThat(this.fault("sum(id) OVER ()")).hasValue(WINDOW);
    assertThat(this.fault("rank()")).isPresent();
    assertThat(this.fault("(SELECT max(id) FROM people)"))
        .hasValue(
            "a subquery reads other rows, whose arrival would decide: give the vault table a source of its own, or join in a mart");
    assertThat(this.fault("id IN (SELECT id FROM others)", Wanted.CONDITION)).isPresent();
    assertThat(this.fault("EXISTS (SELECT 1)", Wanted.CONDITION)).isPresent();
    assertThat(this.fault("explode(tags)"))
        .hasValue(
            "explode: one row may give several only through explode of a stage, or of a multi-active satellite's source");
    assertThat(this.fault("*")).hasValue("* isn't a value: name the column");
  }

  @Test
  void whatDiffersFromRunToRunIsRefused() {
    for (String call :
        new String[] {
          "now()",
          "current_timestamp()",
          "rand()",
          "uuid()",
          "monotonically_increasing_id()",
          "current_timezone()",
          "input_file_name()",
          "current_user()",
        }) {
      assertThat(this.fault("coalesce(name, CAST(%s AS string))".formatted(call)))
          .as(call)
          .hasValue(call + SAME);
    }
    assertThat(this.fault("current_date")).hasValue("current_date()" + SAME);
    assertThat(this.fault("shuffle(tags)")).hasValue("shuffle()" + SAME);
    assertThat(this.fault("unix_timestamp()"))
        .hasValue("the same row has to give the same value in every run");
  }

  @Test
  void typesFit() {
    assertThat(this.fault("id + tags")).isPresent();
    assertThat(this.fault("name", Wanted.CONDITION)).hasValue("a condition, not of type string");
    assertThat(this.fault("id", Wanted.ARRAY)).hasValue("an array, not of type bigint");
    assertThat(this.fault("tags", type("int"))).hasValue("array<string> can't be cast to int");
    assertThat(this.fault("born", type("boolean"))).hasValue("date can't be cast to boolean");
    assertThat(this.fault("'abc'", type("int"))).hasValue("doesn't fit int");
    assertThat(this.fault("'12'", type("int"))).isEmpty();
    assertThat(this.fault("'2024-02-30'", type("date"))).hasValue("doesn't fit date");
    assertThat(this.fault("NULL", type("int"))).isEmpty();
  }

  @Test
  void whereColumnsAreNotKnownOnlyTypesAreLeftToTheLoad() {
    Scope some = new Scope(Map.of("id", "bigint", "code", ""), false, "events");

    assertThat(this.sql.judge("upper(anything)", some, Wanted.VALUE).fault()).isEmpty();
    assertThat(this.sql.judge("upper(code) > id", some, Wanted.CONDITION).fault()).isEmpty();
    assertThat(this.sql.judge("uper(anything)", some, Wanted.VALUE).fault()).isPresent();
    assertThat(this.sql.judge("max(anything)", some, Wanted.VALUE).fault()).isPresent();
    assertThat(this.sql.judge("anything = current_date", some, Wanted.CONDITION).fault())
        .hasValue("current_date()" + SAME);
    assertThat(RowExpressions.fault("x + rand()")).hasValue("rand()" + SAME);
    assertThat(RowExpressions.fault("x + 1")).isEmpty();
  }
}
