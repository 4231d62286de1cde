-- One row a touch. It points to the version of the customer that held at its time.
WITH touches AS (
  SELECT m.campaign_id, s.session_id, l.touched_at, c.customer_id, l.kind, l.cost
  FROM link_campaign_touch AS l
  JOIN hub_session AS s ON s.session_hk = l.session_hk
  JOIN hub_campaign AS m ON m.campaign_hk = l.campaign_hk
  JOIN hub_customer AS c ON c.customer_hk = l.customer_hk
)
SELECT
  t.campaign_id,
  t.session_id,
  CAST(t.touched_at AS date) AS touch_date,
  t.touched_at,
  coalesce(c.customer_key, -1L) AS customer_key,
  t.customer_id,
  t.kind,
  coalesce(t.cost, CAST(0 AS decimal(12,2))) AS cost
FROM touches AS t
LEFT JOIN dim_customer AS c
  ON c.customer_id = t.customer_id
  AND t.touched_at >= c.effective_from
  AND (c.effective_to IS NULL OR t.touched_at < c.effective_to)
