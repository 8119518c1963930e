-- How many units were drawn in each stratum of a plan: the place of the next one.
create table draw (
  plan varchar not null,
  stratum varchar not null,
  units bigint not null
);
