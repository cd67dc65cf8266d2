-- So that a plugin manager can be given this repository as it is: Neovim looks for `plugin/` at its top,
-- and the plugin itself is in editors/nvim.
local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h")
local folder = here .. "/editors/nvim"
if not vim.tbl_contains(vim.opt.runtimepath:get(), folder) then
  vim.opt.runtimepath:prepend(folder)
end
vim.cmd.source(vim.fn.fnameescape(folder .. "/plugin/soapstone.lua"))
