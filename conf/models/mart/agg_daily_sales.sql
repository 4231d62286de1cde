-- Sales by day, product, seller and region. Cancelled orders were not sold.
SELECT
  order_date,
  product_id,
  seller_id,
  coalesce(region, 'unknown') AS region,
  count(DISTINCT order_id) AS orders,
  sum(CAST(quantity AS bigint)) AS quantity,
  CAST(sum(revenue) AS decimal(18,2)) AS revenue
FROM fact_sales
WHERE status IS DISTINCT FROM 'cancelled'
GROUP BY order_date, product_id, seller_id, coalesce(region, 'unknown')
