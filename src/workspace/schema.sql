-- The canonical tables of a workspace, and what assay keeps about itself.
-- Times are UTC. There are no primary keys: on text keys they make loading four times as slow, and
-- every merge finds its rows by an anti join instead (collect/merge/*.sql).

create table item (
  item_id varchar not null,
  source varchar not null,
  use_case varchar,
  worker varchar,
  team varchar,
  role varchar,
  size double,
  opened_at timestamp,
  started_at timestamp,
  first_closed_at timestamp,
  closed_at timestamp,
  updated_at timestamp,
  state varchar not null,
  ai_declared varchar,
  attrs map(varchar, varchar)
);

create table step (
  item_id varchar not null,
  occurred_at timestamp not null,
  step varchar not null,
  worker varchar,
  by_ai boolean not null
);

create table usage (
  usage_id varchar not null,
  occurred_at timestamp not null,
  grain varchar not null,
  worker varchar,
  team varchar,
  tool varchar,
  model varchar,
  operation varchar,
  item_id varchar,
  session varchar,
  input_tokens double,
  output_tokens double,
  cache_read_tokens double,
  cache_write_tokens double,
  usd double,
  latency_ms double,
  prompt_chars double,
  fingerprint varchar,
  status varchar not null,
  attrs map(varchar, varchar)
);

create table measure (
  item_id varchar not null,
  name varchar not null,
  occurred_at timestamp,
  value double not null,
  source varchar not null
);

create table review (
  audit varchar not null,
  item_id varchar not null,
  reviewer varchar,
  criterion varchar not null,
  score double not null,
  blinded boolean not null,
  occurred_at timestamp
);

create table membership (
  worker varchar not null,
  since timestamp,
  team varchar,
  role varchar,
  attrs map(varchar, varchar)
);

create table alias (
  alias varchar not null,
  worker varchar not null
);

create table link (
  other_id varchar not null,
  item_id varchar not null
);

create table assignment (
  plan varchar not null,
  unit_kind varchar not null,
  unit varchar not null,
  arm varchar not null,
  since timestamp,
  until timestamp,
  probability double
);

-- How many units were drawn in each stratum of a plan: the place of the next one.
create table draw (
  plan varchar not null,
  stratum varchar not null,
  units bigint not null
);

create table policy (
  policy varchar not null,
  announced_at timestamp,
  starts_at timestamp,
  kind varchar not null,
  scope varchar,
  measure varchar,
  threshold double,
  period varchar
);

create table price (
  model varchar not null,
  since timestamp,
  input double,
  output double,
  cache_read double,
  cache_write double
);

create table seat (
  worker varchar,
  tool varchar not null,
  since timestamp,
  until timestamp,
  usd_per_month double
);

create table invoice (
  tool varchar not null,
  since timestamp,
  until timestamp,
  usd double not null
);

create table labour (
  role varchar,
  since timestamp,
  usd_per_hour double not null
);

create table imported (
  file_hash varchar not null,
  connector varchar not null,
  rows_read bigint not null,
  accepted bigint not null,
  rejected bigint not null,
  imported_at timestamp not null
);

create table rejected (
  file_hash varchar not null,
  connector varchar not null,
  row bigint,
  column_name varchar,
  reason varchar not null
);

-- Of numbers of published reports, by the SHA-256 of the report's file.
create table published_work (
  report varchar not null,
  use_case varchar not null,
  metric varchar not null,
  plan varchar not null,
  arm varchar not null,
  part varchar not null,
  worker varchar not null,
  items bigint not null,
  weight double not null,
  total double not null,
  print bigint not null
);

-- One row per thing: schema, data_version, registry_lines, registry_head, facts, key_check,
-- last_import.
create table about_workspace (
  thing varchar not null,
  value varchar not null
);
