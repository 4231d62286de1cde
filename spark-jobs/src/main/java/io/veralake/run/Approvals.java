package io.veralake.run;

import io.veralake.publish.PlanId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plans of publications that somebody approved.
 *
 * @param plans by star
 */
record Approvals(Map<String, PlanId> plans) {
  /** Nothing was approved. */
  static final Approvals NONE = new Approvals(Map.of());

  Approvals {
    plans = Map.copyOf(plans);
  }

  /** The plans that are called {@code names}. */
  static Approvals of(List<String> names) {
    Map<String, PlanId> plans = new LinkedHashMap<>();
    for (String name : names) {
      PlanId id =
          PlanId.parse(name)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "Invalid --approve: "
                              + name
                              + " (the name of a plan, such as mart-12-3f9a1c22b0d4: veralake plan publish, or the message that stopped the night, has it)"));
      if (plans.put(id.star(), id) != null) {
        throw new UsageException("Invalid --approve: two plans of star " + id.star());
      }
    }
    return new Approvals(plans);
  }

  /** The approved plan of {@code star}; null if there is none. */
  @Nullable PlanId of(String star) {
    return this.plans.get(star);
  }

  /** Throws if a plan is of none of {@code stars}. */
  void allKnown(Set<String> stars) {
    for (PlanId plan : this.plans.values()) {
      if (!stars.contains(plan.star())) {
        throw new UsageException(
            "Invalid --approve: "
                + plan
                + " (a plan of "
                + String.join(" or ", stars.stream().sorted().toList())
                + ")");
      }
    }
  }
}
