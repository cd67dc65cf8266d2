-- What holds for a chart note's buffer and window.
if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

local buffer = vim.api.nvim_get_current_buf()
local config = require("soapstone.config").get()

vim.bo.commentstring = "// %s"
vim.bo.comments = "://"
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = -1
vim.bo.indentexpr = "v:lua.require'soapstone.indent'.get()"
-- A heading is known by its colon, by the blank behind a code, or at the end of its line.
vim.bo.indentkeys = "o,O,<:>,<Space>,*<Return>"
-- A sentence is one line, as long as it is: a line break of the editor's would end it.
vim.bo.textwidth = 0
vim.wo[0][0].wrap = true
vim.wo[0][0].linebreak = true
vim.wo[0][0].breakindent = true

if config.folds then
  -- Everything is open to begin with.
  vim.wo[0][0].foldmethod = "expr"
  vim.wo[0][0].foldlevel = 99
end
require("soapstone.parser").attach(buffer)

vim.b.undo_ftplugin = table.concat({
  "setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< indentexpr< indentkeys< textwidth< completeopt<",
  "setlocal wrap< linebreak< breakindent< foldmethod< foldlevel< foldexpr<",
  "lua pcall(vim.treesitter.stop, 0)",
}, " | ")
