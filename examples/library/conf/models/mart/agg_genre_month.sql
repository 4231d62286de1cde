SELECT
  CAST(trunc(lent_on, 'MM') AS date) AS month,
  genre,
  count(*) AS loans,
  CAST(sum(fee) AS decimal(18,2)) AS fees
FROM fact_loan
JOIN dim_book USING (isbn)
WHERE status <> 'cancelled'
GROUP BY CAST(trunc(lent_on, 'MM') AS date), genre
