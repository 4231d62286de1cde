-- One row an order line that is there now. It points to the versions of customer and product that held when the order was placed.
WITH customers AS (
  -- A link only says that the two met; an order has one customer.
  SELECT order_hk, max(customer_id) AS customer_id
  FROM link_order_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY order_hk
),
lines AS (
  SELECT
    h.order_id,
    l.line_number,
    CAST(o.order_time AS date) AS order_date,
    o.order_time,
    coalesce(c.customer_id, -1L) AS customer_id,
    p.product_id,
    s.seller_id,
    o.region,
    o.channel,
    st.status,
    d.quantity,
    d.unit_price,
    d.discount,
    CAST(d.quantity * d.unit_price - d.discount AS decimal(14,2)) AS amount,
    greatest(o.applied_time, st.applied_time, d.applied_time) AS last_change_time
  FROM link_order_line AS l
  JOIN sat_order_line_current AS d ON d.order_line_hk = l.order_line_hk
  JOIN hub_order AS h ON h.order_hk = l.order_hk
  JOIN sat_order_current AS o ON o.order_hk = l.order_hk
  JOIN hub_product AS p ON p.product_hk = l.product_hk
  JOIN hub_seller AS s ON s.seller_hk = l.seller_hk
  LEFT JOIN sat_order_status_current AS st ON st.order_hk = l.order_hk
  LEFT JOIN customers AS c ON c.order_hk = l.order_hk
)
SELECT
  l.order_id,
  l.line_number,
  l.order_date,
  l.order_time,
  coalesce(c.customer_key, -1L) AS customer_key,
  l.customer_id,
  coalesce(p.product_key, -1L) AS product_key,
  l.product_id,
  l.seller_id,
  l.region,
  l.channel,
  l.status,
  l.quantity,
  l.unit_price,
  l.discount,
  l.amount,
  IF(l.status = 'cancelled', CAST(0 AS decimal(14,2)), l.amount) AS revenue,
  l.last_change_time
FROM lines AS l
LEFT JOIN dim_customer AS c
  ON c.customer_id = l.customer_id
  AND l.order_time >= c.effective_from
  AND (c.effective_to IS NULL OR l.order_time < c.effective_to)
LEFT JOIN dim_product AS p
  ON p.product_id = l.product_id
  AND l.order_time >= p.effective_from
  AND (p.effective_to IS NULL OR l.order_time < p.effective_to)
