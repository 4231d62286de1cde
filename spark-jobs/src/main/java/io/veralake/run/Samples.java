package io.veralake.run;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last known value of each metric, by its labels. What one command doesn't measure stays as an
 * earlier one left it, and counters go on from there: the text that was written last is the state.
 */
final class Samples {
  private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"\\\\]*)\"");

  private final Map<Metric, Map<Labels, Double>> values = new EnumMap<>(Metric.class);

  /** Those in {@code text}, which {@link #text} wrote; what it can't read is left out. */
  static Samples parse(String text) {
    Samples samples = new Samples();
    text.lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                Metric.written(line.group(1))
                    .ifPresent(
                        metric ->
                            samples.set(
                                metric, Double.parseDouble(line.group(3)), labels(line.group(2)))));
    return samples;
  }

  /** Sets a metric; {@code labels} are names and values in turn. */
  void set(Metric metric, double value, String... labels) {
    this.of(metric).put(Labels.of(labels), value);
  }

  /** Adds to a counter. */
  void add(Metric metric, double value, String... labels) {
    this.of(metric).merge(Labels.of(labels), value, Double::sum);
  }

  /** Forgets all values of a metric. */
  void clear(Metric metric) {
    this.values.remove(metric);
  }

  /** Prometheus' text format. */
  byte[] text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<MetricSnapshot> snapshots = new ArrayList<>();
    this.values.forEach((metric, points) -> snapshots.add(snapshot(metric, points)));
    try {
      new PrometheusTextFormatWriter(false).write(out, new MetricSnapshots(snapshots));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Map<Labels, Double> of(Metric metric) {
    return this.values.computeIfAbsent(metric, any -> new TreeMap<>());
  }

  private static MetricSnapshot snapshot(Metric metric, Map<Labels, Double> points) {
    if (metric.counter()) {
      CounterSnapshot.Builder counter =
          CounterSnapshot.builder().name(metric.base()).help(metric.help());
      points.forEach(
          (labels, value) ->
              counter.dataPoint(
                  CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
      return counter.build();
    }
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(metric.base()).help(metric.help());
    points.forEach(
        (labels, value) ->
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return gauge.build();
  }

  private static String[] labels(@org.jspecify.annotations.Nullable String text) {
    List<String> labels = new ArrayList<>();
    Matcher label = LABEL.matcher(text == null ? "" : text);
    while (label.find()) {
      labels.add(label.group(1));
      labels.add(label.group(2));
    }
    return labels.toArray(String[]::new);
  }
}
