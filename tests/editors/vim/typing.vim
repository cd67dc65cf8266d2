" Types notes into the real Vim, key by key, and says what became of them.
set nocompatible encoding=utf-8 maxmempattern=200000 backspace=indent,eol,start
execute 'set runtimepath^=' . fnameescape($SOAPSTONE_ROOT . '/editors/vim')
filetype plugin indent on
syntax on

let s:said = []
let s:passed = 0
let s:failed = 0
function! s:check(name, wanted, got) abort
  if a:wanted ==# a:got
    let s:passed += 1
  else
    let s:failed += 1
    call add(s:said, printf("not ok %s\n    want %s\n    got  %s", a:name, string(a:wanted), string(a:got)))
  endif
endfunction

" What stands in a new note after these lines were typed; nobody types the blanks that Vim puts before them.
function! s:typed(lines) abort
  execute 'edit!' fnameescape(tempname() . '.soap')
  let text = substitute(substitute(join(a:lines, "\n"), '\n *', "\n", 'g'), '\n', "\r", 'g')
  call feedkeys('i' . text . "\<Esc>", 'tx')
  return getline(1, '$')
endfunction

let s:ours = 0
for s:page in ['README.md', 'docs/format.md', 'docs/editors/vim.md', 'docs/editors/helix.md']
  let s:note = []
  let s:open = 0
  for s:line in readfile($SOAPSTONE_ROOT . '/' . s:page)
    if s:line =~# '^ *```soap$'
      let s:open = 1
      let s:note = []
    elseif s:open && s:line =~# '^ *```$'
      let s:open = 0
      if match(s:note, '^visit:') > 0
        let s:ours += 1
        " Below a section and a field only who writes knows what goes on.
        let s:wanted = map(copy(s:note), 'substitute(v:val, ''^   \+'', '''', '''')')
        call s:check('a note of ' . s:page, s:wanted, s:typed(s:note))
      endif
    elseif s:open
      call add(s:note, s:line)
    endif
  endfor
endfor
call s:check('notes of the documentation', 1, s:ours >= 4)

call s:check('the filetype', 'soapnote', &filetype)
call s:check('lines stay whole', 0, &textwidth)

" A heading and a field of the visit go to the margin while they are typed; a block's details stay.
let s:block = ['97140 neck', '  technique: pressing']
for s:line in ['A: better', '(S) sore', 'S - sore', 'Subjective (S): sore', 'OBJECTIVE FINDINGS: soft', 'Subjective',
      \ '## Plan', '**Assessment:** better', 'treatment plan: weekly', 'visit: 2026-11-21', 'visit 11/21/26',
      \ 'Date: 11/21/2026', 'Date of service: Friday, November 20th, 2026', 'goal 1: sit', 'STG #2: sit',
      \ 'payer: medicare', 'Total time (min): 40', 'signed: A. Rivera', '/s/: A. Rivera']
  call s:check(s:line, s:block + [s:line, 'x'], s:typed(s:block + [s:line, 'x']))
endfor
for s:line in ['- 97110 GP 25 min', 'CPT 97110 25 min', '97110: 25 min', 'G0283 10 min']
  call s:check(s:line, s:block + [s:line, '  x'], s:typed(s:block + [s:line, 'x']))
endfor
for s:line in ['response: softer', 'treatment: heat', 'Tx: heat', 'region: neck', 'time: 10:00-10:25', 'dx: M54.2',
      \ 'note: S: is said', 'a) hip hinge', 'Plan for the week', '98% of motion', '97 of 100 days',
      \ '98101-4423 is no code', '1. bridges', 'Date: soon', 'visit went well', 'position: prone']
  call s:check(s:line, s:block + ['  ' . s:line, '  x'], s:typed(s:block + [s:line, 'x']))
endfor

" Every label that the server knows stands where the server has it: in the block or at the margin.
let s:details = ['dx', 'technique', 'response', 'region', 'time', 'note', 'waive']
let s:count = 0
for s:row in readfile($SOAPSTONE_ROOT . '/server/data/labels.tsv')
  let s:parts = matchlist(s:row, '^\([^#\t]\+\)\t\(.\+\)$')
  if empty(s:parts) || s:parts[1] ==# 'key'
    continue
  endif
  for s:label in split(s:parts[2], ';\s*')
    " A date has to follow those.
    if s:parts[1] !=# 'day'
      let s:line = substitute(s:label, '\<N\>', '1', 'g') . ':'
      let s:there = (index(s:details, s:parts[1]) >= 0 ? '  ' : '') . s:line
      let s:count += 1
      call s:check(s:line, ['97140 neck', s:there], s:typed(['97140 neck', s:line]))
    endif
  endfor
endfor
call s:check('labels', 1, s:count > 100)

call writefile(s:said + [printf('Vim: %d passed, %d failed', s:passed, s:failed)], $SOAPSTONE_RESULT)
qall!
