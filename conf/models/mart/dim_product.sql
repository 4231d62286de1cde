-- One row a version of a product: a new one starts wherever its description or its price changes. The first version holds since ever.
WITH description AS (
  SELECT *, coalesce(effective_to, TIMESTAMP '9999-12-31 00:00:00Z') AS until
  FROM sat_product_description_history
  WHERE effective_to IS NULL OR effective_to > effective_from
),
price AS (
  SELECT *, coalesce(effective_to, TIMESTAMP '9999-12-31 00:00:00Z') AS until
  FROM sat_product_price_history
  WHERE effective_to IS NULL OR effective_to > effective_from
),
starts AS (
  SELECT
    product_hk,
    effective_from,
    lead(effective_from) OVER (PARTITION BY product_hk ORDER BY effective_from) AS effective_to
  FROM (
    SELECT product_hk, effective_from FROM description
    UNION
    SELECT product_hk, effective_from FROM price)
),
versions AS (
  SELECT
    s.product_hk,
    d.sku,
    d.title,
    d.category,
    d.brand,
    d.color,
    p.price,
    s.effective_from,
    s.effective_to,
    d.deleted,
    row_number() OVER (PARTITION BY s.product_hk ORDER BY s.effective_from) AS version
  FROM starts AS s
  JOIN description AS d
    ON d.product_hk = s.product_hk AND s.effective_from >= d.effective_from AND s.effective_from < d.until
  LEFT JOIN price AS p
    ON p.product_hk = s.product_hk AND s.effective_from >= p.effective_from AND s.effective_from < p.until
),
dated AS (
  SELECT
    product_id,
    sku,
    title,
    category,
    brand,
    color,
    price,
    IF(version = 1, TIMESTAMP '1970-01-01 00:00:00Z', effective_from) AS effective_from,
    effective_to
  FROM versions
  JOIN hub_product USING (product_hk)
  WHERE NOT deleted
)
SELECT
  xxhash64(product_id, effective_from) AS product_key,
  product_id,
  sku,
  title,
  category,
  brand,
  color,
  price,
  effective_from,
  effective_to,
  effective_to IS NULL AS is_current
FROM dated
UNION ALL
-- The unknown product.
SELECT
  -1L, -1L, 'unknown', 'unknown', 'unknown', 'unknown', CAST(NULL AS string), CAST(NULL AS decimal(12,2)),
  TIMESTAMP '1970-01-01 00:00:00Z', CAST(NULL AS timestamp), true
