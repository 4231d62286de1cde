SELECT
  xxhash64(member_id, effective_from) AS member_key,
  member_id,
  city,
  plan,
  effective_from,
  effective_to,
  effective_to IS NULL AS is_current
FROM sat_member_history
JOIN hub_member USING (member_hk)
WHERE NOT deleted
