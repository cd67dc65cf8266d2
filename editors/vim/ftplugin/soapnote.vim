" What holds for a chart note's buffer and window.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s comments=://
setlocal expandtab shiftwidth=2 softtabstop=-1
" A sentence is one line, as long as it is: a line break of the editor's would end it.
setlocal textwidth=0 formatoptions-=t formatoptions-=c
setlocal wrap linebreak breakindent

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< textwidth<'
      \ . ' formatoptions< wrap< linebreak< breakindent<'
