" The language server for ALE, which finds this file by itself.
call ale#Set('soapnote_soapstone_executable', 'soapstone')
call ale#Set('soapnote_soapstone_config', {})

function! ale_linters#soapnote#soapstone#Root(buffer) abort
  let settings = ale#path#FindNearestFile(a:buffer, 'soapstone.toml')
  return empty(settings) ? expand('#' . a:buffer . ':p:h') : fnamemodify(settings, ':h')
endfunction

call ale#linter#Define('soapnote', {
      \ 'name': 'soapstone',
      \ 'lsp': 'stdio',
      \ 'executable': {buffer -> ale#Var(buffer, 'soapnote_soapstone_executable')},
      \ 'command': '%e lsp',
      \ 'language': 'soapnote',
      \ 'initialization_options': {buffer -> ale#Var(buffer, 'soapnote_soapstone_config')},
      \ 'project_root': function('ale_linters#soapnote#soapstone#Root'),
      \ })
