" Compares the colors of the real Vim with those of the grammar, for the notes in SOAPSTONE_HIGHLIGHTS.
"
set nocompatible encoding=utf-8 columns=400 maxmempattern=200000
execute 'set runtimepath^=' . fnameescape($SOAPSTONE_ROOT . '/editors/vim')
filetype plugin indent on
syntax on

let s:groups = {
      \ 'markup.heading.1': ['soapnoteVisit'], 'markup.heading.2': ['soapnoteSection', 'soapnoteNextSection'],
      \ 'string.special': ['soapnoteDate'], 'property': ['soapnoteKey', 'soapnoteDetail'],
      \ 'function': ['soapnoteCode'], 'attribute': ['soapnoteModifier', 'soapnoteGlued'],
      \ 'number': ['soapnoteNumber', 'soapnoteTouching'], 'label': ['soapnoteDiagnosis'], 'comment': ['soapnoteComment'],
      \ }
let s:known = flatten(values(s:groups))
let s:wrong = []
let s:compared = 0
let s:seen = {}

" The column of a byte, of one in UTF-16.
function! s:byte(line, column) abort
  let [byte, left] = [0, a:column]
  for character in split(a:line, '\zs')
    if left <= 0
      break
    endif
    let left -= char2nr(character) > 0xffff ? 2 : 1
    let byte += len(character)
  endfor
  return byte
endfunction

function! s:group(row, byte) abort
  let name = synIDattr(synID(a:row, a:byte + 1, 1), 'name')
  return index(s:known, name) >= 0 ? name : ''
endfunction

function! s:compare(note) abort
  enew!
  call setline(1, split(a:note.text, '\r\n\|\r\|\n', 1))
  setlocal filetype=soapnote
  syntax sync fromstart
  " What each byte that can be seen should be.
  let wanted = {}
  for [row, from, to, capture] in a:note.spans
    if !has_key(s:groups, capture)
      continue
    endif
    let s:compared += 1
    let s:seen[capture] = 1
    let line = getline(row + 1)
    for byte in range(s:byte(line, from), s:byte(line, to) - 1)
      let wanted[row . ':' . byte] = capture
    endfor
  endfor
  for row in range(line('$'))
    let line = getline(row + 1)
    let byte = 0
    for character in split(line, '\zs')
      if character !~# '\s'
        let capture = get(wanted, row . ':' . byte, '')
        let group = s:group(row + 1, byte)
        if capture ==# '' ? group !=# '' : index(s:groups[capture], group) < 0
          call add(s:wrong, printf('%s:%d:%d: %s, not %s: %s', fnamemodify(a:note.name, ':t'), row + 1, byte,
                \ group ==# '' ? 'nothing' : group, capture ==# '' ? 'nothing' : capture, line))
          break
        endif
      endif
      let byte += len(character)
    endfor
  endfor
endfunction

for s:note in json_decode(join(readfile($SOAPSTONE_HIGHLIGHTS), ''))
  call s:compare(s:note)
endfor
let s:missing = filter(keys(s:groups), '!has_key(s:seen, v:val)')
call extend(s:wrong, map(s:missing, '"no note has a " . v:val'))
call map(s:wrong, '"not ok " . v:val')
call writefile(s:wrong + [printf('%d spans compared', s:compared), printf('Vim: %d passed, %d failed', s:compared > 2000 && empty(s:wrong),
      \ s:compared <= 2000 || !empty(s:wrong))], $SOAPSTONE_RESULT)
qall!
