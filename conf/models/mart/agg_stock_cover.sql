-- One row a product that a warehouse keeps.
WITH today AS (
  SELECT coalesce(max(day), DATE '1970-01-01') AS day FROM data_day
),
stock AS (
  SELECT
    product_id,
    sum(CAST(quantity AS bigint)) AS on_hand,
    CAST(count(*) AS int) AS warehouses,
    CAST(count_if(quantity <= 0) AS int) AS empty_warehouses
  FROM stock_level
  GROUP BY product_id
),
sold AS (
  SELECT
    a.product_id,
    coalesce(sum(a.quantity) FILTER (WHERE a.order_date <= d.day), 0) AS quantity,
    -- When the next day leaves the 28, or one that lies in the future comes in.
    min(IF(a.order_date > d.day, a.order_date, a.order_date + 28)) AS next_move
  FROM agg_daily_sales AS a
  CROSS JOIN today AS d
  WHERE a.order_date > d.day - 28
  GROUP BY a.product_id
),
bought AS (
  SELECT
    p.product_id,
    coalesce(sum(CAST(s.quantity AS bigint)) FILTER (WHERE s.status IN ('open', 'confirmed')), 0) AS on_order,
    min(v.lead_days) AS lead_days
  FROM link_purchase_order_line AS l
  JOIN hub_product AS p ON p.product_hk = l.product_hk
  LEFT JOIN sat_purchase_order_line_current AS s ON s.purchase_order_line_hk = l.purchase_order_line_hk
  LEFT JOIN sat_supplier_current AS v ON v.supplier_hk = l.supplier_hk
  GROUP BY p.product_id
),
figures AS (
  SELECT
    s.*,
    coalesce(b.on_order, 0L) AS on_order,
    b.lead_days,
    coalesce(o.quantity, 0L) AS sold_28_days,
    CAST(IF(o.quantity > 0, CAST(s.on_hand * 28 AS decimal(20,4)) / o.quantity, NULL) AS decimal(12,1)) AS cover_days,
    o.next_move AS stands_until
  FROM stock AS s
  LEFT JOIN sold AS o ON o.product_id = s.product_id
  LEFT JOIN bought AS b ON b.product_id = s.product_id
)
SELECT
  product_id,
  on_hand,
  warehouses,
  empty_warehouses,
  on_order,
  lead_days,
  sold_28_days,
  cover_days,
  CASE
    WHEN on_hand <= 0 THEN 'out'
    WHEN cover_days IS NULL THEN 'none'
    -- Without a supplier two weeks.
    WHEN cover_days < coalesce(lead_days, 14) THEN 'high'
    WHEN cover_days < 2 * coalesce(lead_days, 14) THEN 'medium'
    ELSE 'low'
  END AS risk,
  stands_until
FROM figures
