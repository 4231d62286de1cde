package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;

import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.List;
import java.util.Map;

/** A vault whose links and hubs are in force by every rule that there is, and walks through it. */
final class BridgeModel {
  /** The columns of all raw tables. */
  static final String COLUMNS =
      "order_id bigint, customer_id string, product_id string, parent_id string, line int, name string";

  static final List<String> RAW =
      List.of("orders", "lines", "customers", "cards", "makers", "visits", "parents");

  /** There if a status satellite says so. */
  static final Hub ORDER =
      new Hub("hub_order", List.of(column("order_id", "bigint")), from("orders", "lines"));

  /** There if any of its satellites says something; links may come before it. */
  static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("customer_id", "string")), from("customers", "cards"));

  /** Always there. */
  static final Hub PRODUCT =
      new Hub("hub_product", List.of(column("product_id", "string")), from("lines", "makers"));

  /** In force if its effectivity satellite says so. */
  static final Link PLACED = link("link_order_customer", ORDER, CUSTOMER, List.of(), "orders");

  /** In force if its status satellite says so. */
  static final Link LINE =
      link("link_order_line", ORDER, PRODUCT, List.of(column("line", "int")), "lines");

  /** Always in force. */
  static final Link MADE = link("link_made", PRODUCT, CUSTOMER, List.of(), "makers");

  /** An event. */
  static final Link VISIT =
      new Link("link_visit", ends(CUSTOMER, PRODUCT), List.of(), false, List.of(), from("visits"));

  private static final Link.End CHILD = new Link.End("child", PRODUCT);
  private static final Link.End PARENT = new Link.End("parent", PRODUCT);

  /** In force if a satellite says something. */
  static final Link PARENTS =
      new Link(
          "link_parents",
          List.of(CHILD, PARENT),
          List.of(),
          true,
          List.of(),
          List.of(
              new VaultSource(
                  "parents",
                  Map.of("child.product_id", "product_id", "parent.product_id", "parent_id"),
                  "true")));

  private static final List<VaultTable> VAULT =
      List.of(
          ORDER,
          CUSTOMER,
          PRODUCT,
          PLACED,
          LINE,
          MADE,
          VISIT,
          PARENTS,
          satellite("sat_order", ORDER, new SatelliteForm.Status(), "orders"),
          satellite("sat_note", ORDER, SatelliteForm.PLAIN, "lines"),
          satellite("sat_customer", CUSTOMER, SatelliteForm.PLAIN, "customers"),
          satellite(
              "sat_card",
              CUSTOMER,
              new SatelliteForm.Members(List.of(column("line", "int"))),
              "cards"),
          satellite(
              "sat_placed",
              PLACED,
              new SatelliteForm.Effectivity(List.of(PLACED.ends().get(0)), List.of()),
              "orders"),
          satellite("sat_line", LINE, new SatelliteForm.Status(), "lines"),
          new Satellite(
              "sat_parents",
              PARENTS,
              List.of(column("name", "string")),
              List.of(),
              PARENTS.sources(),
              new SatelliteForm.Sets(false)));

  private BridgeModel() {}

  private static List<VaultSource> from(String... raw) {
    return List.of(raw).stream().map(VaultFixture::source).toList();
  }

  private static List<Link.End> ends(Hub... hubs) {
    return List.of(hubs).stream()
        .map(hub -> new Link.End(hub.name().replace("hub_", ""), hub))
        .toList();
  }

  private static Link link(String name, Hub one, Hub other, List<Column> dependent, String raw) {
    return new Link(name, ends(one, other), dependent, true, List.of(), List.of(source(raw)));
  }

  private static Satellite satellite(
      String name, VaultTable parent, SatelliteForm form, String raw) {
    boolean described =
        form instanceof SatelliteForm.Plain || form instanceof SatelliteForm.Members;
    return new Satellite(
        name,
        parent,
        described ? List.of(column("name", "string")) : List.of(),
        List.of(),
        List.of(source(raw)),
        form);
  }

  /** Hubs, links and satellites. */
  static List<VaultTable> tables() {
    return VAULT;
  }

  /**
   * From orders to those who placed them, what these visited, and the lines: whoever is missing.
   */
  static Bridge orders(SnapshotCalendar calendar) {
    return bridge(
        "bridge_order",
        ORDER,
        List.of(
            step(PLACED, "order", "order_hk", "", Bridge.Join.LEFT),
            step(VISIT, "customer", "customer_hk", "seen", Bridge.Join.LEFT),
            step(LINE, "order", "order_hk", "", Bridge.Join.LEFT)),
        Bridge.Ends.IN_FORCE,
        List.of(ORDER, CUSTOMER),
        calendar);
  }

  /** The same where nobody is missing, to customers and products that may not be there. */
  static Bridge complete(SnapshotCalendar calendar) {
    return bridge(
        "bridge_complete",
        ORDER,
        List.of(
            step(LINE, "order", "order_hk", "", Bridge.Join.INNER),
            step(PLACED, "order", "order_hk", "", Bridge.Join.INNER)),
        Bridge.Ends.ANY,
        List.of(CUSTOMER),
        calendar);
  }

  /**
   * From products up to those they are parts of, to makers, and to what these ordered: a late row
   * takes an order from one of them and gives it to another.
   */
  static Bridge products(SnapshotCalendar calendar) {
    return bridge(
        "bridge_product",
        PRODUCT,
        List.of(
            new Bridge.Step(PARENTS, CHILD, "product_hk", List.of(PARENT), "up", Bridge.Join.LEFT),
            step(MADE, "product", "up_parent_hk", "", Bridge.Join.LEFT),
            step(PLACED, "customer", "customer_hk", "", Bridge.Join.LEFT)),
        Bridge.Ends.IN_FORCE,
        List.of(),
        calendar);
  }

  private static Bridge.Step step(
      Link link, String role, String at, String prefix, Bridge.Join join) {
    Link.End from =
        link.ends().stream().filter(end -> end.role().equals(role)).findFirst().orElseThrow();
    List<Link.End> to = link.ends().stream().filter(end -> !end.equals(from)).toList();
    return new Bridge.Step(link, from, at, to, prefix, join);
  }

  private static Bridge bridge(
      String name,
      Hub hub,
      List<Bridge.Step> walk,
      Bridge.Ends ends,
      List<Hub> named,
      SnapshotCalendar calendar) {
    return Bridge.over(VAULT, name, hub, walk, ends, named, calendar, hub.names());
  }
}
