-- As a person: Neovim in a terminal (tmux), keys pressed one after the other, and what is on the
-- screen. The plugin is found as any plugin is, in `pack/*/start`, and nothing is set.
--
--   SOAPSTONE=target/debug/soapstone nvim --clean --headless -n -l tests/editors/nvim/person.lua
--
-- With SOAPSTONE_SCREENS=folder each screen is also kept with its colours, for pictures.
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = here .. "/?.lua;" .. package.path
local h = require("harness")
local test, eq, has, wait = h.test, h.eq, h.has, h.wait

local COLUMNS, ROWS = 110, 47

local nvim = vim.v.progpath
local folder = vim.fn.tempname()
for _, name in ipairs({ "bin", "notes", "xdg/data/nvim/site/pack/clinic/start", "xdg/config", "xdg/state", "xdg/cache" }) do
  vim.fn.mkdir(folder .. "/" .. name, "p")
end
vim.uv.fs_symlink(assert(vim.env.SOAPSTONE, "SOAPSTONE names the program"), folder .. "/bin/soapstone")
vim.uv.fs_symlink(h.root .. "/editors/nvim", folder .. "/xdg/data/nvim/site/pack/clinic/start/soapstone")

local socket = folder .. "/tmux"
local function tmux(...)
  local result = vim.system({ "tmux", "-S", socket, "-f", "/dev/null", ... }, { text = true }):wait(20000)
  assert(result.code == 0, result.stderr)
  return result.stdout
end
local function screen()
  return tmux("capture-pane", "-p")
end
--- Waits until these words are on the screen, or until they are not.
local function see(words, never)
  local last = ""
  local ok, why = pcall(wait, words, function()
    last = screen()
    return (last:find(words, 1, true) ~= nil) ~= (never or false)
  end)
  assert(ok, ("%s\n%s"):format(why, last))
  return last
end
local function press(...)
  for _, key in ipairs({ ... }) do
    tmux("send-keys", key)
  end
end
--- Types a text as it is, line by line, as fingers would.
local function type_text(text)
  for number, line in ipairs(vim.split(text, "\n")) do
    if number > 1 then
      press("Enter")
    end
    if line ~= "" then
      tmux("send-keys", "-l", line)
    end
  end
end
local screens = vim.env.SOAPSTONE_SCREENS
--- Keeps the screen for a picture, once nothing moves on it any more.
local function picture(name)
  if not screens then
    return
  end
  local before
  wait("a still screen", function()
    local now = screen()
    local still = now == before
    before = now
    vim.wait(150)
    return still
  end)
  local file = assert(io.open(("%s/%s.ansi"):format(screens, name), "w"))
  file:write(tmux("capture-pane", "-e", "-p"))
  file:close()
end

local environment = {
  COLORTERM = "truecolor",
  LANG = "C.UTF-8",
  PATH = folder .. "/bin:" .. vim.env.PATH,
  XDG_DATA_HOME = folder .. "/xdg/data",
  XDG_CONFIG_HOME = folder .. "/xdg/config",
  XDG_STATE_HOME = folder .. "/xdg/state",
  XDG_CACHE_HOME = folder .. "/xdg/cache",
  SOAPSTONE_NOW = vim.env.SOAPSTONE_NOW,
  SOAPSTONE_TODAY = vim.env.SOAPSTONE_TODAY,
}
local command = { "env", "-C", folder .. "/notes", "-u", "NVIM", "-u", "VIMINIT", "-u", "VIMRUNTIME" }
for name, value in vim.spairs(environment) do
  command[#command + 1] = name .. "=" .. value
end
vim.list_extend(command, { nvim, "-n", "10234.soap" })
vim.env.TERM = "xterm-256color"
vim.env.TMUX = nil
tmux("new-session", "-d", "-x", tostring(COLUMNS), "-y", tostring(ROWS), unpack(command))
tmux("set", "-g", "default-terminal", "tmux-256color")
tmux("set", "-as", "terminal-features", ",*:RGB")

test("Neovim opens a note that is not there yet", function()
  see("10234.soap")
  press(":")
  type_text("set number")
  press("Enter")
  -- Built before the first note, so that the pictures have the parser's colours too.
  press(":")
  type_text("Soapstone parser")
  press("Enter")
  see("the parser is built")
end)

test("a note is typed, and findings and hints appear by themselves", function()
  press("i")
  type_text("patient: 10234\npayer: medicare\ndx: M54.50; M54.2\n\nvisit: 2026-11-20\nsession: 10:00-10:35\nS: Low back pain 6/10, worse after sitting 30 minutes.\nO: Hypertonic lumbar paraspinals, R > L.\n\n97140 lumbar 10:00-10:25\ntechnique: joint mobilization\nresponse: pain 6/10 to 4/10\n97112 lumbar 10:25-10:32\ntechnique: balance board\n\nA: Sitting tolerance now 40 minutes.\nP: Weekly for 4 weeks.")
  press("Escape")
  see("7 min, 0 units")
  see("E  13 97112")
  local now = screen()
  has(now, "  technique: joint mobilization")
  has(now, "  13 97112 lumbar 10:25-10:32")
  -- The title that ICD-10-CM has for the code stands beside it.
  has(now, "Low back pain, unspecified")
end)

test("a finding is read in full", function()
  press(":")
  type_text("13")
  press("Enter", "$")
  see("97112 has only 7 minutes")
  picture("neovim-finding")
  press("C-w", "d")
  see("CMS Pub. 100-04")
  press("Escape", "j", "k")
end)

test("the code says what it is", function()
  press("0", "K")
  see("balance", false)
  press("j", "k")
end)

test("a fix is chosen from the menu", function()
  press(":")
  type_text("10")
  press("Enter", "0", "g", "r", "a")
  local menu = see("Add modifier GP to 97140 and 97112")
  local number = menu:match("(%d+): Add modifier GP to 97140 and 97112") or menu:match("(%d+)[^\n%d]*Add modifier GP to 97140 and 97112")
  picture("neovim-fix")
  type_text(assert(number, menu))
  press("Enter")
  see("97140-GP lumbar")
  see("97112-GP lumbar")
end)

test("the claim is shown, and follows what is typed", function()
  press(":")
  type_text("Soapstone claim")
  press("Enter")
  see("How the units add up")
  see("2026-11-20, medicare: 32 timed minutes, 2 units")
  picture("neovim-claim")
  press(":")
  type_text("13s/10:32/10:40/")
  press("Enter")
  see("2026-11-20, medicare: 40 timed minutes, 3 units")
  press(":")
  type_text("Soapstone claim")
  press("Enter")
  see("How the units add up", true)
end)

test("a word is completed from the list", function()
  press("g", "g", "o")
  type_text("p")
  press("C-x", "C-o")
  see("provider")
  see("plan of care")
  picture("neovim-completion")
  press("C-e")
  press("Escape", "u")
end)

test("the next visit begins with the codes of the last one", function()
  press(":")
  type_text("Soapstone next")
  press("Enter")
  see("visit: 2026-11-21")
end)

test("the note is written, and what is on the disk is what was typed", function()
  press("Escape", ":")
  type_text("wq")
  press("Enter")
  local path = folder .. "/notes/10234.soap"
  wait("the file", function()
    return vim.uv.fs_stat(path)
  end)
  wait("Neovim's end", function()
    return vim.system({ "tmux", "-S", socket, "has-session" }):wait().code ~= 0
  end)
  local text = table.concat(vim.fn.readfile(path), "\n")
  has(text, "97140-GP lumbar 10:00-10:25\n  technique: joint mobilization")
  has(text, "\nvisit: 2026-11-21")
  eq({ "10234.soap" }, vim.fn.readdir(folder .. "/notes"))
end)

vim.system({ "tmux", "-S", socket, "kill-server" }):wait()
vim.fn.delete(folder, "rf")
h.finish()
