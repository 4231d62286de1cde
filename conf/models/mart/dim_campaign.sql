-- One row a campaign with what was last known of it; one that only touches tell of is there too.
SELECT
  h.campaign_id,
  coalesce(c.known.name, 'unknown') AS name,
  coalesce(c.known.channel, 'unknown') AS channel,
  coalesce(c.known.status, 'unknown') AS status,
  c.known.budget AS budget
FROM hub_campaign AS h
LEFT JOIN (
  SELECT campaign_hk, max_by(struct(name, channel, status, budget), effective_from) AS known
  FROM sat_campaign_history
  WHERE NOT deleted AND (effective_to IS NULL OR effective_to > effective_from)
  GROUP BY campaign_hk) AS c
  ON c.campaign_hk = h.campaign_hk
UNION ALL
-- The unknown campaign.
SELECT '-1', 'unknown', 'unknown', 'unknown', CAST(NULL AS decimal(12,2))
