-- connector: prices
-- about: List prices of models, US dollars per million tokens, since when
-- reads: csv, json, parquet
-- seen: docs/connectors.md of this project
-- example: model,since,input,output,cache_read,cache_write
-- example: model-a,2026-01-01,3,15,0.3,3.75
-- gaps: prices that depend on the prompt's length or on the time of day
-- options: dates=iso, decimal=point
-- columns: model!, since, input, output, cache_read, cache_write

-- into: price
select source_row, model, since, input, output, cache_read, cache_write
from source;
