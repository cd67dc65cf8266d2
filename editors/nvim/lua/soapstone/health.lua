--- `:checkhealth soapstone`.
local M = {}

-- Neovim 0.7 has it by another name.
local health = vim.health or require("health")

--- Whether this Neovim is new enough. Versions that are not call the reports by other names.
---@return boolean
local function is_new_enough()
  if vim.fn.has("nvim-0.11") == 1 then
    return true
  end
  local start, error = health.start or health.report_start, health.error or health.report_error
  local version = vim.version()
  start("Neovim")
  error(
    ("Soapstone needs Neovim 0.11 or later, and this is %d.%d, so notes are not checked."):format(
      version.major,
      version.minor
    ),
    { "Install a newer one: https://neovim.io", "Or check notes in a terminal: soapstone check" }
  )
  return false
end

local function program()
  health.start("The program")
  local config = vim.lsp.config.soapstone
  local cmd = config and config.cmd
  if type(cmd) ~= "table" then
    health.info("The program is started by a function in vim.lsp.config.")
    return
  end
  local path = vim.fn.exepath(cmd[1])
  if path == "" then
    health.error(('"%s" was not found, so notes are not checked.'):format(cmd[1]), {
      "Put soapstone into a folder that is on the PATH: cargo install --path server",
      'Or name its place: vim.g.soapstone = { cmd = { "/the/place/of/soapstone", "lsp" } }',
    })
    return
  end
  health.ok("program: " .. path)
  local ok, result = pcall(function()
    return vim.system({ path, "--version" }, { text = true, timeout = 20000 }):wait()
  end)
  local version = ok and result.code == 0 and (result.stdout or ""):match("soapstone (%S+)")
  if version then
    health.ok("version: " .. version)
  else
    health.error("It does not say its version, so it may be another program of the same name.", {
      "Run it by hand: " .. path .. " --version",
    })
  end
end

local function client()
  health.start("The server")
  if not vim.lsp.is_enabled("soapstone") then
    health.warn("It is switched off.", {
      "Take vim.g.soapstone_enabled = false out of your settings",
      "Or start it for now: :Soapstone restart",
    })
  end
  local running = vim.lsp.get_clients({ name = "soapstone" })
  if #running == 0 then
    health.info("It is not running. It starts with the first note that is opened.")
  end
  for _, one in ipairs(running) do
    local notes = vim.tbl_count(one.attached_buffers)
    local info = one.server_info or {}
    health.ok(
      ("server %s: %d open note%s, positions in %s%s"):format(
        info.version or "of an unknown version",
        notes,
        notes == 1 and "" or "s",
        one.offset_encoding,
        one.root_dir and ", folder " .. one.root_dir or ""
      )
    )
  end
  for _, one in ipairs(vim.lsp.get_clients({ bufnr = 0 })) do
    if one.name ~= "soapstone" and vim.bo.filetype == "soapnote" then
      health.warn(("%q reads this note too."):format(one.name))
    end
  end
end

local function parser()
  health.start("Colors and folds")
  local of = require("soapstone.parser")
  local loaded, why = of.load()
  if not loaded then
    if why == "there is none yet" then
      health.info("There is no parser. The server colors what it knows. :Soapstone parser builds one.")
    else
      health.error("The parser cannot be loaded: " .. why, { "Build it again: :Soapstone parser" })
    end
    return
  end
  local inspected = vim.treesitter.language.inspect("soapnote")
  health.ok(("parser: ABI %s"):format(inspected.abi_version or inspected._abi_version or "unknown"))
  local problem = of.query_problem()
  if problem then
    health.error("The colors do not fit the parser: " .. problem, {
      "Build it again: :Soapstone parser, then start Neovim again",
    })
  elseif of.is_stale() then
    health.warn("The parser is older than the grammar beside this plugin.", {
      "Build it again: :Soapstone parser, then start Neovim again",
    })
  else
    health.ok("colors and folds fit the parser")
  end
end

--- What is wrong in a settings file, as the program says it.
---@param folder string where the program looks for the file
---@return string[] lines, none if nothing is
local function problems_of_file(folder)
  local cmd = vim.lsp.config.soapstone.cmd
  if type(cmd) ~= "table" or vim.fn.executable(cmd[1]) == 0 then
    return {}
  end
  -- A note without a word: only the settings that hold for it are of interest.
  local command = { cmd[1], "check", "--stdin-filename", folder .. "/settings.soap", "-" }
  local ok, result = pcall(function()
    return vim.system(command, { text = true, stdin = "", timeout = 20000 }):wait()
  end)
  local said = ok and result.stderr or ""
  return vim.tbl_filter(function(line)
    return line:find("soapstone.toml:", 1, true) ~= nil
  end, vim.split(said, "\n"))
end

local function configuration()
  health.start("Settings")
  local problems = require("soapstone.config").problems()
  for _, problem in ipairs(problems) do
    health.warn(problem)
  end
  if #problems == 0 then
    health.ok("vim.g.soapstone has nothing wrong")
  end
  local folder = vim.fn.getcwd()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    if vim.bo[buffer].filetype == "soapnote" and name ~= "" then
      folder = vim.fs.dirname(name)
    end
  end
  local file = vim.fs.find("soapstone.toml", { upward = true, path = folder })[1]
  if not file then
    health.info("no soapstone.toml at or above " .. folder .. "; the settings in Neovim apply")
    return
  end
  local wrong = problems_of_file(folder)
  for _, line in ipairs(wrong) do
    health.error(line, { "Mend it: " .. file })
  end
  if #wrong == 0 then
    health.ok("settings file: " .. file)
  end
  if next(require("soapstone.config").get().settings) then
    health.warn("The settings in vim.g.soapstone do not apply to notes below that file: it overrides them.", {
      "Write into soapstone.toml what should apply there",
    })
  end
end

local function privacy()
  health.start("Where copies of a note may remain")
  local level = vim.lsp.log.get_level and vim.lsp.log.get_level() or vim.lsp.log.levels.WARN
  if level <= vim.lsp.log.levels.DEBUG then
    health.warn("Neovim's language client log holds the whole text of notes at this level.", {
      'Set it back: vim.lsp.log.set_level("warn")',
      "And delete the file: " .. vim.lsp.log.get_filename(),
    })
  else
    health.ok("the log holds no text of a note")
  end
  local kept = {}
  for option, what in vim.spairs({ swapfile = "swap files", undofile = "undo files", backup = "backups" }) do
    if vim.api.nvim_get_option_value(option, { scope = "global" }) then
      kept[#kept + 1] = ("%s ('%s')"):format(what, option)
    end
  end
  if vim.o.shada ~= "" then
    kept[#kept + 1] = "what was copied or deleted ('shada')"
  end
  if #kept > 0 then
    health.info("Neovim itself keeps: " .. table.concat(kept, ", ") .. ". :help soapstone-privacy says how to switch these off for notes.")
  end
end

function M.check()
  if not is_new_enough() then
    return
  end
  program()
  client()
  parser()
  configuration()
  privacy()
end

return M
