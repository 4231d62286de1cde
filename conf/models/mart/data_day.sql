-- The day of the latest change of a sale, by the source's own clock. A sale that is dated in the future doesn't move it.
SELECT CAST(max(last_change_time) AS date) AS day
FROM fact_sales
HAVING max(last_change_time) IS NOT NULL
