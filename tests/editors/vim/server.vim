" The language server in the real Vim, by the plugin ALE: a finding appears while a note is typed, and goes.
set nocompatible encoding=utf-8 backspace=indent,eol,start hidden
execute 'set runtimepath^=' . fnameescape($SOAPSTONE_ROOT . '/editors/vim') . ',' . fnameescape($SOAPSTONE_ALE)
let g:ale_soapnote_soapstone_executable = $SOAPSTONE
let g:ale_lint_delay = 0
filetype plugin indent on
syntax on
runtime plugin/ale.vim

let s:said = []
let s:passed = 0
function! s:wait(what, holds) abort
  " The number is only there so that a test that fails ends.
  for times in range(600)
    if a:holds()
      let s:passed += 1
      return 1
    endif
    sleep 100m
  endfor
  call add(s:said, 'not ok waited in vain: ' . a:what . ' ' . string(getloclist(0)) . ' ' . execute('messages'))
  return 0
endfunction
function! s:has(rule) abort
  return len(filter(ale#engine#GetLoclist(bufnr('')), 'get(v:val, "code", "") ==# a:rule || v:val.text =~# a:rule')) > 0
endfunction

let s:note = ['payer: medicare', 'visit: 2026-11-20', '97140-GP lumbar 10:00-10:25', '97110-GP core 10:25-10:32']
execute 'edit' fnameescape(tempname() . '.soap')
call feedkeys('i' . join(s:note, "\r") . "\<Esc>", 'tx')
doautocmd TextChanged
call s:wait('the finding', {-> s:has('under-eight-minutes')})
call feedkeys("G$a\<BS>5\<Esc>", 'tx')
doautocmd TextChanged
call s:wait('no more finding', {-> !s:has('under-eight-minutes')})
let s:note[3] = '97110-GP core 10:25-10:35'
if getline(1, '$') ==# s:note
  let s:passed += 1
else
  call add(s:said, 'not ok the note is ' . string(getline(1, '$')))
endif
call writefile(s:said + [printf('Vim: %d passed, %d failed', s:passed, len(s:said))], $SOAPSTONE_RESULT)
ALEStopAllLSPs
qall!
