package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The list of faults by the day whose night must find them. */
final class FaultLog {
  private final TreeMap<Integer, List<Fault>> days = new TreeMap<>();

  void add(Fault fault) {
    this.days.computeIfAbsent(fault.day(), day -> new ArrayList<>()).add(fault);
  }

  /** The faults first to be found in the night of a day. */
  List<Fault> of(int day) {
    return List.copyOf(this.days.getOrDefault(day, List.of()));
  }
}
