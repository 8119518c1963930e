-- Items with the time they took, or have taken so far. Codes of excluded: enum exclusion.
-- Times count from the landmark on, among items that were still open then.
-- Grain: one row per item of the cohort. Cost: one scan of facts.
select
  item_id, worker, cluster, arm, cell, counted_at, minutes_whole - {landmark} as minutes, ended {covariate_names}, given_up,
  case
    when worker is not null and minutes_whole >= 0 and (minutes_whole > {landmark} or {landmark} = 0)
      and followed and not in_washout and arm is not null and cluster is not null
      and why_no_covariate is null then 0
    when worker is null then 1
    when minutes_whole is null or minutes_whole < 0 then 6
    when minutes_whole <= {landmark} and {landmark} > 0 and ended then 3
    when minutes_whole <= {landmark} and {landmark} > 0 then 2
    when not followed then 2
    when in_washout then 8
    when arm is null and late then 9
    when arm is null then 7
    when cluster is null then 10
    when why_no_covariate is not null then why_no_covariate
    else 0
  end as excluded
from (
  select
    facts.item_id as item_id,
    facts.worker as worker,
    facts.counted_at as counted_at,
    {cluster} as cluster,
    {arm} as arm,
    {late} as late,
    facts.state = 'abandoned' as given_up,
    {washout} as in_washout,
    {followed} as followed,
    {cell} as cell,
    {outcome},
    {covariates_missing} as why_no_covariate
    {covariates}
  from facts
  {assignment}
  where {cohort}
)
