-- How text becomes numbers, times and truths while reading; made in the reading engine only.
-- "strptime" is a list of formats for dates that are not written year first, or null.
-- Each gives null for what it cannot read; the caller tells that apart from an empty cell.

-- Trimming costs more than reading does, and few cells need it: not those of ASCII alone with a sign
-- at either end.
create macro read_text(v) as
  case
    when v::varchar >= '!' and not ends_with(v::varchar, ' ')
      and strlen(v::varchar) = length(v::varchar) then v::varchar
    else nullif(trim(v::varchar), '')
  end;

create macro read_number(v) as
  case when isfinite(try_cast(read_text(v) as double)) then try_cast(read_text(v) as double) end;

-- Year first is never meant otherwise, and is how times of Parquet come.
create macro read_zoned(v) as
  case
    when {strptime} is not null
      then coalesce(
        try_strptime(read_text(v), {strptime})::timestamptz,
        try_cast(read_text(v) as timestamptz)
      )
    else try_cast(read_text(v) as timestamptz)
  end;

-- UTC, whatever the zone that the text was meant in
create macro read_time(v) as
  case when isfinite(read_zoned(v)) then make_timestamp(epoch_us(read_zoned(v))) end;

create macro read_truth(v) as
  case
    when lower(read_text(v)) in ('1', 'true', 't', 'yes', 'y') then true
    when lower(read_text(v)) in ('0', 'false', 'f', 'no', 'n') then false
  end;

-- Given and not readable: the text is there, the value is not.
create macro unreadable(v, parsed) as read_text(v) is not null and parsed is null;

create macro named_in(id, source) as
  case when contains(read_text(id), ':') then read_text(id) else source || ':' || read_text(id) end;

-- In lower case; what is no letter, digit or sign of any script becomes _.
create macro use_case_of(v) as
  regexp_replace(lower(nfc_normalize(read_text(v))), '[^\p{L}\p{M}\p{N}\p{So}_.]+', '_', 'g');

create macro worker_of(v) as pseudonym(lower(nfc_normalize(read_text(v))));

-- Keys that the connector keeps, with values that can be neither long text nor an address.
create macro kept_attrs(m) as
  map_from_entries(list_filter(map_entries(m), lambda e:
    e.value is not null and length(e.value) <= 64 and not contains(e.value, '@')
    and {kept_key}));

create macro dropped_attrs(m) as
  coalesce(len(list_filter(map_entries(m), lambda e:
    e.value is not null and (length(e.value) > 64 or contains(e.value, '@')))), 0)::bigint;
