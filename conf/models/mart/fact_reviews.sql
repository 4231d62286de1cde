-- One row a review. It points to the versions of customer and product that held when it was written.
WITH reviews AS (
  SELECT l.review_id, l.review_date AS reviewed_at, c.customer_id, p.product_id, l.rating, l.review_text
  FROM link_review AS l
  JOIN hub_customer AS c ON c.customer_hk = l.customer_hk
  JOIN hub_product AS p ON p.product_hk = l.product_hk
)
SELECT
  r.review_id,
  CAST(r.reviewed_at AS date) AS review_date,
  r.reviewed_at,
  coalesce(c.customer_key, -1L) AS customer_key,
  r.customer_id,
  coalesce(p.product_key, -1L) AS product_key,
  r.product_id,
  try_cast(r.rating AS decimal(4,2)) AS rating,
  r.review_text
FROM reviews AS r
LEFT JOIN dim_customer AS c
  ON c.customer_id = r.customer_id
  AND r.reviewed_at >= c.effective_from
  AND (c.effective_to IS NULL OR r.reviewed_at < c.effective_to)
LEFT JOIN dim_product AS p
  ON p.product_id = r.product_id
  AND r.reviewed_at >= p.effective_from
  AND (p.effective_to IS NULL OR r.reviewed_at < p.effective_to)
