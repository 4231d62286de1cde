-- One row an event. It points to the versions of customer and product that held at its time.
WITH events AS (
  SELECT s.session_id, l.event_time, c.customer_id, p.product_id, l.interaction_type, l.page, l.action
  FROM link_interaction AS l
  JOIN hub_session AS s ON s.session_hk = l.session_hk
  JOIN hub_customer AS c ON c.customer_hk = l.customer_hk
  JOIN hub_product AS p ON p.product_hk = l.product_hk
)
SELECT
  e.session_id,
  CAST(e.event_time AS date) AS event_date,
  e.event_time,
  coalesce(c.customer_key, -1L) AS customer_key,
  e.customer_id,
  coalesce(p.product_key, -1L) AS product_key,
  e.product_id,
  e.interaction_type,
  e.page,
  e.action
FROM events AS e
LEFT JOIN dim_customer AS c
  ON c.customer_id = e.customer_id
  AND e.event_time >= c.effective_from
  AND (c.effective_to IS NULL OR e.event_time < c.effective_to)
LEFT JOIN dim_product AS p
  ON p.product_id = e.product_id
  AND e.event_time >= p.effective_from
  AND (p.effective_to IS NULL OR e.event_time < p.effective_to)
