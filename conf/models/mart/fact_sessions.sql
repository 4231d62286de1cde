-- One row a session whose document came. It points to the version of the customer that held when it began.
WITH customers AS (
  -- A link only says that the two met; a session has one customer.
  SELECT session_hk, max(customer_id) AS customer_id
  FROM link_session_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY session_hk
),
pages AS (
  SELECT session_hk, CAST(count(*) AS int) AS page_views, CAST(count(DISTINCT product_id) AS int) AS products_viewed
  FROM sat_session_page_current
  GROUP BY session_hk
),
actions AS (
  SELECT
    session_hk,
    CAST(count_if(action = 'add_to_cart') AS int) AS cart_additions,
    CAST(count_if(action = 'checkout_attempt') AS int) AS checkout_attempts,
    bool_or(action = 'checkout_attempt' AND status <=> 'abandoned') AS is_abandoned
  FROM sat_session_action_current
  GROUP BY session_hk
),
events AS (
  SELECT session_hk, CAST(count(*) AS int) AS interactions FROM link_interaction GROUP BY session_hk
),
touches AS (
  SELECT session_hk, CAST(count(*) AS int) AS campaign_touches FROM link_campaign_touch GROUP BY session_hk
),
sessions AS (
  SELECT
    h.session_id,
    s.start_time,
    s.end_time,
    coalesce(c.customer_id, -1L) AS customer_id,
    coalesce(p.page_views, 0) AS page_views,
    coalesce(p.products_viewed, 0) AS products_viewed,
    coalesce(e.interactions, 0) AS interactions,
    coalesce(a.cart_additions, 0) AS cart_additions,
    coalesce(a.checkout_attempts, 0) AS checkout_attempts,
    coalesce(a.is_abandoned, false) AS is_abandoned,
    coalesce(t.campaign_touches, 0) AS campaign_touches
  FROM hub_session AS h
  JOIN sat_session_current AS s ON s.session_hk = h.session_hk
  LEFT JOIN customers AS c ON c.session_hk = h.session_hk
  LEFT JOIN pages AS p ON p.session_hk = h.session_hk
  LEFT JOIN actions AS a ON a.session_hk = h.session_hk
  LEFT JOIN events AS e ON e.session_hk = h.session_hk
  LEFT JOIN touches AS t ON t.session_hk = h.session_hk
)
SELECT
  s.session_id,
  CAST(s.start_time AS date) AS session_date,
  s.start_time,
  s.end_time,
  coalesce(c.customer_key, -1L) AS customer_key,
  s.customer_id,
  unix_seconds(s.end_time) - unix_seconds(s.start_time) AS duration_seconds,
  s.page_views,
  s.products_viewed,
  s.interactions,
  s.cart_additions,
  s.checkout_attempts,
  s.is_abandoned,
  s.campaign_touches
FROM sessions AS s
LEFT JOIN dim_customer AS c
  ON c.customer_id = s.customer_id
  AND s.start_time >= c.effective_from
  AND (c.effective_to IS NULL OR s.start_time < c.effective_to)
