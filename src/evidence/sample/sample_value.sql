-- Items with one number each (means and proportions). Codes of excluded: enum exclusion.
-- Grain: one row per item of the cohort. Cost: one scan of facts.
{earlier}
select
  item_id, worker, cluster, arm, cell, counted_at, y {covariate_names}, given_up,
  case
    when worker is not null and why_no_value is null and not (y is null{above}) and not in_washout
      and arm is not null and cluster is not null and why_no_covariate is null then 0
    when worker is null then 1
    when why_no_value is not null then why_no_value
    when y is null{above} then 6
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
    {cell} as cell,
    {outcome},
    {reason} as why_no_value,
    {covariates_missing} as why_no_covariate
    {covariates}
  from facts
  {assignment}
  {earlier_too}
  where {cohort}
)
