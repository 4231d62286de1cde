-- One row a payment that is there now. It points to the version of the customer that held when it was made.
WITH customers AS (
  -- A link only says that the two met; an order has one customer.
  SELECT order_hk, max(customer_id) AS customer_id
  FROM link_order_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY order_hk
),
settled AS (
  SELECT
    payment_hk,
    CAST(count(*) AS int) AS settlements,
    CAST(sum(amount) AS decimal(14,2)) AS settled_amount,
    CAST(sum(fee) AS decimal(14,2)) AS fees,
    max(applied_time) AS applied_time
  FROM sat_payment_settlement_current
  GROUP BY payment_hk
),
payments AS (
  SELECT
    p.payment_id,
    o.order_id,
    s.*,
    coalesce(c.customer_id, -1L) AS customer_id,
    coalesce(g.settlements, 0) AS settlements,
    coalesce(g.settled_amount, CAST(0 AS decimal(14,2))) AS settled_amount,
    coalesce(g.fees, CAST(0 AS decimal(14,2))) AS fees,
    greatest(s.applied_time, g.applied_time) AS last_change_time
  FROM link_payment_order AS l
  JOIN hub_order AS o ON o.order_hk = l.order_hk
  JOIN hub_payment AS p ON p.payment_hk = l.payment_hk
  JOIN sat_payment_current AS s ON s.payment_hk = l.payment_hk
  LEFT JOIN settled AS g ON g.payment_hk = l.payment_hk
  LEFT JOIN customers AS c ON c.order_hk = l.order_hk
)
SELECT
  p.payment_id,
  p.order_id,
  CAST(p.created_at AS date) AS payment_date,
  p.created_at,
  coalesce(c.customer_key, -1L) AS customer_key,
  p.customer_id,
  p.method,
  p.status,
  p.amount,
  p.refunded,
  CAST(IF(p.status IN ('captured', 'partly-refunded', 'refunded'), p.amount - p.refunded, 0) AS decimal(12,2)) AS net_amount,
  p.settlements,
  p.settled_amount,
  p.fees,
  p.last_change_time
FROM payments AS p
LEFT JOIN dim_customer AS c
  ON c.customer_id = p.customer_id
  AND p.created_at >= c.effective_from
  AND (c.effective_to IS NULL OR p.created_at < c.effective_to)
