-- One row a warehouse with what was last known of it, warehouses that are gone included: facts go on pointing to them.
SELECT
  h.warehouse_id,
  coalesce(w.known.name, 'unknown') AS name,
  coalesce(w.known.region, 'unknown') AS region
FROM hub_warehouse AS h
LEFT JOIN (
  SELECT warehouse_hk, max_by(struct(name, region), effective_from) AS known
  FROM sat_warehouse_history
  WHERE NOT deleted AND (effective_to IS NULL OR effective_to > effective_from)
  GROUP BY warehouse_hk) AS w
  ON w.warehouse_hk = h.warehouse_hk
UNION ALL
-- The unknown warehouse.
SELECT -1, 'unknown', 'unknown'
