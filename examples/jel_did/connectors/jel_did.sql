-- connector: jel_did
-- about: Deaths of adults of 20 to 64 years by county, 2009 to 2014, and the expansion of Medicaid
-- reads: csv
-- seen: county_mortality_data.csv of pedrohcgs/JEL-DiD, merged with the years of expansion
-- example: fips,state,year,deaths,pop,yaca,rate,treat
-- gaps: the data are yearly; 2013 and 2014 stand as January and February of 2025 here, and the years before as the months before, since plans go by month or week
-- columns: fips!, year!, rate!, treat!

-- into: item
select
  source_row,
  'jel:' || fips || '-' || "year" as item_id,
  'county.year' as use_case,
  'county ' || fips as worker,
  (date '2025-01-15' + to_months("year"::int - 2013))::date::varchar as opened_at,
  (date '2025-01-28' + to_months("year"::int - 2013))::date::varchar as closed_at,
  'done' as state
from source
where "year"::int between 2009 and 2014;

-- into: measure
select
  source_row,
  'jel:' || fips || '-' || "year" as item_id,
  'mortality' as name,
  rate as value
from source
where "year"::int between 2009 and 2014;

-- into: assignment
select distinct on (fips)
  source_row,
  'medicaid' as plan,
  'worker' as unit_kind,
  'county ' || fips as unit,
  case treat when '1' then 'ai' when '0' then 'no_ai' end as arm,
  case treat when '1' then '2025-02-01' end as since
from source
where "year" = '2013';
