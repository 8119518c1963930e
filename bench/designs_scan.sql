-- What the engine reads of the same columns: person, mark, time and outcome.
select
  ai_declared, worker, date_trunc('month', counted_at), count(*), avg(m_effort), var_samp(m_effort)
from facts
where counted_at >= timestamp '2026-06-01'
group by all
