--- The reader's settings: `vim.g.soapstone`, a table or a function that returns one.
local M = {}

---@class soapstone.Config
---@field cmd? string[] the program and its arguments; found by itself if not given
---@field inlay_hints? boolean minutes and units beside the note
---@field code_lens? boolean the units of a visit, and what to do with them, at its heading
---@field messages? boolean the finding in the cursor's line is written out below it
---@field completion? boolean completion opens while you type, without a plugin for it
---@field highlight? boolean colors from the parser
---@field folds? boolean folds for visits, sections and blocks
---@field settings? table what soapstone.toml can hold; a soapstone.toml near the note goes before it

---@type soapstone.Config
M.defaults = {
  inlay_hints = true,
  code_lens = true,
  messages = true,
  completion = false,
  highlight = true,
  folds = true,
  settings = {},
}

local kinds = {
  cmd = "table",
  inlay_hints = "boolean",
  code_lens = "boolean",
  messages = "boolean",
  completion = "boolean",
  highlight = "boolean",
  folds = "boolean",
  settings = "table",
}

--- What the reader wrote, and why it cannot be read if so.
---@return table, string?
local function written()
  local value = vim.g.soapstone
  if type(value) == "function" then
    local ok, result = pcall(value)
    if not ok then
      return {}, "vim.g.soapstone is a function that fails: " .. tostring(result)
    end
    value = result
  end
  if value == nil then
    return {}
  end
  if type(value) ~= "table" then
    return {}, "vim.g.soapstone should be a table, such as { inlay_hints = false }."
  end
  return value
end

--- The settings, with the defaults where one is missing or of the wrong kind.
---@return soapstone.Config
function M.get()
  local config = vim.deepcopy(M.defaults)
  for key, value in pairs((written())) do
    if type(value) == kinds[key] then
      config[key] = value
    end
  end
  return config
end

--- What is wrong with the settings, in sentences.
---@return string[]
function M.problems()
  local value, why = written()
  local problems = { why }
  for key, given in vim.spairs(value) do
    local kind = kinds[key]
    if not kind then
      problems[#problems + 1] = ("vim.g.soapstone has no setting %q. There are: %s."):format(
        tostring(key),
        table.concat(vim.fn.sort(vim.tbl_keys(kinds)), ", ")
      )
    elseif type(given) ~= kind then
      local wanted = { boolean = "true or false", table = key == "cmd" and "a list of words" or "a table" }
      problems[#problems + 1] = ("%q in vim.g.soapstone should be %s."):format(key, wanted[kind])
    end
  end
  return problems
end

--- The folder of this plugin.
---@return string
function M.folder()
  local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")
  -- The place of the files themselves, where the plugin is a link to them.
  here = vim.uv.fs_realpath(here) or here
  return vim.fs.dirname(vim.fs.dirname(vim.fs.dirname(vim.fs.normalize(here))))
end

--- The folder of Soapstone's sources, if the plugin is a part of them.
---@return string?
function M.sources()
  local root = vim.fs.dirname(vim.fs.dirname(M.folder()))
  return vim.uv.fs_stat(root .. "/grammar/src/parser.c") and root or nil
end

--- The program and its arguments: the reader's, else the one on the path, else the one that was built
--- in the sources beside this plugin.
---@return string[]
function M.cmd()
  local cmd = M.get().cmd
  if cmd then
    return cmd
  end
  local program = "soapstone"
  if vim.fn.executable(program) == 0 then
    local sources = M.sources()
    local built = sources and sources .. "/target/release/soapstone"
    if built and vim.fn.executable(built) == 1 then
      program = built
    end
  end
  return { program, "lsp" }
end

--- The settings as the server takes them: an empty Lua table would reach it as a list.
---@return table?
local function for_the_server()
  local settings = M.get().settings
  for key, value in pairs(settings) do
    if type(value) == "table" and next(value) == nil then
      settings[key] = vim.empty_dict()
    end
  end
  return next(settings) and { soapstone = settings } or nil
end

--- What Neovim can do and does not say, or says and cannot do in full.
---@return table
local function capabilities()
  local all = {
    -- It takes edits that name the version of the note they are meant for.
    workspace = { workspaceEdit = { documentChanges = true } },
  }
  local known = vim.lsp.protocol.make_client_capabilities()
  if not vim.tbl_get(known, "workspace", "diagnostics", "refreshSupport") then
    -- It asks for findings, but cannot be told to ask again when the settings changed. So they are sent.
    all.textDocument = { diagnostic = vim.NIL }
  end
  return all
end

--- The configuration for `vim.lsp.enable()`.
---@return vim.lsp.Config
function M.lsp()
  return {
    cmd = M.cmd(),
    filetypes = { "soapnote" },
    root_markers = { "soapstone.toml", ".git" },
    settings = for_the_server(),
    capabilities = capabilities(),
    init_options = {
      commands = { "soapstone.copyClaimLines", "soapstone.nextVisit", "soapstone.showClaim" },
    },
    on_exit = function(code, signal, id)
      require("soapstone.client").exited(code, signal, id)
    end,
  }
end

return M
