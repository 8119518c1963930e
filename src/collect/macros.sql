-- How text becomes numbers, times and truths while reading; made in the reading engine only.
-- "reading" is read_iso, read_dmy or read_mdy: how dates in figures are meant that do not begin with
-- the year; "decimal" which sign stands before the fraction of a number.
-- Each gives null for what it cannot read; the caller tells that apart from an empty cell.

-- is_untrimmed, is_plain_word and plain_time are functions of ours (collect/quick_text.h), which tell
-- at a glance what most cells are.

-- Trimming costs more than reading does, and few cells need it.
create macro read_text(v) as
  case when is_untrimmed(v::varchar) then nullif(trim(v::varchar), '') else v::varchar end;

create macro finite(x) as case when isfinite(x) then x end;

-- A text that read_text gave, and what a cast made of it.
create macro no_number(t, cast_number) as
  t is not null and (cast_number is null or not isfinite(cast_number));

-- A text that read_text gave, as a number; "decimal" is cast_point or cast_comma. A sign between
-- thousands is refused with either: which of the two it is would be a guess.
create macro cast_point(t) as try_cast(t as double);

create macro cast_comma(t) as
  try_cast(case when not contains(t::varchar, '.') then replace(t::varchar, ',', '.') end as double);

create macro number_of(t) as {decimal}(t);

create macro read_number(v) as finite(number_of(read_text(v)));

-- What is said of a text that is none.
create macro not_cast_point(t) as
  case when regexp_matches(t::varchar, '\d,\d')
    then 'not a number (there is a comma in it; write 1234.5)' else 'not a number' end;

create macro not_cast_comma(t) as
  case when regexp_matches(t::varchar, '\d\.\d')
    then 'not a number (there is a point in it; write 1234,5)' else 'not a number' end;

create macro not_a_number(t) as not_{decimal}(t);

-- Times are brought into the form that a cast reads. (Not by strptime, which reads a byte past the
-- end of a text that is shorter than its format, and makes 1900 of "infinity".)

-- 1 to 12; null where no month has the name, which has three letters at least.
create macro month_number(name) as
  list_position(
    list_transform(
      ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september',
        'october', 'november', 'december'],
      lambda month: length(name) >= 3 and starts_with(month, lower(name))),
    true);

-- 31 Jul 2026, 31-Jul-2026 and July 31, 2026 with the year first and the month in figures.
create macro month_in_figures(t) as
  list_transform(
    [regexp_replace(
      regexp_replace(t, '^(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4}),?', '\3-\2-\1'),
      '^([A-Za-z]+) (\d{1,2}),? (\d{4}),?', '\3-\1-\2')],
    lambda x: case
      when regexp_matches(x, '^\d{4}-[A-Za-z]')
        then regexp_replace(x, '^(\d{4})-[A-Za-z]+',
          '\1-' || month_number(regexp_extract(x, '^\d{4}-([A-Za-z]+)', 1)))
      else x
    end)[1];

-- 10:00 PM as 22:00
create macro clock_of_24(t) as
  list_transform(
    [regexp_extract(t, '^(.*) (\d{1,2})(:\d\d(?::\d\d)?) ?([AaPp])[Mm]$',
      ['date', 'hour', 'rest', 'half'])],
    lambda x: case
      when x['half'] = '' then t
      when x['hour']::integer between 1 and 12
        then x['date'] || ' '
          || x['hour']::integer % 12 + case when lower(x['half']) = 'p' then 12 else 0 end
          || x['rest']
    end)[1];

-- Macros are written out where they stand, so each names its argument as seldom as it can: a cell is
-- read four times in a select, and what is named twice in three layers would be there eight times.

-- A month's name or AM and PM are two letters side by side; the T and Z of ISO 8601 are not.
create macro in_figures(t) as
  case
    when regexp_matches(t, '[A-Za-z]{2}')
      then list_transform([month_in_figures(t)], lambda written: clock_of_24(written))[1]
    else t
  end;

-- As most exports write a time: a cast reads it as it is.
create macro is_plain_time(t) as
  regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]*)?(Z|[+-][0-9:]*)?');

-- A year has four digits and stands first: 31/07/26 would be in July of the year 31.
create macro read_cast(t) as
  try_cast(case when regexp_matches(t, '^[0-9]{4}') then t end as timestamptz);

-- Year first, or with the month's name: never meant otherwise, and how times of Parquet come.
create macro read_iso(v) as read_cast(in_figures(read_text(v)));

create macro read_dmy(v) as
  read_cast(in_figures(
    regexp_replace(read_text(v), '^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b', '\3-\2-\1')));

create macro read_mdy(v) as
  read_cast(in_figures(
    regexp_replace(read_text(v), '^(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b', '\3-\1-\2')));

-- Of a text that read_text gave. UTC, whatever the zone that the text was meant in.
create macro time_of(t) as
  coalesce(
    plain_time(t),
    make_timestamp(epoch_us(
      case when is_plain_time(t) then try_cast(t as timestamptz) else {reading}(t) end)));

create macro read_time(v) as time_of(read_text(v));

create macro read_truth(v) as
  case
    when lower(read_text(v)) in ('1', 'true', 't', 'yes', 'y') then true
    when lower(read_text(v)) in ('0', 'false', 'f', 'no', 'n') then false
  end;

-- Given and not readable: the text is there, the value is not.
create macro unreadable(v, parsed) as read_text(v) is not null and parsed is null;

-- The text of an id with its source.
create macro id_of(t, source) as case when contains(t, ':') then t else source || ':' || t end;

create macro named_in(id, source) as id_of(read_text(id), source);

-- In lower case; what is no letter, digit or sign of any script becomes _.
create macro use_case_of(v) as
  case
    when is_plain_word(v::varchar) then v::varchar
    else regexp_replace(lower(nfc_normalize(read_text(v))), '[^\p{L}\p{M}\p{N}\p{So}_.]+', '_', 'g')
  end;

-- Spreadsheets leave blanks twice, and blanks that do not break: the name is the same.
create macro one_spaced(t) as
  case
    when contains(t, '  ') or contains(t, chr(160)) or contains(t, chr(9))
      then trim(regexp_replace(t, '[\t \x{A0}]+', ' ', 'g'))
    else t
  end;

create macro worker_of(v) as pseudonym(lower(nfc_normalize(one_spaced(read_text(v)))));

-- Keys that the connector keeps, with values that can be neither long text nor an address. Most rows
-- have none.
create macro kept_attrs(m) as
  case when m is not null then
    map_from_entries(list_filter(map_entries(m), lambda e:
      e.value is not null and length(e.value) <= 64 and not contains(e.value, '@')
      and {kept_key}))
  end;

create macro dropped_attrs(m) as
  case
    when m is null then 0::bigint
    else coalesce(len(list_filter(map_entries(m), lambda e:
      e.value is not null and (length(e.value) > 64 or contains(e.value, '@')))), 0)::bigint
  end;
