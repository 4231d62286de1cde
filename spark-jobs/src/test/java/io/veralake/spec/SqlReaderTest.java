package io.veralake.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SqlReaderTest {
  @Test
  void relationsAreThoseAfterFromAndJoin() {
    assertThat(
            SqlReader.relations(
                """
                WITH lines AS (SELECT * FROM link_x /* FROM hub_c */), more (a, b) AS (SELECT 1, 2 FROM Hub_Y)
                SELECT 'it''s FROM hub_t', extract(YEAR FROM order_time) -- FROM hub_l
                FROM lines l, `dim_a` AS a, dim_b
                LEFT JOIN (SELECT * FROM sat_s_current) s USING (s_hk)
                CROSS JOIN LATERAL explode(array(1)) JOIN more
                WHERE status IS DISTINCT FROM hub_status AND x IN (SELECT x FROM deep)
                """))
        .containsExactlyInAnyOrder(
            "link_x", "hub_y", "order_time", "dim_a", "dim_b", "sat_s_current", "deep");
  }
}
