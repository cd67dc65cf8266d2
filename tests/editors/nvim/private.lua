-- What stays behind of a note: a word that is planted in every kind of line is in no message, report, log or other file
-- that Neovim keeps.
--
--   SOAPSTONE=target/debug/soapstone nvim --clean --headless -n -l tests/editors/nvim/private.lua
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = here .. "/?.lua;" .. package.path
local h = require("harness")
local test, eq, has, wait = h.test, h.eq, h.has, h.wait

local WORD = "zyxwcanary"
local NOTE = ([[
patient: WORD
payer: medicare
provider: WORD, LMT
goal 1: WORD 60 minutes
WORD: WORD

visit: 2026-11-20
S: WORD, call 555-234-5678.
O: WORD. 15 min effleurage to WORD.
97140 lumbar WORD 10:00-10:25
  technique: WORD
97124 cervical 10:25-10:32
  response: WORD
A: WORD
P: WORD ___
signed: WORD 2026-11-20
]]):gsub("WORD", WORD)
local folder = vim.fn.tempname()
local kept = folder .. "/kept"
local SHADA = kept .. "/main.shada"
vim.fn.mkdir(kept, "p")
vim.fn.mkdir(folder .. "/notes", "p")

local other
local function lua(code, ...)
  return vim.rpcrequest(other, "nvim_exec_lua", code, { ... })
end

--- A Neovim that keeps all that it keeps in one folder, with the note open in it. Its swap and undo files hold the note as
--- the note's own file does, and are left out.
---@param level string of Neovim's log of servers
local function begin(level)
  local environment = { SOAPSTONE_TEST_HOOKS = "1" }
  for _, name in ipairs({ "DATA", "STATE", "CACHE", "CONFIG" }) do
    environment[("XDG_%s_HOME"):format(name)] = ("%s/%s"):format(kept, name:lower())
  end
  local command = { vim.v.progpath, "-u", "NONE", "-i", SHADA, "--headless", "--embed", "-n" }
  other = vim.fn.jobstart(command, { rpc = true, env = environment })
  lua(
    [[
    local root, program, level = ...
    vim.lsp.log.set_level(level)
    vim.opt.runtimepath:prepend(root .. "/editors/nvim")
    vim.g.soapstone = { cmd = { program, "lsp" }, completion = true }
    vim.cmd("filetype plugin indent on")
    vim.cmd("runtime! plugin/soapstone.lua")
    -- The first of a menu is chosen.
    vim.ui.select = function(items, _, choose) choose(items[1]) end
    ]],
    h.root,
    assert(vim.env.SOAPSTONE, "SOAPSTONE names the program"),
    level
  )
end

---@param name string
---@param content string
local function open(name, content)
  local path = ("%s/notes/%s.soap"):format(folder, name)
  vim.fn.writefile(vim.split(content, "\n"), path)
  -- What was asked for before may still come and open a window of its own, where the cursor then is.
  local buffer = lua([[vim.cmd.edit(...) return vim.api.nvim_get_current_buf()]], path)
  wait("the server", function()
    return lua("return require('soapstone.client').get(...) ~= nil", buffer)
  end)
end

local function said()
  return lua([[return vim.api.nvim_exec2("messages", { output = true }).output]])
end
local function says(part)
  wait("the message " .. part, function()
    return said():find(part, 1, true)
  end)
end
local function found(rule)
  wait("the finding " .. rule, function()
    return lua(
      [[
      local rule = ...
      return vim.iter(vim.diagnostic.get(0)):any(function(it) return it.code == rule end)
      ]],
      rule
    )
  end)
end

--- Asks for all that can be asked at every line, and waits for the answers.
local function ask_everything()
  lua([[
    local client = vim.lsp.get_clients({ bufnr = 0, name = "soapstone" })[1]
    local here = { uri = vim.uri_from_bufnr(0) }
    for row = 1, vim.api.nvim_buf_line_count(0) do
      vim.api.nvim_win_set_cursor(0, { row, 9 })
      for _, question in ipairs({ "hover", "definition", "references", "completion", "signatureHelp", "codeAction" }) do
        local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
        params.range = { start = params.position, ["end"] = params.position }
        params.context = { diagnostics = {}, includeDeclaration = true }
        client:request_sync("textDocument/" .. question, params, 60000, 0)
      end
    end
    for _, question in ipairs({ "documentSymbol", "foldingRange", "codeLens", "semanticTokens/full" }) do
      client:request_sync("textDocument/" .. question, { textDocument = here }, 60000, 0)
    end
  ]])
end

--- Every file that this Neovim kept, with what it holds.
local function files()
  local all = {}
  for path in vim.fs.dir(kept, { depth = 20 }) do
    local file = io.open(("%s/%s"):format(kept, path), "rb")
    local content = file and file:read("*a")
    if content then
      all[path] = content
    end
  end
  return all
end

--- Those of them that hold the word.
local function holding()
  local names = {}
  for path, content in pairs(files()) do
    if content:find(WORD, 1, true) then
      names[#names + 1] = path
    end
  end
  return names
end

local function quit()
  vim.rpcnotify(other, "nvim_command", "qall!")
  eq({ 0 }, vim.fn.jobwait({ other }, 60000))
end

test("a person writes, asks, mends and checks, while a note fails and the server is killed", function()
  begin("warn")
  open("first", NOTE)
  found("under-eight-minutes")
  ask_everything()
  lua([[
    local word = ...
    vim.api.nvim_win_set_cursor(0, { 8, 0 })
    vim.lsp.buf.hover()
    vim.api.nvim_buf_set_lines(0, -1, -1, false, { "S: " .. word .. " 25 min of stretching", "97110 lumbar 10 min" })
    for _, command in ipairs({ "format", "blank", "claim", "explain under-eight-minutes" }) do
      pcall(vim.cmd, "Soapstone " .. command)
    end
    vim.lsp.buf.code_action({ apply = true })
    vim.cmd("silent write")
  ]], WORD)
  open("fails", NOTE .. "S: hook: fail\n")
  says("Soapstone failed on this note")
  lua([[
    for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.uv.os_getpid())) do
      if (vim.api.nvim_get_proc(pid) or {}).name == "soapstone" then
        vim.uv.kill(pid, "sigkill")
      end
    end
  ]])
  says("it stopped and was started again")
end)

test("no message holds a word of the note", function()
  eq(nil, said():find(WORD, 1, true))
end)

test("no report of :checkhealth holds a word of the note", function()
  for _, what in ipairs({ "soapstone", "vim.lsp" }) do
    local report = lua(
      [[
      vim.cmd("silent checkhealth " .. ...)
      local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
      vim.cmd("silent! bwipeout!")
      return report
      ]],
      what
    )
    has(report, "soapstone")
    eq(nil, report:find(WORD, 1, true))
  end
end)

test("no file that Neovim keeps holds a word of the note: neither its log nor what it remembers", function()
  quit()
  local all = files()
  -- It did remember which notes were open, and log that one failed.
  has(all["main.shada"] or "", "first.soap")
  has(all["state/nvim/lsp.log"] or "", "soapstone")
  eq({}, holding())
end)

test("a trace of the protocol, which somebody has to switch on, does hold them", function()
  begin("trace")
  open("traced", NOTE)
  found("under-eight-minutes")
  quit()
  eq({ "state/nvim/lsp.log" }, holding())
end)

vim.fn.delete(folder, "rf")
h.finish()
