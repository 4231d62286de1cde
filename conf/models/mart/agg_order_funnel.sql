-- By day and product: views and carts on the day they happened, orders and what came back of them on the day of the order.
WITH steps AS (
  SELECT
    event_date AS date,
    product_id,
    customer_id,
    interaction_type IN ('browse', 'search') AS viewed,
    interaction_type = 'cart' AS carted,
    0L AS bought,
    0L AS returned
  FROM fact_interactions
  WHERE interaction_type IN ('browse', 'search', 'cart')
  UNION ALL
  SELECT order_date, product_id, customer_id, false, false, CAST(quantity AS bigint), 0L
  FROM fact_sales
  WHERE status IS DISTINCT FROM 'cancelled'
  UNION ALL
  SELECT order_date, product_id, customer_id, false, false, 0L, CAST(quantity AS bigint)
  FROM fact_returns
  WHERE status NOT IN ('rejected', 'withdrawn') AND order_date IS NOT NULL
),
customers AS (
  SELECT
    date,
    product_id,
    customer_id,
    bool_or(viewed) AS viewed,
    bool_or(carted) AS carted,
    sum(bought) AS bought,
    sum(returned) AS returned
  FROM steps
  GROUP BY date, product_id, customer_id
)
SELECT
  date,
  product_id,
  count_if(viewed) AS viewers,
  count_if(carted) AS carters,
  count_if(bought > 0) AS buyers,
  count_if(returned > 0) AS returners,
  sum(bought) AS units_bought,
  sum(returned) AS units_returned
FROM customers
GROUP BY date, product_id
