-- One row a return that ever was, as last known. It points to the versions of customer and product that held when it was asked for.
WITH customers AS (
  -- A link only says that the two met; an order has one customer.
  SELECT order_hk, max(customer_id) AS customer_id
  FROM link_order_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY order_hk
),
known AS (
  SELECT
    return_hk,
    max_by(struct(quantity, reason, status, refund, requested_at), effective_from) FILTER (WHERE NOT deleted) AS last,
    bool_or(deleted AND effective_to IS NULL) AS withdrawn,
    max(applied_time) FILTER (WHERE effective_to IS NULL) AS applied_time
  FROM sat_return_history
  WHERE effective_to IS NULL OR effective_to > effective_from
  GROUP BY return_hk
),
returned AS (
  SELECT
    h.return_id,
    o.order_id,
    l.line_number,
    CAST(s.order_time AS date) AS order_date,
    coalesce(c.customer_id, -1L) AS customer_id,
    p.product_id,
    v.seller_id,
    k.last.*,
    k.withdrawn,
    k.applied_time
  FROM link_return_order_line AS l
  JOIN hub_order AS o ON o.order_hk = l.order_hk
  JOIN hub_return AS h ON h.return_hk = l.return_hk
  JOIN hub_product AS p ON p.product_hk = l.product_hk
  JOIN hub_seller AS v ON v.seller_hk = l.seller_hk
  JOIN known AS k ON k.return_hk = l.return_hk AND k.last IS NOT NULL
  LEFT JOIN sat_order_current AS s ON s.order_hk = l.order_hk
  LEFT JOIN customers AS c ON c.order_hk = l.order_hk
)
SELECT
  r.return_id,
  r.order_id,
  r.line_number,
  CAST(r.requested_at AS date) AS requested_date,
  r.requested_at,
  r.order_date,
  coalesce(c.customer_key, -1L) AS customer_key,
  r.customer_id,
  coalesce(p.product_key, -1L) AS product_key,
  r.product_id,
  r.seller_id,
  r.quantity,
  r.reason,
  IF(r.withdrawn, 'withdrawn', r.status) AS status,
  IF(r.withdrawn OR r.refund IS NULL, CAST(0 AS decimal(12,2)), r.refund) AS refund,
  r.applied_time AS last_change_time
FROM returned AS r
LEFT JOIN dim_customer AS c
  ON c.customer_id = r.customer_id
  AND r.requested_at >= c.effective_from
  AND (c.effective_to IS NULL OR r.requested_at < c.effective_to)
LEFT JOIN dim_product AS p
  ON p.product_id = r.product_id
  AND r.requested_at >= p.effective_from
  AND (p.effective_to IS NULL OR r.requested_at < p.effective_to)
