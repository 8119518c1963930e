-- What there is to make waves of.
-- Grain: one row. Cost: one scan of assignment and of seat.
select
  (select count(*) from assignment where plan = $plan and unit_kind = $unit_kind
    and arm in ($arm_0, $arm_1)) as assigned,
  (select count(*) from assignment where plan = $plan and unit_kind = $unit_kind
    and arm = $arm_1) as treated,
  (select count(*) from assignment where plan = $plan and unit_kind = $unit_kind
    and arm = $arm_1 and until < $now_until) as taken_away,
  (select count(*) from assignment where plan = $plan) as of_plan,
  (select count(*) from seat where worker is not null) as seats,
  (select count(probability) from assignment where plan = $plan and unit_kind = $unit_kind
    and arm in ($arm_0, $arm_1)) as drawn
