-- One row an order that was touched before: its first and its last touch. Cancelled orders brought nothing.
WITH orders AS (
  SELECT order_id, customer_id, order_date, order_time, CAST(sum(revenue) AS decimal(14,2)) AS revenue
  FROM fact_sales
  WHERE status IS DISTINCT FROM 'cancelled' AND customer_id <> -1
  GROUP BY order_id, customer_id, order_date, order_time
),
touched AS (
  SELECT
    o.order_id,
    o.order_date,
    o.order_time,
    o.customer_id,
    o.revenue,
    CAST(count(*) AS int) AS touches,
    -- Of touches in one instant the campaign decides.
    min(struct(t.touched_at, t.campaign_id)) AS first,
    max(struct(t.touched_at, t.campaign_id)) AS last
  FROM orders AS o
  JOIN fact_campaign_touches AS t
    ON t.customer_id = o.customer_id
    AND t.touched_at <= o.order_time
    AND t.touched_at > o.order_time - INTERVAL 30 DAYS
  GROUP BY o.order_id, o.order_date, o.order_time, o.customer_id, o.revenue
)
SELECT
  order_id,
  order_date,
  order_time,
  customer_id,
  revenue,
  touches,
  first.campaign_id AS first_campaign_id,
  first.touched_at AS first_touched_at,
  last.campaign_id AS last_campaign_id,
  last.touched_at AS last_touched_at
FROM touched
