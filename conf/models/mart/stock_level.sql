-- What each warehouse has of each product now.
SELECT
  p.product_id,
  w.warehouse_id,
  s.quantity,
  s.applied_time AS last_change_time
FROM link_stock AS l
JOIN sat_stock_current AS s ON s.stock_hk = l.stock_hk
JOIN hub_product AS p ON p.product_hk = l.product_hk
JOIN hub_warehouse AS w ON w.warehouse_hk = l.warehouse_hk
