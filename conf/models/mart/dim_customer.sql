-- One row a version of a customer. The first version holds since ever, so that a fact older than what is known of its customer finds one.
WITH versions AS (
  SELECT *, row_number() OVER (PARTITION BY customer_hk ORDER BY effective_from) AS version
  FROM sat_customer_profile_history
  -- Several changes in one instant: the last one counts.
  WHERE effective_to IS NULL OR effective_to > effective_from
),
dated AS (
  SELECT
    customer_id,
    region,
    segment,
    IF(version = 1, TIMESTAMP '1970-01-01 00:00:00Z', effective_from) AS effective_from,
    effective_to
  FROM versions
  JOIN hub_customer USING (customer_hk)
  WHERE NOT deleted
)
SELECT
  xxhash64(customer_id, effective_from) AS customer_key,
  customer_id,
  region,
  segment,
  effective_from,
  effective_to,
  effective_to IS NULL AS is_current
FROM dated
UNION ALL
-- The unknown customer.
SELECT -1L, -1L, 'unknown', 'unknown', TIMESTAMP '1970-01-01 00:00:00Z', CAST(NULL AS timestamp), true
