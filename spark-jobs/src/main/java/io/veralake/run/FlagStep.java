package io.veralake.run;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.flag.Answer;
import io.veralake.flag.Answer.Verdict;
import io.veralake.flag.AnswerLog;
import io.veralake.flag.Flag;
import io.veralake.flag.FlagTables;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers the flags that readers set since the last night. */
final class FlagStep {
  /** A night answers so many, the oldest; the next one goes on. */
  private static final int MOST = 100;

  private static final int ACCESS_DENIED = 497;

  private FlagStep() {}

  /** Answers open flags, and says how many got which verdict. */
  static Map<Verdict, Long> run(RunContext context) {
    Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      FlagTables tables;
      try {
        tables = new FlagTables(clickHouse);
      } catch (DataException e) {
        if (ClickHouse.errorCode(e) == ACCESS_DENIED) {
          // Who may not make the tables publishes without flags.
          return verdicts;
        }
        throw e;
      }
      Map<Flag, Answer> answers = new LinkedHashMap<>();
      FlagAnswers says = new FlagAnswers(context);
      for (Flag flag : tables.open(MOST)) {
        Answer answer = says.of(flag);
        answers.put(flag, answer);
        verdicts.merge(answer.verdict(), 1L, Long::sum);
      }
      // The lake first: what is only there is still open, and answered again.
      new AnswerLog(context).write(answers);
      Instant now = Instant.now();
      answers.forEach((flag, answer) -> tables.answer(flag, answer, context, now));
    }
    return verdicts;
  }
}
