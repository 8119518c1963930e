-- Moments of the scores r z of least squares, r = e / (1 - h)^(k/2): the middle of HC0 to HC3.
-- Grain: one row. Cost: the sample, once.
select moments({columns}) as moments
from (
  select *, {residual} as e, {leverage} as h
  from ({sample})
  where excluded = 0
)
