--- Soapstone for Neovim. Nothing has to be called: see `:help soapstone`.
local M = {}

--- For those whose plugin manager calls it; `vim.g.soapstone` does the same.
---@param config? soapstone.Config
function M.setup(config)
  if config then
    vim.g.soapstone = config
  end
end

--- Shows or hides the claim of the visit under the cursor.
function M.claim()
  require("soapstone.claim").toggle()
end

return M
