-- One row a parcel that is there now. It points to the version of the customer that held when it was shipped.
WITH customers AS (
  -- A link only says that the two met; an order has one customer.
  SELECT order_hk, max(customer_id) AS customer_id
  FROM link_order_customer
  JOIN hub_customer USING (customer_hk)
  GROUP BY order_hk
),
parcels AS (
  SELECT
    h.delivery_id,
    o.order_id,
    d.*,
    coalesce(c.customer_id, -1L) AS customer_id,
    unix_seconds(d.shipped_at) - unix_seconds(s.order_time) AS seconds_to_ship
  FROM link_delivery_order AS l
  JOIN hub_order AS o ON o.order_hk = l.order_hk
  JOIN hub_delivery AS h ON h.delivery_hk = l.delivery_hk
  JOIN sat_delivery_current AS d ON d.delivery_hk = l.delivery_hk
  LEFT JOIN sat_order_current AS s ON s.order_hk = l.order_hk
  LEFT JOIN customers AS c ON c.order_hk = l.order_hk
)
SELECT
  p.delivery_id,
  p.order_id,
  p.parcel,
  CAST(p.shipped_at AS date) AS shipped_date,
  p.shipped_at,
  p.delivered_at,
  coalesce(c.customer_key, -1L) AS customer_key,
  p.customer_id,
  p.carrier,
  p.tracking_code,
  p.status,
  p.seconds_to_ship,
  unix_seconds(p.delivered_at) - unix_seconds(p.shipped_at) AS seconds_under_way,
  p.applied_time AS last_change_time
FROM parcels AS p
LEFT JOIN dim_customer AS c
  ON c.customer_id = p.customer_id
  AND p.shipped_at >= c.effective_from
  AND (c.effective_to IS NULL OR p.shipped_at < c.effective_to)
