-- Every level that the shelves in question ever had.
SELECT
  k.product_id,
  k.warehouse_id,
  s.quantity,
  s.effective_from,
  s.deleted
FROM keys AS k
JOIN hub_product AS p ON p.product_id = k.product_id
JOIN hub_warehouse AS w ON w.warehouse_id = k.warehouse_id
JOIN link_stock AS l ON l.product_hk = p.product_hk AND l.warehouse_hk = w.warehouse_hk
JOIN sat_stock_history AS s ON s.stock_hk = l.stock_hk
