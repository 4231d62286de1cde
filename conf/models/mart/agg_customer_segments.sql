-- One row a customer who ever bought. Scores have fixed limits, so that what others buy moves nobody.
WITH orders AS (
  SELECT customer_id, order_id, order_date, sum(revenue) AS revenue
  FROM fact_sales
  WHERE status IS DISTINCT FROM 'cancelled' AND customer_id <> -1
  GROUP BY customer_id, order_id, order_date
),
sums AS (
  SELECT
    o.customer_id,
    d.day,
    min(o.order_date) FILTER (WHERE o.order_date <= d.day) AS first_order_date,
    max(o.order_date) FILTER (WHERE o.order_date <= d.day) AS last_order_date,
    count_if(o.order_date <= d.day) AS orders,
    count_if(o.order_date BETWEEN d.day - 364 AND d.day) AS orders_365_days,
    CAST(coalesce(sum(o.revenue) FILTER (WHERE o.order_date BETWEEN d.day - 364 AND d.day), 0) AS decimal(18,2)) AS revenue_365_days,
    -- When the next order leaves the 365 days, or one that is dated in the future comes in.
    min(IF(o.order_date > d.day, o.order_date, o.order_date + 365)) FILTER (WHERE o.order_date > d.day - 365) AS next_move
  FROM orders AS o
  CROSS JOIN data_day AS d
  GROUP BY o.customer_id, d.day
),
scores AS (
  SELECT
    *,
    CASE
      WHEN last_order_date > day - 31 THEN 5
      WHEN last_order_date > day - 61 THEN 4
      WHEN last_order_date > day - 91 THEN 3
      WHEN last_order_date > day - 181 THEN 2
      ELSE 1
    END AS recency_score,
    CASE
      WHEN orders_365_days >= 12 THEN 5
      WHEN orders_365_days >= 6 THEN 4
      WHEN orders_365_days >= 3 THEN 3
      WHEN orders_365_days >= 2 THEN 2
      ELSE 1
    END AS frequency_score,
    CASE
      WHEN revenue_365_days >= 2000 THEN 5
      WHEN revenue_365_days >= 1000 THEN 4
      WHEN revenue_365_days >= 400 THEN 3
      WHEN revenue_365_days >= 100 THEN 2
      ELSE 1
    END AS monetary_score
  FROM sums
)
SELECT
  customer_id,
  first_order_date,
  last_order_date,
  orders,
  orders_365_days,
  revenue_365_days,
  recency_score,
  frequency_score,
  monetary_score,
  CASE
    WHEN orders_365_days = 0 THEN 'lapsed'
    WHEN recency_score >= 4 AND frequency_score >= 4 THEN 'champions'
    WHEN recency_score >= 3 AND frequency_score >= 3 THEN 'loyal'
    WHEN recency_score >= 4 AND orders = 1 THEN 'new'
    WHEN recency_score >= 4 THEN 'promising'
    WHEN recency_score = 3 THEN 'cooling'
    WHEN frequency_score >= 3 THEN 'at-risk'
    ELSE 'hibernating'
  END AS segment,
  least(
    next_move,
    CASE recency_score
      WHEN 5 THEN last_order_date + 31
      WHEN 4 THEN last_order_date + 61
      WHEN 3 THEN last_order_date + 91
      WHEN 2 THEN last_order_date + 181
    END) AS stands_until
FROM scores
