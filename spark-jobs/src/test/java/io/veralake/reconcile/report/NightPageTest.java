package io.veralake.reconcile.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class NightPageTest {
  @Test
  void theHeadlineSaysHowMuchAndWhichWay() {
    String html = new NightPage(SampleNight.night()).html();
    Totals totals = Totals.of(SampleNight.night().books().get(0).lines("revenue"));
    Numbers numbers = Numbers.of(SampleNight.night().books().get(0).lines("revenue"));
    assertThat(html)
        .contains("Books closed as of 4 March 2026, 00:00 UTC")
        .contains(numbers.plain(totals.streamed()))
        .contains(numbers.plain(totals.corrected()))
        .contains(numbers.signed(totals.difference()));
  }

  @Test
  void howThePublicationEndedIsSaid() {
    assertThat(new NightPage(SampleNight.night()).html())
        .contains(
            "<li class=\"bad\"><b>Not published: plan mart-3-0123456789ab is over its limits</b><span>fact_sales: 12 rows removed</span></li>");
  }

  @Test
  void thePageRefersToNothingOutsideItself() {
    String html = new NightPage(SampleNight.night()).html();
    assertThat(html)
        .doesNotContain("http:", "https:", "src=", "<script", "@import", "url(")
        .startsWith("<!doctype html>");
  }

  @Test
  void dataCannotBecomeMarkup() {
    String html = new NightPage(SampleNight.night()).html();
    assertThat(html).contains("&lt;placed&gt;", "fresh &lt;b&gt;").doesNotContain("<placed>");
  }

  @Test
  void noValueOfTheTrendLiesOnADate() {
    BigDecimal streamed = new BigDecimal("100");
    List<Night.Point> points =
        IntStream.of(-9, 9, -1, 0, 3)
            .mapToObj(
                off ->
                    new Night.Point(
                        Instant.parse("2026-03-02T00:00:00Z"),
                        streamed,
                        streamed.add(BigDecimal.valueOf(off)),
                        1))
            .toList();
    String html = new Trend(points).html();
    double lowest = places(html, "value").max().orElseThrow();
    // A line of the labels is some fifteen units high.
    assertThat(places(html, "name").boxed()).hasSize(5).allMatch(date -> date - lowest > 15);
  }

  /** How far down the texts of {@code kind} stand. */
  private static DoubleStream places(String html, String kind) {
    return Pattern.compile("class=\"" + kind + "\" x=\"[^\"]*\" y=\"([^\"]*)\"")
        .matcher(html)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)));
  }

  @Test
  void aNightWithoutDifferencesSaysSo() {
    Night.Line line =
        new Night.Line("2026-03-01", "rows", BigDecimal.TEN, Map.of(), BigDecimal.TEN, null);
    Night sample = SampleNight.night();
    Night.Book book = sample.books().get(0);
    Night.Book clean =
        new Night.Book(
            "sales",
            "fact_sales",
            "order_date",
            List.of("rows"),
            book.watermark(),
            10,
            0,
            Map.of(),
            List.of(line),
            List.of(),
            List.of(),
            List.of());
    Night night =
        new Night(
            sample.runId(), sample.asOf(), sample.reasons(), List.of(clean), List.of(), List.of());
    assertThat(new NightPage(night).html())
        .contains("The stream was right", "All 10 rows agree.")
        .doesNotContain("<svg")
        .doesNotContain("class=\"unusual\"");
  }

  @Test
  void whatStandsOutIsSaid() {
    assertThat(new NightPage(SampleNight.night()).html())
        .contains(
            "<p class=\"unusual\">Unusual: <strong>late</strong> in 1.23 % of the rows compared; in the 28 nights before, 0.0040 % was usual.</p>");
  }

  @Test
  void numbersAreWrittenForPeople() {
    Numbers cents =
        Numbers.of(
            List.of(
                new Night.Line(
                    "p", "m", new BigDecimal("1.500000000"), Map.of(), BigDecimal.ONE, null)));
    assertThat(cents.plain(new BigDecimal("1234567.8"))).isEqualTo("1,234,567.80");
    assertThat(cents.signed(new BigDecimal("-0.5"))).isEqualTo("\u22120.50");
    assertThat(Numbers.share(new BigDecimal("5432.11"), new BigDecimal("1234567.89")))
        .isEqualTo("+0.44\u202f%");
    assertThat(Numbers.share(BigDecimal.ONE, BigDecimal.ZERO)).isEqualTo("\u2013");
    assertThat(Numbers.share(BigDecimal.ONE, new BigDecimal("1000000"))).isEqualTo("+<0.01\u202f%");
  }
}
