-- One row a day on which the stock changed. It points to the version of the product that held at the day's last change.
WITH levels AS (
  SELECT stock_hk, effective_from, IF(deleted, 0, coalesce(quantity, 0)) AS quantity
  FROM sat_stock_history
  -- Several changes in one instant: the last one counts.
  WHERE effective_to IS NULL OR effective_to > effective_from
),
days AS (
  SELECT
    stock_hk,
    CAST(effective_from AS date) AS stock_date,
    max_by(quantity, effective_from) AS closing_quantity,
    min(quantity) AS lowest,
    max(quantity) AS highest,
    CAST(count(*) AS int) AS changes,
    max(effective_from) AS last_change_time
  FROM levels
  GROUP BY stock_hk, CAST(effective_from AS date)
),
chained AS (
  SELECT *, lag(closing_quantity) OVER (PARTITION BY stock_hk ORDER BY stock_date) AS before
  FROM days
),
stock AS (
  SELECT p.product_id, w.warehouse_id, c.*
  FROM chained AS c
  JOIN link_stock AS l ON l.stock_hk = c.stock_hk
  JOIN hub_product AS p ON p.product_hk = l.product_hk
  JOIN hub_warehouse AS w ON w.warehouse_hk = l.warehouse_hk
)
SELECT
  s.product_id,
  s.warehouse_id,
  s.stock_date,
  coalesce(p.product_key, -1L) AS product_key,
  coalesce(s.before, 0) AS opening_quantity,
  s.closing_quantity,
  least(s.before, s.lowest) AS lowest_quantity,
  greatest(s.before, s.highest) AS highest_quantity,
  s.closing_quantity - coalesce(s.before, 0) AS quantity_change,
  s.changes,
  s.last_change_time
FROM stock AS s
LEFT JOIN dim_product AS p
  ON p.product_id = s.product_id
  AND s.last_change_time >= p.effective_from
  AND (p.effective_to IS NULL OR s.last_change_time < p.effective_to)
