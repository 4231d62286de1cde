-- Every version that the order lines in question ever had: their own, their order's and its status' versions by time, each seen with the others as they were then.
WITH wanted AS (
  SELECT k.order_id, k.line_number, l.order_hk, l.order_line_hk, l.product_hk, l.seller_hk
  FROM keys AS k
  JOIN hub_order AS h ON h.order_id = k.order_id
  JOIN link_order_line AS l ON l.order_hk = h.order_hk AND l.line_number = k.line_number
),
customers AS (
  SELECT l.order_hk, max(c.customer_id) AS customer_id
  FROM link_order_customer AS l
  JOIN hub_customer AS c ON c.customer_hk = l.customer_hk
  WHERE l.order_hk IN (SELECT order_hk FROM wanted)
  GROUP BY l.order_hk
),
changes AS (
  SELECT w.order_id, w.line_number, d.effective_from, d.effective_to,
    named_struct('product_id', p.product_id, 'seller_id', s.seller_id, 'quantity', d.quantity, 'unit_price', d.unit_price, 'discount', d.discount,
      'order_hk', w.order_hk, 'deleted', d.deleted) AS line,
    NULL AS placed, NULL AS state
  FROM wanted AS w
  JOIN sat_order_line_history AS d ON d.order_line_hk = w.order_line_hk
  JOIN hub_product AS p ON p.product_hk = w.product_hk
  JOIN hub_seller AS s ON s.seller_hk = w.seller_hk
  UNION ALL
  SELECT w.order_id, w.line_number, o.effective_from, o.effective_to,
    NULL, named_struct('order_time', o.order_time, 'region', o.region, 'channel', o.channel, 'deleted', o.deleted), NULL
  FROM (SELECT DISTINCT order_id, line_number, order_hk FROM wanted) AS w
  JOIN sat_order_history AS o ON o.order_hk = w.order_hk
  UNION ALL
  SELECT w.order_id, w.line_number, t.effective_from, t.effective_to,
    NULL, NULL, named_struct('status', t.status)
  FROM (SELECT DISTINCT order_id, line_number, order_hk FROM wanted) AS w
  JOIN sat_order_status_history AS t ON t.order_hk = w.order_hk
),
-- The state after each change; of the changes of one instant the last, and those that were overtaken at once.
states AS (
  SELECT order_id, line_number, effective_from, effective_to <=> effective_from AS overtaken,
    last_value(line) IGNORE NULLS OVER so_far AS line,
    last_value(placed) IGNORE NULLS OVER so_far AS placed,
    last_value(state) IGNORE NULLS OVER so_far AS state,
    lead(effective_from) OVER in_order AS next_from
  FROM changes
  WINDOW
    in_order AS (PARTITION BY order_id, line_number
      ORDER BY effective_from, effective_to <=> effective_from DESC, coalesce(line.deleted, false) DESC),
    so_far AS (PARTITION BY order_id, line_number
      ORDER BY effective_from, effective_to <=> effective_from DESC, coalesce(line.deleted, false) DESC ROWS UNBOUNDED PRECEDING)
)
SELECT
  v.order_id,
  v.line_number,
  CAST(v.placed.order_time AS date) AS order_date,
  v.placed.order_time,
  coalesce(c.customer_id, -1L) AS customer_id,
  v.line.product_id,
  v.line.seller_id,
  v.placed.region,
  v.placed.channel,
  v.state.status,
  v.line.quantity,
  v.line.unit_price,
  v.line.discount,
  CAST(v.line.quantity * v.line.unit_price - v.line.discount AS decimal(14,2)) AS amount,
  IF(v.state.status = 'cancelled', CAST(0 AS decimal(14,2)), CAST(v.line.quantity * v.line.unit_price - v.line.discount AS decimal(14,2))) AS revenue,
  v.effective_from,
  v.line.deleted OR v.placed.deleted AS deleted
FROM states AS v
LEFT JOIN customers AS c ON c.order_hk = v.line.order_hk
WHERE v.line IS NOT NULL
  AND v.placed IS NOT NULL
  AND (v.overtaken OR v.next_from IS NULL OR v.next_from > v.effective_from)
