-- One row a change of an order's status; deleted orders end with the status "deleted".
WITH customers AS (
  -- A link only says that the two met; an order has one customer.
  SELECT order_hk, max(customer_id) AS customer_id
  FROM link_order_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY order_hk
),
states AS (
  SELECT
    order_hk,
    effective_from,
    IF(deleted, 'deleted', status) AS status
  FROM sat_order_status_history
  -- Several changes in one instant: the last one counts.
  WHERE effective_to IS NULL OR effective_to > effective_from
),
changes AS (
  SELECT *
  FROM (SELECT *, lag(status) OVER (PARTITION BY order_hk ORDER BY effective_from) AS status_before FROM states)
  -- A status that was left and taken again in one instant never changed.
  WHERE status IS DISTINCT FROM status_before
),
steps AS (
  SELECT
    h.order_id,
    CAST(row_number() OVER in_order AS int) AS step,
    s.status,
    lag(s.status) OVER in_order AS previous_status,
    s.effective_from AS changed_at,
    unix_seconds(s.effective_from) - unix_seconds(lag(s.effective_from) OVER in_order) AS seconds_since_previous,
    lead(s.effective_from) OVER in_order IS NULL AS is_current,
    coalesce(c.customer_id, -1L) AS customer_id
  FROM changes AS s
  JOIN hub_order AS h ON h.order_hk = s.order_hk
  LEFT JOIN customers AS c ON c.order_hk = s.order_hk
  WINDOW in_order AS (PARTITION BY h.order_id ORDER BY s.effective_from)
)
SELECT
  s.order_id,
  s.step,
  s.status,
  s.previous_status,
  CAST(s.changed_at AS date) AS change_date,
  s.changed_at,
  coalesce(c.customer_key, -1L) AS customer_key,
  s.customer_id,
  s.seconds_since_previous,
  s.is_current
FROM steps AS s
LEFT JOIN dim_customer AS c
  ON c.customer_id = s.customer_id
  AND s.changed_at >= c.effective_from
  AND (c.effective_to IS NULL OR s.changed_at < c.effective_to)
