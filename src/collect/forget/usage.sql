-- Their calls, and calls of nobody (an agent's) that name one of their items or share a session with
-- a call of theirs.
delete from usage
where worker in (select worker from forgotten)
  or (
    worker is null
    and (
      item_id in (select name from forgotten_name)
      or (split_part(usage_id, ':', 1), session) in (select (source, session) from forgotten_session)
    )
  )
