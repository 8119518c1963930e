-- What each person's items add to the numbers of published reports.
create table if not exists published_work (
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
