if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal indentexpr=soapnote#indent()
" A heading is known by its colon, by the blank behind a code, or at the end of its line.
setlocal indentkeys=o,O,<:>,<Space>,*<Return>
setlocal nosmartindent

let b:undo_indent = 'setlocal indentexpr< indentkeys< smartindent<'
