--- The tree-sitter parser of notes: where it is, and how it is built.
local M = {}

local LANGUAGE = "soapnote"

--- Where `:Soapstone parser` puts it. Not beside the plugin, whose folder a plugin manager owns.
---@return string
local function built()
  return vim.fn.stdpath("data") .. "/soapstone/soapnote.so"
end

--- The folder of the grammar's C sources.
---@return string?
local function sources()
  local config = require("soapstone.config")
  local root = config.sources()
  local beside = config.folder() .. "/grammar/src"
  if root then
    return root .. "/grammar/src"
  end
  return vim.uv.fs_stat(beside .. "/parser.c") and beside or nil
end

---@param path string
---@return string?
local function read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read("*a")
  file:close()
  return text
end

--- Loads the parser: one on the runtime path, else the one that was built.
---@return boolean, string? why not
function M.load()
  local ok, loaded = pcall(vim.treesitter.language.add, LANGUAGE)
  if ok and loaded then
    return true
  end
  if not vim.uv.fs_stat(built()) then
    return false, "there is none yet"
  end
  local why
  ok, loaded, why = pcall(vim.treesitter.language.add, LANGUAGE, { path = built() })
  if ok and loaded then
    return true
  end
  return false, tostring(ok and why or loaded)
end

--- What is wrong with the queries and the loaded parser together, if anything.
---@return string?
function M.query_problem()
  for _, name in ipairs({ "highlights", "folds" }) do
    local ok, why = pcall(vim.treesitter.query.get, LANGUAGE, name)
    if not ok then
      return ("%s.scm: %s"):format(name, why)
    end
  end
end

--- The C sources, one of which is made and one of which is written.
local SOURCES = { "/parser.c", "/scanner.c" }

--- A mark of the sources in a folder as they are now.
---@param from string
---@return string
local function stamp_of(from)
  local texts = vim.tbl_map(function(name)
    return read(from .. name) or ""
  end, SOURCES)
  return vim.fn.sha256(table.concat(texts))
end

--- Whether the parser that was built is of other sources than those that are here.
---@return boolean
function M.is_stale()
  local from = sources()
  local used = read(built() .. ".stamp")
  return from ~= nil and used ~= nil and stamp_of(from) ~= used
end

--- Builds the parser with the C compiler of this computer. Calls back with what went wrong, if so.
---@param done fun(why?: string)
function M.build(done)
  local from = sources()
  if not from then
    return done("the sources of the grammar are not beside this plugin; see :help soapstone-parser")
  end
  local compiler
  for _, name in ipairs({ vim.env.CC or "cc", "cc", "gcc", "clang" }) do
    if vim.fn.executable(name) == 1 then
      compiler = name
      break
    end
  end
  if not compiler then
    return done("there is no C compiler (cc) on this computer. Colors come from the server meanwhile")
  end
  local out = built()
  vim.fn.mkdir(vim.fs.dirname(out), "p")
  -- A parser that is in use must not be written into: it would take Neovim down with it.
  local fresh = ("%s.%d"):format(out, vim.uv.os_getpid())
  local command = { compiler, "-O2", "-shared", "-fPIC", "-I" .. from, "-o", fresh }
  for _, name in ipairs(SOURCES) do
    table.insert(command, from .. name)
  end
  vim.system(command, { text = true, timeout = 120000 }, function(result)
    vim.schedule(function()
      if result.code ~= 0 then
        os.remove(fresh)
        return done(("the C compiler stopped: %s"):format(vim.trim(result.stderr or "")))
      end
      local ok, why = vim.uv.fs_rename(fresh, out)
      if not ok then
        return done(why)
      end
      local stamp = io.open(out .. ".stamp", "wb")
      if stamp then
        stamp:write(stamp_of(from))
        stamp:close()
      end
      local loaded, problem = M.load()
      if not loaded then
        return done(problem)
      end
      for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
        if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == LANGUAGE then
          M.attach(buffer)
        end
      end
      done()
    end)
  end)
end

--- Colors and folds of a note from the parser, if there is one.
---@param buffer integer
---@return boolean
function M.attach(buffer)
  if not M.load() or M.query_problem() then
    return false
  end
  local config = require("soapstone.config").get()
  if config.highlight then
    vim.treesitter.start(buffer, LANGUAGE)
  end
  if config.folds then
    for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
      vim.wo[window][0].foldexpr = "v:lua.vim.treesitter.foldexpr()"
    end
  end
  return true
end

return M
