SELECT
  loan_id,
  member_id,
  isbn,
  -- The desk that wrote the loan's last change.
  s.record_source AS desk,
  lent_on,
  due_on,
  returned_on,
  greatest(coalesce(datediff(returned_on, due_on), 0), 0) AS days_late,
  fee,
  status
FROM hub_loan
JOIN sat_loan_current s USING (loan_hk)
JOIN link_loan_of USING (loan_hk)
JOIN hub_member USING (member_hk)
JOIN hub_book USING (book_hk)
