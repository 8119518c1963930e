-- connector: mpdta
-- about: Teen employment of counties and minimum wages, 2003 to 2007 (Callaway & Sant'Anna 2021)
-- reads: csv
-- seen: mpdta of R's did, as CSV
-- example: year,countyreal,lemp,first.treat
-- gaps: the data are yearly; years stand as months of 2025 here, since plans go by month or week
-- columns: year!, countyreal!, lemp!, first.treat!

-- into: item
select
  source_row,
  'mpdta:' || countyreal || '-' || "year" as item_id,
  'county.year' as use_case,
  'county ' || countyreal as worker,
  '2025-0' || ("year"::int - 2002) || '-15' as opened_at,
  '2025-0' || ("year"::int - 2002) || '-28' as closed_at,
  'done' as state
from source;

-- into: measure
select
  source_row,
  'mpdta:' || countyreal || '-' || "year" as item_id,
  'employment' as name,
  lemp as value
from source;

-- into: assignment
select
  source_row,
  'wages' as plan,
  'worker' as unit_kind,
  'county ' || countyreal as unit,
  case "first.treat" when '0' then 'no_ai' else 'ai' end as arm,
  case when "first.treat" <> '0' then '2025-0' || ("first.treat"::int - 2002) || '-01' end as since
from source;
