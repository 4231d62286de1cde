-- By day and campaign: touches and their cost on the day they happened, orders on the day they were placed.
WITH figures AS (
  SELECT
    touch_date AS date,
    campaign_id,
    count(*) AS touches,
    count_if(kind = 'click') AS clicks,
    count(DISTINCT customer_id) AS customers,
    sum(cost) AS cost,
    0L AS first_orders,
    CAST(0 AS decimal(18,2)) AS first_revenue,
    0L AS last_orders,
    CAST(0 AS decimal(18,2)) AS last_revenue
  FROM fact_campaign_touches
  GROUP BY touch_date, campaign_id
  UNION ALL
  SELECT order_date, first_campaign_id, 0L, 0L, 0L, 0, count(*), sum(revenue), 0L, 0
  FROM fact_attribution
  GROUP BY order_date, first_campaign_id
  UNION ALL
  SELECT order_date, last_campaign_id, 0L, 0L, 0L, 0, 0L, 0, count(*), sum(revenue)
  FROM fact_attribution
  GROUP BY order_date, last_campaign_id
)
SELECT
  date,
  campaign_id,
  sum(touches) AS touches,
  sum(clicks) AS clicks,
  sum(customers) AS customers,
  CAST(sum(cost) AS decimal(14,2)) AS cost,
  sum(first_orders) AS first_touch_orders,
  CAST(sum(first_revenue) AS decimal(18,2)) AS first_touch_revenue,
  sum(last_orders) AS last_touch_orders,
  CAST(sum(last_revenue) AS decimal(18,2)) AS last_touch_revenue
FROM figures
GROUP BY date, campaign_id
