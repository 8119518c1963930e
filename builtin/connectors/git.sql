-- connector: git
-- about: A git repository: one item per commit of the default branch, AI where commits name it
-- reads: git
-- seen: git log of git 2.39; identities and trailers in docs/git.md
-- example: assay import git ~/src/app
-- gaps: merges have measures for their pull requests and are no items; no start of work, so no times; a commit that names no AI may still be AI's work
-- attrs: repository

-- into: item
select
  source_row,
  'git:' || sha as item_id,
  'git' as source,
  'code.change' as use_case,
  person as worker,
  size,
  committed_at as closed_at,
  'done' as state,
  tool as ai_declared,
  map {'repository': repository} as attrs
from source
where sha is not null
  and new_item = 'yes';

-- into: measure
select
  source_row,
  'git:' || sha as item_id,
  unnest(['reworked', 'reverted']) as name,
  committed_at as occurred_at,
  unnest([reworked, reverted]) as value
from source
where sha is not null;

-- into: link
-- Whose number it is shows where an export of pull requests links commits by their sha.
select source_row, pull as other_id, 'git:' || sha as item_id
from source
where pull is not null;
