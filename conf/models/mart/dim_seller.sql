-- One row a seller with what was last known of it, sellers that are gone included: facts go on pointing to them.
SELECT
  h.seller_id,
  coalesce(s.known.name, 'unknown') AS name,
  coalesce(s.known.region, 'unknown') AS region,
  s.known.rating AS rating
FROM hub_seller AS h
LEFT JOIN (
  SELECT seller_hk, max_by(struct(name, region, rating), effective_from) AS known
  FROM sat_seller_history
  WHERE NOT deleted AND (effective_to IS NULL OR effective_to > effective_from)
  GROUP BY seller_hk) AS s
  ON s.seller_hk = h.seller_hk
UNION ALL
-- The unknown seller.
SELECT -1L, 'unknown', 'unknown', CAST(NULL AS decimal(3,2))
