-- One row a day, for all days that facts may have.
SELECT
  date,
  year(date) AS year,
  quarter(date) AS quarter,
  month(date) AS month,
  date_format(date, 'MMMM') AS month_name,
  weekofyear(date) AS week,
  day(date) AS day,
  weekday(date) + 1 AS weekday,
  date_format(date, 'EEEE') AS weekday_name,
  weekday(date) >= 5 AS is_weekend
FROM (SELECT explode(sequence(DATE '2015-01-01', DATE '2039-12-31')) AS date)
