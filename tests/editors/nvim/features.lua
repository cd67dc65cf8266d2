-- Every feature of the plugin and of the server in the real Neovim, against the real server.
--
--   SOAPSTONE=target/debug/soapstone nvim --clean --headless -n -l tests/editors/nvim/features.lua
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = here .. "/?.lua;" .. package.path
local h = require("harness")
local test, eq, has, wait, lines, text = h.test, h.eq, h.has, h.wait, h.lines, h.text

vim.opt.runtimepath:prepend(h.root .. "/editors/nvim")
vim.g.soapstone = { cmd = { assert(vim.env.SOAPSTONE, "SOAPSTONE names the program"), "lsp" } }
vim.cmd("filetype plugin indent on")
vim.cmd("runtime! plugin/soapstone.lua")

-- Messages, kept instead of shown.
local said = {}
vim.notify = function(message, level)
  said[#said + 1] = { message = message, level = level }
end
local function last_said()
  return said[#said] and said[#said].message or ""
end
local function heard(part)
  local ok, one = pcall(wait, "the message " .. part, function()
    for _, one in ipairs(said) do
      if one.message:find(part, 1, true) then
        return one
      end
    end
  end)
  assert(ok, ("%s\nsaid: %s"):format(one, vim.inspect(said)))
  return one
end

-- Menus, answered instead of shown.
local menu = { pick = nil }
vim.ui.select = function(items, options, choose)
  menu.items, menu.prompt = items, options.prompt
  local pick = menu.pick
  for _, item in ipairs(items) do
    local title = options.format_item and options.format_item(item) or item
    if pick and title:find(pick, 1, true) then
      return choose(item)
    end
  end
  choose(nil)
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder, "p")
local count = 0

local function client()
  return vim.lsp.get_clients({ name = "soapstone" })[1]
end
--- The process of the server.
local function server()
  for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.uv.os_getpid())) do
    local process = vim.api.nvim_get_proc(pid)
    if process and process.name == "soapstone" then
      return pid
    end
  end
  error("no server is running")
end
local function ready()
  wait("a client", function()
    return require("soapstone.client").get(vim.api.nvim_get_current_buf())
  end)
end
--- Opens a note with this text and waits for the server.
local function note(content)
  count = count + 1
  local path = ("%s/%d.soap"):format(folder, count)
  vim.fn.writefile(type(content) == "table" and content or vim.split(content, "\n"), path)
  vim.cmd("silent! only")
  vim.cmd.edit(path)
  ready()
  return path
end
local function sample()
  return note(vim.fn.readfile(h.root .. "/tests/notes/format-sample.soap"))
end
local function cursor(line, column)
  vim.api.nvim_win_set_cursor(0, { line, column or 0 })
end
--- Asks the server itself, again while it says that the note changed meanwhile.
local function ask(method, params)
  return wait("an answer to " .. method, function()
    local answer = client():request_sync(method, params, 20000, 0)
    return answer and not answer.err and answer.result
  end)
end
local function at_cursor()
  return vim.lsp.util.make_position_params(0, client().offset_encoding)
end
local function finding(code)
  for _, it in ipairs(vim.diagnostic.get(0)) do
    if it.code == code then
      return it
    end
  end
end
local function found(code)
  return wait("the finding " .. code, function()
    return finding(code)
  end)
end
local function gone(code)
  wait("no more " .. code, function()
    return not finding(code)
  end)
end
local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end
local function float_text()
  local window = float()
  return window and text(vim.api.nvim_win_get_buf(window)) or ""
end
local function close_floats()
  while float() do
    vim.api.nvim_win_close(float(), true)
  end
end
local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), "tx", false)
end
--- Applies the code action of this title at the cursor.
local function apply(title)
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find(title, 1, true) ~= nil
    end,
  })
end

local SEVEN_MINUTES = [[
patient: 10234
payer: medicare

visit: 2026-11-20
S: Low back pain 6/10.
O: Hypertonic lumbar paraspinals.

97140 lumbar 10:00-10:25
  technique: joint mobilization
  response: pain 6/10 to 4/10
97124 cervical 10:25-10:32
  technique: petrissage

A: Sitting tolerance now 40 minutes.
P: Weekly for 4 weeks.]]

-- The note

test("a .soap file is a chart note", function()
  sample()
  eq("soapnote", vim.bo.filetype)
  eq("// %s", vim.bo.commentstring)
  eq(true, vim.wo.wrap and vim.wo.linebreak)
end)

test("the server is there without a setting", function()
  eq("soapstone", client().name)
  eq("utf-8", client().offset_encoding)
  eq({ "soapstone.copyClaimLines", "soapstone.nextVisit", "soapstone.showClaim" }, client().config.init_options.commands)
end)

test("what is written in a note can be undone as any other: leaving the filetype takes all away", function()
  vim.bo.filetype = "text"
  eq("", vim.bo.indentexpr)
  eq("manual", vim.wo.foldmethod)
  vim.bo.filetype = "soapnote"
  ready()
end)

-- Findings

test("findings stand where they belong", function()
  note(SEVEN_MINUTES)
  local it = found("under-eight-minutes")
  eq({ 10, 15, 10, 26 }, { it.lnum, it.col, it.end_lnum, it.end_col })
  eq({ "soapstone", vim.diagnostic.severity.ERROR }, { it.source, it.severity })
  has(it.message, "97124 has only 7 minutes")
  eq(nil, it.message:find("Sitting", 1, true))
end)

test("of two findings in one place the worse one is seen", function()
  local space = vim.lsp.diagnostic.get_namespace(client().id, false)
  eq(true, vim.diagnostic.config(nil, space).severity_sort)
end)

test("a finding goes when the note is mended by typing", function()
  cursor(11, 20)
  type_keys("A<BS><BS>40<Esc>")
  has(lines()[11], "10:25-10:40")
  gone("under-eight-minutes")
end)

test("a clean note has none", function()
  note(vim.fn.readfile(h.root .. "/tests/notes/clean/pt-medicare-knee.soap"))
  wait("the hints", function()
    return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0
  end)
  eq({}, vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } }))
end)

-- Beside the note

test("hints are on by themselves", function()
  sample()
  local hints = wait("hints", function()
    local all = vim.lsp.inlay_hint.get({ bufnr = 0 })
    return #all > 0 and all
  end)
  local all = {}
  for _, hint in ipairs(hints) do
    local label = hint.inlay_hint.label
    if type(label) == "table" then
      label = vim.iter(label):map(function(part)
        return part.value
      end):join("")
    end
    all[#all + 1] = hint.inlay_hint.position.line + 1 .. " " .. label
  end
  local joined = table.concat(all, "\n")
  has(joined, "14 ")
  has(joined, "2 units")
end)

test("lenses stand above the visit and do what they say", function()
  local function titles()
    return vim.iter(vim.lsp.codelens.get(0)):map(function(lens)
      return lens.command.title
    end):totable()
  end
  local all = wait("lenses", function()
    local all = titles()
    return #all == 3 and all
  end)
  has(all[1], "show claim (")
  local marks = vim.api.nvim_get_namespaces()["soapstone.lenses"]
  local drawn = vim.api.nvim_buf_get_extmarks(0, marks, 0, -1, { details = true })
  eq({ 1, 7, true }, { #drawn, drawn[1][2], drawn[1][4].virt_lines_above })
  cursor(8)
  menu.pick = "copy claim lines"
  vim.lsp.codelens.run()
  wait("the register", function()
    return vim.fn.getreg('"'):find("97140\t59\t1\tAB", 1, true)
  end)
  menu.pick = "show claim"
  vim.lsp.codelens.run()
  wait("the claim", function()
    return float_text():find("Claim lines", 1, true)
  end)
  require("soapstone.claim").close()
end)

test("lenses follow the typing", function()
  cursor(15)
  vim.cmd("silent! 14,19delete")
  wait("no timed block any more", function()
    local lens = vim.lsp.codelens.get(0)[1]
    return lens and lens.command.title:find("1 claim line, no timed minutes", 1, true)
  end)
end)

test("hover explains what the cursor is on", function()
  sample()
  cursor(5, 5)
  vim.lsp.buf.hover()
  wait("the title of the diagnosis", function()
    return float_text():find("Low back pain", 1, true)
  end)
  close_floats()
end)

test("completion offers what the word can become", function()
  note("payer: medi\n")
  cursor(1, 11)
  local items = ask("textDocument/completion", vim.tbl_extend("force", at_cursor(), {
    position = { line = 0, character = 11 },
  }))
  local labels = vim.iter(items.items or items):map(function(item)
    return item.label
  end):totable()
  has(table.concat(labels, "\n"), "medicare")
  eq("v:lua.vim.lsp.omnifunc", vim.bo.omnifunc)
end)

-- Code actions, each kind

test("a fix of a finding", function()
  note(SEVEN_MINUTES)
  found("therapy-modifier")
  cursor(8)
  apply("Add modifier GP to 97140 and 97124")
  wait("the modifier", function()
    return lines()[8]:find("97140-GP", 1, true) and lines()[11]:find("97124-GP", 1, true)
  end)
  gone("therapy-modifier")
  vim.cmd("silent undo")
  eq(SEVEN_MINUTES, text())
end)

test("a fix that leaves a blank to fill", function()
  note(SEVEN_MINUTES)
  found("missing-diagnosis")
  cursor(4)
  apply("Add a diagnosis line")
  wait("the line", function()
    return text():find("\ndx: ___", 1, true)
  end)
end)

test("a finding is silenced here, with a reason to fill in", function()
  note(SEVEN_MINUTES)
  found("missing-goal")
  cursor(4)
  apply("Do not show this here (say why): missing-goal")
  wait("the waiver", function()
    return text():find("waive: missing-goal because ___", 1, true)
  end)
  gone("missing-goal")
end)

test("a finding is silenced for all notes of a folder, in a file that was not there", function()
  note(SEVEN_MINUTES)
  found("missing-goal")
  cursor(4)
  local file = folder .. "/soapstone.toml"
  eq(nil, vim.uv.fs_stat(file))
  said = {}
  apply("Do not show this in any note here (soapstone.toml): missing-goal")
  heard("wrote ")
  has(table.concat(vim.fn.readfile(file), "\n"), "missing-goal")
  gone("missing-goal")
  found("missing-diagnosis")
  vim.cmd("split " .. vim.fn.fnameescape(file))
  vim.cmd("silent %delete | silent write | bwipeout")
  found("missing-goal")
  os.remove(file)
end)

test("the time of day is stamped", function()
  note("visit: 2026-11-21\n97124 lumbar \n")
  cursor(2, 12)
  apply("Stamp the time")
  wait("the time", function()
    return lines()[2]:match("97124 lumbar 10:02")
  end)
end)

test("a sentence becomes a timed block", function()
  note("visit: 2026-11-20\nO: Tight. 15 min effleurage to lumbar.\n")
  cursor(2, 15)
  apply("97124")
  wait("the block", function()
    return text():find("\n97124 lumbar 15 min", 1, true)
  end)
end)

test("visits are put in order, and all misspelt names are mended", function()
  note("payer: medicare\nprovder: A. Rivera, LMT\n\nvisit: 2026-11-09\nO: a\n\nvisit: 2026-11-02\nO: b\n")
  vim.lsp.buf.code_action({ apply = true, context = { only = { "source.organizeVisits" }, diagnostics = {} } })
  wait("the order", function()
    return lines()[4] == "visit: 2026-11-02"
  end)
  vim.lsp.buf.code_action({ apply = true, context = { only = { "source.fixAll" }, diagnostics = {} } })
  wait("the name", function()
    return lines()[2] == "provider: A. Rivera, LMT"
  end)
end)

test("the menu of the light bulb ends with what begins the next visit", function()
  sample()
  cursor(15)
  menu.pick = "Add an empty visit"
  vim.lsp.buf.code_action()
  wait("the visit", function()
    return text():find("\nvisit: 2026-11-21", 1, true)
  end)
end)

-- Names, form, structure

test("a goal is renamed wherever it is named", function()
  sample()
  cursor(6, 5)
  vim.lsp.buf.rename("3")
  wait("the goal", function()
    return lines()[6]:find("goal 3:", 1, true) and text():find("toward goal 3;", 1, true)
  end)
end)

test("the note is put into its usual form, by the command and by gq", function()
  note("visit: 11/20/2026\ns: Sore.\n97124 lumbar 10:02 to 10:27\n    technique: effleurage\n")
  wait("the form", function()
    vim.cmd("Soapstone format")
    return lines()[1] == "visit: 2026-11-20" and lines()[4] == "  technique: effleurage"
  end)
  note("visit: 11/20/2026\n\nvisit: 11/27/2026\n")
  wait("the first visit only", function()
    vim.cmd("1,1Soapstone format")
    return lines()[1] == "visit: 2026-11-20"
  end)
  eq("visit: 11/27/2026", lines()[3])
  eq("v:lua.vim.lsp.formatexpr()", vim.bo.formatexpr)
end)

test("pasted text becomes a note in one change, if that is wanted", function()
  local pasted = "Date: 11/20/2026\nSubjective: Sore low back.\nTreatment: 97140 lumbar 25 min"
  note(pasted)
  menu.pick = nil
  vim.cmd("Soapstone import")
  heard("1 block recognized.")
  has(menu.prompt, "1 block recognized")
  eq(pasted, text())
  menu.pick = "Import"
  vim.cmd("Soapstone import")
  wait("the note", function()
    return lines()[1] == "visit: 2026-11-20" and vim.list_contains(lines(), "97140 lumbar 25 min")
  end)
  vim.cmd("silent undo")
  eq(pasted, text())
  note(pasted .. "\n" .. pasted)
  vim.cmd("4,6Soapstone import")
  wait("the second half", function()
    return lines()[4] == "visit: 2026-11-20"
  end)
  eq(pasted, table.concat(vim.list_slice(lines(), 1, 3), "\n"))
  menu.pick = nil
end)

test("words have the colours of what they mean", function()
  sample()
  local function kinds(line, column)
    local tokens = vim.lsp.semantic_tokens.get_at_pos(0, line, column) or {}
    return vim.iter(tokens):map(function(token)
      return token.type
    end):totable()
  end
  wait("the code", function()
    return vim.list_contains(kinds(13, 1), "function")
  end)
  eq({ "namespace" }, kinds(7, 1))
  eq({ "type" }, kinds(13, 7))
  eq({ "method" }, kinds(14, 15))
  eq("@markup.heading.1", vim.api.nvim_get_hl(0, { name = "@lsp.type.namespace.soapnote" }).link)
  vim.cmd("colorscheme habamax")
  eq("@markup.heading.1", vim.api.nvim_get_hl(0, { name = "@lsp.type.namespace.soapnote" }).link)
end)

test("the outline, and the way from a goal to where it is named", function()
  sample()
  local names = vim.iter(ask("textDocument/documentSymbol", { textDocument = at_cursor().textDocument })):map(function(it)
    return it.name
  end):totable()
  has(table.concat(names, "\n"), "2026-11-20")
  local row = vim.fn.search("toward goal 1")
  cursor(row, lines()[row]:find("goal 1", 1, true) - 1)
  vim.lsp.buf.definition()
  wait("the goal's own line", function()
    return vim.api.nvim_win_get_cursor(0)[1] == 6
  end)
end)

test("folds come from the server as long as there is no parser", function()
  sample()
  eq("expr", vim.wo.foldmethod)
  eq("v:lua.vim.lsp.foldexpr()", vim.wo.foldexpr)
  wait("the folds", function()
    return vim.fn.foldlevel(15) > 0
  end)
  eq(-1, vim.fn.foldclosed(15))
end)

test("a block's details are indented, and what follows is not", function()
  note("visit: 2026-11-20\n")
  type_keys("Go97124 lumbar 10:02-10:27<CR>technique: effleurage<CR>response: softer<CR>97140 cervical<CR>response: x<CR>A: better<CR>P: weekly<Esc>")
  eq({
    "97124 lumbar 10:02-10:27",
    "  technique: effleurage",
    "  response: softer",
    "97140 cervical",
    "  response: x",
    "A: better",
    "P: weekly",
  }, vim.list_slice(lines(), 3))
  note("visit: 2026-11-20\n")
  type_keys("GoS: Sore.<CR>97 of 100 days<CR><CR>O: x<Esc>")
  eq({ "S: Sore.", "97 of 100 days", "", "O: x" }, vim.list_slice(lines(), 3))
end)

--- What stands in a note after these lines were typed into it, without the blanks that Neovim puts before them.
local function typed(content)
  note({ "" })
  local keys = content:gsub("<", "<lt>"):gsub("\n *", "<CR>")
  type_keys("i" .. keys .. "<Esc>")
  return text()
end

test("headings and fields of the visit leave a block while they are typed, its details stay", function()
  local block = "97140 neck\n  technique: pressing\n"
  for _, line in ipairs({
    "A: better",
    "(S) sore",
    "S - sore",
    "Subjective (S): sore",
    "OBJECTIVE FINDINGS: soft",
    "Subjective",
    "## Plan",
    "**Assessment:** better",
    "treatment plan: weekly",
    "visit: 2026-11-21",
    "visit 11/21/26",
    "Date: 11/21/2026",
    "Date of service: Friday, November 20th, 2026",
    "goal 1: sit",
    "STG #2: sit",
    "payer: medicare",
    "Total time (min): 40",
    "signed: A. Rivera",
    "/s/: A. Rivera",
  }) do
    eq(block .. line .. "\nx", typed(block .. line .. "\nx"))
  end
  for _, line in ipairs({ "- 97110 GP 25 min", "CPT 97110 25 min", "97110: 25 min", "G0283 10 min" }) do
    eq(block .. line .. "\n  x", typed(block .. line .. "\nx"))
  end
  for _, line in ipairs({
    "response: softer",
    "treatment: heat",
    "Tx: heat",
    "region: neck",
    "time: 10:00-10:25",
    "dx: M54.2",
    "note: S: is said",
    "a) hip hinge",
    "Plan for the week",
    "98% of motion",
    "97 of 100 days",
    "98101-4423 is no code",
    "1. bridges",
    "Date: soon",
    "visit went well",
    "position: prone",
  }) do
    eq(block .. "  " .. line .. "\n  x", typed(block .. line .. "\nx"))
  end
end)

test("every label that the server knows stands in the block or at the margin, as the server has it", function()
  local details = { dx = true, technique = true, response = true, region = true, time = true, note = true, waive = true }
  local content, wanted = {}, {}
  for _, row in ipairs(vim.fn.readfile(h.root .. "/server/data/labels.tsv")) do
    local key, labels = row:match("^([^#\t]+)\t(.+)$")
    for label in (key and key ~= "key" and labels or ""):gmatch("[^;]+") do
      label = vim.trim(label):gsub("%f[%a]N%f[%A]", "1")
      -- A date has to follow those.
      if key ~= "day" then
        vim.list_extend(content, { "97140 neck", label .. ":" })
        vim.list_extend(wanted, { "97140 neck", (details[key] and "  " or "") .. label .. ":" })
      end
    end
  end
  assert(#wanted > 200)
  eq(wanted, vim.split(typed(table.concat(content, "\n")), "\n"))
end)

test("the notes of the documentation lose nothing when they are typed line after line", function()
  local function read(content)
    local path = ("%s/visit.soap"):format(folder)
    vim.fn.writefile(vim.split(content, "\n"), path)
    local said = {}
    for _, arguments in ipairs({ { "claim", "--output-format", "json" }, { "check", "--output-format", "concise" } }) do
      local command = vim.list_extend({ vim.env.SOAPSTONE }, vim.list_extend(arguments, { path }))
      said[#said + 1] = vim.system(command, { text = true }):wait().stdout
    end
    return said
  end
  local count = 0
  for _, page in ipairs({ "README.md", "docs/format.md", "docs/editors/vscode.md" }) do
    local content = table.concat(vim.fn.readfile(h.root .. "/" .. page), "\n")
    for shown in content:gmatch("\n```soap\n(.-)\n```") do
      if shown:find("\nvisit:", 1, true) then
        count = count + 1
        -- Below a section and a field only who writes knows what goes on.
        local wanted = shown:gsub("\n   +", "\n")
        local now = typed(shown)
        has(read(wanted)[1], "97")
        eq(read(wanted), read(now))
        eq(wanted, now)
      end
    end
  end
  assert(count >= 4, count)
end)

-- The commands

--- What <Tab> offers, once the server has said what there is.
local function completes(typed, wanted)
  wait(typed .. "<Tab>", function()
    return vim.deep_equal(wanted, vim.fn.getcompletion(typed, "cmdline"))
  end)
end

test(":Soapstone completes its commands and what they take", function()
  eq({ "blank", "claim", "copy", "explain", "format", "import", "log", "next", "parser", "payer", "restart", "sample" }, vim.fn.getcompletion("Soapstone ", "cmdline"))
  eq({ "carried", "empty" }, vim.fn.getcompletion("Soapstone next ", "cmdline"))
  completes("Soapstone explain missing-goa", { "missing-goal" })
  completes("Soapstone payer medicare", { "medicare", "medicare-chiro", "medicare-advantage" })
  vim.cmd("Soapstone frobnicate")
  heard("There is no :Soapstone frobnicate.")
end)

test(":Soapstone claim follows the cursor and the typing, and closes", function()
  note(SEVEN_MINUTES .. "\n\nvisit: 2026-11-21\n97140 lumbar 10:00-10:15\n")
  cursor(8)
  vim.cmd("Soapstone claim")
  local note_window = vim.api.nvim_get_current_win()
  wait("the first visit", function()
    return float_text():find("2026-11-20", 1, true) and float_text():find("How the units add up", 1, true)
  end)
  eq(note_window, vim.api.nvim_get_current_win())
  cursor(vim.api.nvim_buf_line_count(0) - 1)
  vim.api.nvim_exec_autocmds("CursorMoved", { buffer = 0 })
  wait("the second visit", function()
    return float_text():find("2026-11-21", 1, true) and float_text():find("15 timed minutes, 1 unit", 1, true)
  end)
  local row = vim.fn.search("10:00-10:15")
  vim.api.nvim_buf_set_lines(0, row - 1, row, false, { "97140 lumbar 10:00-10:30" })
  vim.api.nvim_exec_autocmds("TextChanged", { buffer = 0 })
  wait("the longer block", function()
    return float_text():find("30 timed minutes, 2 units", 1, true)
  end)
  cursor(1)
  vim.api.nvim_exec_autocmds("CursorMoved", { buffer = 0 })
  wait("a sentence outside of visits", function()
    return float_text():find("The cursor is not in a visit", 1, true)
  end)
  vim.cmd("Soapstone claim")
  eq(nil, float())
  vim.cmd("Soapstone claim split")
  eq(2, #vim.api.nvim_tabpage_list_wins(0))
  eq(nil, float())
  vim.cmd("Soapstone claim split")
  eq(1, #vim.api.nvim_tabpage_list_wins(0))
end)

test("the float never covers the line of the cursor", function()
  sample()
  vim.o.columns, vim.o.lines = 80, 24
  for _, row in ipairs({ 1, 10, 14, 22 }) do
    cursor(math.max(row, 8))
    vim.cmd("normal! zt")
    if row > 10 then
      vim.cmd("normal! zb")
    end
    vim.cmd("redraw")
    vim.cmd("Soapstone claim")
    wait("the claim", function()
      return float_text():find("Claim lines", 1, true)
    end)
    vim.cmd("redraw")
    local window = float()
    local top = vim.fn.win_screenpos(window)[1]
    local bottom = top + vim.api.nvim_win_get_height(window) + 1
    local at = vim.fn.screenpos(0, vim.fn.line("."), 1).row
    assert(at < top or at > bottom, ("line %d at %d, float %d-%d"):format(row, at, top, bottom))
    vim.cmd("Soapstone claim")
  end
end)

test("the claim goes when its window or its note is closed", function()
  sample()
  cursor(10)
  vim.cmd("Soapstone claim")
  vim.api.nvim_win_close(float(), true)
  wait("closed", function()
    return not require("soapstone.claim").is_open()
  end)
  vim.cmd("Soapstone claim")
  vim.cmd("enew")
  wait("closed with the note", function()
    return not require("soapstone.claim").is_open()
  end)
end)

test(":Soapstone copy", function()
  sample()
  cursor(15)
  vim.fn.setreg('"', "")
  vim.cmd("Soapstone copy")
  wait("the lines", function()
    return vim.fn.getreg('"')
      == "Date\tPatient\tCode\tModifiers\tUnits\tPointers\tDiagnoses\n"
        .. "2026-11-20\t10234\t97124\t\t2\tAB\tM54.50 M54.2\n"
        .. "2026-11-20\t10234\t97140\t59\t1\tAB\tM54.50 M54.2\n"
        .. "2026-11-20\t10234\t97010\t\t1\tAB\tM54.50 M54.2\n"
  end)
  heard("copied 3 claim lines")
  cursor(1)
  vim.cmd("Soapstone copy")
  heard("the cursor is not in a visit")
end)

test(":Soapstone next, with the codes of the last visit or empty", function()
  sample()
  vim.cmd("Soapstone next")
  wait("the cursor in the new visit", function()
    return vim.api.nvim_get_current_line() == "visit: 2026-11-21"
  end)
  has(text(), "97124 lumbar")
  local before = #lines()
  vim.cmd("silent undo")
  vim.cmd("Soapstone next empty")
  wait("the empty visit", function()
    return vim.api.nvim_get_current_line() == "visit: 2026-11-21"
  end)
  assert(#lines() < before)
  vim.cmd("Soapstone next week")
  heard('either "carried" or "empty"')
end)

test(":Soapstone explain says why, for the finding and for a name", function()
  note(SEVEN_MINUTES)
  found("under-eight-minutes")
  cursor(11, 18)
  vim.cmd("Soapstone explain")
  wait("the page", function()
    return float_text():find("under-eight-minutes", 1, true) or float_text():find("fewer than 8 minutes", 1, true)
  end)
  eq(float(), vim.api.nvim_get_current_win())
  type_keys("q")
  eq(nil, float())
  vim.cmd("Soapstone explain missing-goal")
  wait("the other page", function()
    return float_text():lower():find("goal", 1, true)
  end)
  type_keys("q")
  vim.cmd("Soapstone explain no-such-rule")
  heard("there is no rule named")
  cursor(4)
  menu.pick = "missing-goal"
  vim.cmd("Soapstone explain")
  wait("the chosen page", float)
  type_keys("q")
  cursor(2)
  vim.cmd("Soapstone explain")
  heard("there is no finding in this line")
end)

test(":Soapstone payer says who pays and writes another", function()
  note(SEVEN_MINUTES)
  menu.pick = "premera"
  vim.cmd("Soapstone payer")
  wait("the payer", function()
    return lines()[2] == "payer: premera"
  end)
  has(menu.prompt, "8-minute rule")
  vim.cmd("Soapstone payer medicare-chiro")
  eq("payer: medicare-chiro", lines()[2])
  note("patient: 10234\n\nvisit: 2026-11-20\nS: x\n\nvisit: 2026-11-21\npayer: auto\nS: x\n")
  vim.cmd("Soapstone payer medicare")
  eq({ "patient: 10234", "payer: medicare", "" }, vim.list_slice(lines(), 1, 3))
  cursor(8)
  vim.cmd("Soapstone payer premera")
  eq({ "payer: medicare", "payer: premera" }, { lines()[2], lines()[8] })
  note("")
  vim.cmd("Soapstone payer medicare")
  eq("payer: medicare", lines()[1])
end)

test("a practice's own payers can be chosen", function()
  local path = folder .. "/practice"
  vim.fn.mkdir(path, "p")
  vim.fn.writefile({ "[payers.harbor-plan]", 'like = "commercial"', 'counting = "ama"' }, path .. "/soapstone.toml")
  vim.fn.writefile({ "payer: medicare", "visit: 2026-11-20", "97124 lumbar 20 min" }, path .. "/a.soap")
  vim.cmd.edit(path .. "/a.soap")
  ready()
  completes("Soapstone payer harb", { "harbor-plan" })
  menu.pick = "harbor-plan"
  vim.cmd("Soapstone payer")
  wait("the payer", function()
    return lines()[1] == "payer: harbor-plan"
  end)
  -- A folder with settings has a server of its own, which the tests below are not about.
  require("soapstone.client").get(vim.api.nvim_get_current_buf()):stop()
  vim.cmd("silent! bwipeout!")
  wait("one server", function()
    return #vim.lsp.get_clients({ name = "soapstone" }) == 1
  end)
end)

test(":Soapstone sample opens a note that is nowhere on the disk", function()
  local before = vim.fn.getcwd()
  vim.cmd.cd(folder)
  vim.cmd("Soapstone sample")
  wait("the sample", function()
    return vim.tbl_contains(lines(), "patient: 10234")
  end)
  eq(false, vim.bo.modified)
  eq(nil, vim.uv.fs_stat(folder .. "/sample.soap"))
  wait("its hints", function()
    return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0
  end)
  vim.cmd("Soapstone sample")
  eq("sample-2.soap", vim.fs.basename(vim.api.nvim_buf_get_name(0)))
  vim.cmd.cd(before)
end)

test(":Soapstone log opens Neovim's log", function()
  local tabs = #vim.api.nvim_list_tabpages()
  vim.cmd("Soapstone log")
  eq(tabs + 1, #vim.api.nvim_list_tabpages())
  eq(vim.fs.normalize(vim.lsp.log.get_filename()), vim.fs.normalize(vim.api.nvim_buf_get_name(0)))
  vim.cmd("silent! tabclose")
end)

test("there are <Plug> maps for the commands, and no keys of its own", function()
  sample()
  cursor(10)
  for _, name in ipairs({ "claim", "copy-claim", "explain", "format", "next-blank", "next-visit", "payer", "previous-blank", "restart", "sample" }) do
    assert(vim.fn.maparg("<Plug>(soapstone-" .. name .. ")", "n") ~= "", name)
  end
  for _, mode in ipairs({ "n", "i", "x" }) do
    for _, map in ipairs(vim.list_extend(vim.api.nvim_get_keymap(mode), vim.api.nvim_buf_get_keymap(0, mode))) do
      local ours = (map.rhs or ""):lower():find("soapstone", 1, true) or (map.desc or ""):lower():find("soapstone", 1, true)
      assert(not ours or map.lhs:find("<Plug>", 1, true), map.lhs)
    end
  end
  vim.api.nvim_feedkeys(vim.keycode("<Plug>(soapstone-claim)"), "x", false)
  wait("the claim by its map", float)
  require("soapstone.claim").close()
end)

test("outside of a note the commands say so", function()
  vim.cmd("enew")
  said = {}
  for _, command in ipairs({ "claim", "copy", "explain", "format", "next", "payer" }) do
    vim.cmd("Soapstone " .. command)
    has(last_said(), "this is not a chart note")
  end
  eq(6, #said)
end)

-- Settings

test("the settings reach the server, and take effect with a restart", function()
  note(SEVEN_MINUTES)
  found("missing-goal")
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" }, settings = { rules = { ["missing-goal"] = "off" } } }
  said = {}
  vim.cmd("Soapstone restart")
  heard("started again.")
  ready()
  found("missing-diagnosis")
  gone("missing-goal")
end)

test("hints and lenses can be switched off", function()
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" }, inlay_hints = false, code_lens = false }
  said = {}
  vim.cmd("Soapstone restart")
  heard("started again.")
  sample()
  eq(false, vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }))
  ask("textDocument/hover", at_cursor())
  eq({}, vim.lsp.codelens.get(0))
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" } }
  said = {}
  vim.cmd("Soapstone restart")
  heard("started again.")
end)

test("the finding in the cursor's line is written out, unless the reader chose otherwise", function()
  ready()
  local function shown()
    local current = require("soapstone.client").get(vim.api.nvim_get_current_buf())
    local space = vim.lsp.diagnostic.get_namespace(current.id, false)
    return vim.diagnostic.config(nil, space).virtual_lines
  end
  eq(true, shown().current_line)
  for _, line in ipairs(vim.split(shown().format({ message = ("word "):rep(60) }), "\n")) do
    assert(#line <= 80, line)
  end
  vim.diagnostic.config({ virtual_text = true })
  said = {}
  vim.cmd("Soapstone restart")
  heard("started again.")
  ready()
  eq(nil, shown())
  vim.diagnostic.config({ virtual_text = false })
end)

-- What goes wrong

test("a server that crashes is started again, and the note is untouched", function()
  note(SEVEN_MINUTES)
  found("missing-goal")
  said = {}
  vim.api.nvim_buf_set_lines(0, 4, 5, false, { "S: Low back pain 5/10." })
  local first = client().id
  vim.uv.kill(server(), 9)
  heard("it stopped and was started again. Your note is safe.")
  wait("another client", function()
    local it = client()
    return it and it.id ~= first and it.initialized
  end)
  found("missing-goal")
  eq("S: Low back pain 5/10.", lines()[5])
  eq(true, vim.bo.modified)
end)

test("a program that is missing is said once, in a sentence", function()
  vim.g.soapstone = { cmd = { "/nowhere/soapstone", "lsp" } }
  said = {}
  vim.cmd("Soapstone restart")
  local message = heard('the program "/nowhere/soapstone" was not found').message
  has(message, ":checkhealth soapstone")
  vim.cmd.edit(folder .. "/missing.soap")
  eq(1, #said)
  vim.cmd("silent checkhealth soapstone")
  has(text(), "ERROR")
  has(text(), '"/nowhere/soapstone" was not found')
  vim.cmd("silent! bwipeout!")
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" } }
  vim.cmd("Soapstone restart")
  heard("started again.")
end)

test("a program that fails at once is not started for ever", function()
  local path = folder .. "/failing"
  vim.fn.writefile({ "#!/bin/sh", "exit 3" }, path)
  vim.uv.fs_chmod(path, 493)
  vim.g.soapstone = { cmd = { path, "lsp" } }
  note("visit: 2026-11-20") -- the running server goes first
  said = {}
  vim.cmd("Soapstone restart")
  heard("stays off now")
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" } }
  vim.cmd("Soapstone restart")
  ready()
end)

test("a chart of a megabyte is opened, judged and typed into", function()
  local visit = "visit: 2025-%02d-%02d\nS: Low back pain 6/10.\nO: Tight.\n97124 lumbar 10:00-10:25\n  technique: petrissage\n  response: softer\nA: Better.\nP: Weekly.\n%s\n"
  local parts = {}
  -- Few long visits: a server without optimisation takes its time over each of a thousand.
  for number = 1, 50 do
    local day = number % 28 + 1
    parts[number] = visit:format(number % 12 + 1, day, ("Home: hip hinge drill. "):rep(950))
  end
  local content = table.concat(parts)
  assert(#content > 1024 * 1024, #content)
  local path = note(content)
  found("missing-diagnosis")
  local last = vim.api.nvim_buf_line_count(0)
  vim.api.nvim_buf_set_lines(0, last, last, false, { "", "visit: 2026-11-20", "97124 lumbar 10:25-10:20" })
  local it = found("inverted-range")
  eq(last + 2, it.lnum)
  wait("the folds", function()
    return vim.fn.foldlevel(4) > 0
  end)
  vim.cmd("silent! bwipeout! " .. vim.fn.fnameescape(path))
end)

test("emoji, accents and tabs do not shift anything", function()
  note("payer: medicare\n\nvisit: 2026-11-20\nO: C\u{e9}phal\u{e9}e \u{1F600} \u{1F469}\u{200D}\u{2695}\u{FE0F} d\u{e9}j\u{e0}. 15 min effleurage to lumbar.\n97124 lombaire \u{1F600} 10:25-10:32\n\ttechnique:\tp\u{e9}trissage\n")
  local it = found("under-eight-minutes")
  local line = lines()[it.lnum + 1]
  eq("10:25-10:32", line:sub(it.col + 1, it.end_col))
  cursor(4, lines()[4]:find("15 min", 1, true) - 1)
  apply("Make this a timed block of 97124")
  wait("the block", function()
    return text():find("\n97124 lumbar 15 min", 1, true)
  end)
  has(text(), "C\u{e9}phal\u{e9}e \u{1F600} \u{1F469}\u{200D}\u{2695}\u{FE0F} d\u{e9}j\u{e0}.")
end)

-- The parser

test(":Soapstone parser builds it with the computer's compiler", function()
  vim.cmd("Soapstone parser")
  heard("the parser is built.")
  sample()
  eq("v:lua.vim.treesitter.foldexpr()", vim.wo.foldexpr)
  assert(vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()], "no colours")
  eq(15, vim.treesitter.language.inspect("soapnote").abi_version)
  eq(false, vim.treesitter.get_parser(0, "soapnote"):parse()[1]:root():has_error())
  local captures = vim.treesitter.get_captures_at_pos(0, 7, 0)
  eq("markup.heading.1", captures[#captures].capture)
  vim.cmd("normal! zx")
  wait("the folds", function()
    return vim.fn.foldlevel(15) >= 1
  end)
  eq(-1, vim.fn.foldclosed(15))
end)

test("the queries are those of the grammar", function()
  for _, name in ipairs({ "highlights.scm", "folds.scm" }) do
    eq(
      vim.fn.readfile(h.root .. "/grammar/queries/" .. name),
      vim.fn.readfile(h.root .. "/editors/nvim/queries/soapnote/" .. name)
    )
  end
  eq(nil, require("soapstone.parser").query_problem())
end)

-- Help

test(":checkhealth names program, version, server, parser and settings", function()
  sample()
  vim.cmd("silent checkhealth soapstone")
  local report = text()
  assert(not report:find("ERROR", 1, true) and not report:find("WARNING", 1, true), report)
  for _, part in ipairs({ "program: ", "version: ", "server ", "utf-8", "parser: ABI 15", "vim.g.soapstone has nothing wrong", "no text of a note" }) do
    has(report, part)
  end
  vim.cmd("silent! bwipeout!")
end)

test(":checkhealth says what is wrong with the settings and the log", function()
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" }, hints = true, folds = "yes" }
  local level = vim.lsp.log.get_level()
  vim.lsp.log.set_level("debug")
  vim.cmd("silent checkhealth soapstone")
  vim.lsp.log.set_level(level)
  has(text(), 'vim.g.soapstone has no setting "hints"')
  has(text(), '"folds" in vim.g.soapstone should be true or false.')
  has(text(), "holds the whole text of notes at this level")
  vim.cmd("silent! bwipeout!")
  vim.g.soapstone = { cmd = { vim.env.SOAPSTONE, "lsp" } }
end)

test(":checkhealth fails on a settings file that cannot be read", function()
  local path = folder .. "/clinic"
  vim.fn.mkdir(path, "p")
  vim.fn.writefile({ 'payer = "medicare' }, path .. "/soapstone.toml")
  vim.cmd.edit(path .. "/a.soap")
  local buffer = vim.api.nvim_get_current_buf()
  ready()
  vim.cmd("silent checkhealth soapstone")
  has(text(), "ERROR " .. path .. "/soapstone.toml:1: This line cannot be read")
  vim.cmd("silent! bwipeout!")
  vim.fn.writefile({ 'payer = "medicare"' }, path .. "/soapstone.toml")
  vim.cmd("silent checkhealth soapstone")
  has(text(), "OK settings file: " .. path .. "/soapstone.toml")
  vim.cmd("silent! bwipeout!")
  require("soapstone.client").get(buffer):stop()
  vim.cmd("silent! bwipeout! " .. buffer)
end)

test(":help soapstone, for every command and setting, with the tags that come with it", function()
  -- Nothing made them here: the plugin has them, in every way to install it.
  vim.cmd("help soapstone")
  eq("help", vim.bo.filetype)
  local help = text()
  for name in pairs(require("soapstone.commands").all) do
    has(help, "*:Soapstone-" .. name .. "*")
  end
  for name in pairs(require("soapstone.config").defaults) do
    has(help, "*soapstone-" .. name .. "*")
  end
  for _, line in ipairs(lines()) do
    assert(vim.fn.strdisplaywidth(line) <= 80, line)
  end
  vim.cmd("helpclose")
  local made = vim.fn.tempname()
  vim.fn.mkdir(made .. "/doc", "p")
  vim.uv.fs_copyfile(h.root .. "/editors/nvim/doc/soapstone.txt", made .. "/doc/soapstone.txt")
  vim.cmd.helptags(made .. "/doc")
  -- `nvim --clean --headless +'helptags editors/nvim/doc' +q` writes them anew.
  eq(vim.fn.readfile(made .. "/doc/tags"), vim.fn.readfile(h.root .. "/editors/nvim/doc/tags"))
  vim.fn.delete(made, "rf")
end)

-- Ways to install it, each in a Neovim of its own that finds it there

--- What a fresh Neovim says, after these commands, when this Lua was run in it.
---@param commands string[]
---@param lua string
local function fresh(commands, lua)
  local command = { vim.v.progpath, "--clean", "--headless", "-n" }
  for _, one in ipairs(commands) do
    vim.list_extend(command, { "--cmd", one })
  end
  vim.list_extend(command, { "+lua " .. lua:gsub("\n%s*", " "), "+qall!" })
  local result = vim.system(command, { text = true }):wait(120000)
  eq(0, result.code)
  return vim.trim(result.stderr .. result.stdout)
end
local TRY = [[
  vim.cmd("edit ]] .. folder .. [[/installed.soap")
  local client = vim.wait(60000, function() return #vim.lsp.get_clients({ bufnr = 0, name = "soapstone" }) == 1 end, 20)
  local help = pcall(vim.cmd.help, "soapstone-privacy")
  io.stdout:write(vim.inspect({ client, help, vim.fn.exists(":Soapstone") }))
]]
local SETTING = ('let g:soapstone = {"cmd": ["%s", "lsp"]}'):format(vim.env.SOAPSTONE)

test("it can be installed as a package: the folder of the plugin, or the whole repository", function()
  for number, what in ipairs({ "/editors/nvim", "" }) do
    local site = ("%s/site%d"):format(folder, number)
    vim.fn.mkdir(site .. "/pack/clinic/start", "p")
    vim.uv.fs_symlink(h.root .. what, site .. "/pack/clinic/start/soapstone")
    eq("{ true, true, 2 }", fresh({ SETTING, "set packpath^=" .. site }, TRY))
  end
end)

test("it can be installed late, as plugin managers do: the whole repository by packadd", function()
  local site = folder .. "/late"
  vim.fn.mkdir(site .. "/pack/core/opt", "p")
  vim.uv.fs_symlink(h.root, site .. "/pack/core/opt/soapstone")
  eq("{ true, true, 2 }", fresh({ SETTING, "set packpath^=" .. site }, "vim.cmd.packadd('soapstone') " .. TRY))
end)

test("it can be installed by naming its folder in the runtime path", function()
  eq("{ true, true, 2 }", fresh({ SETTING, "set rtp^=" .. h.root .. "/editors/nvim" }, TRY))
end)

test("the recipe for nvim-lspconfig starts the server without the plugin, as the plugin would", function()
  local recipe = h.root .. "/editors/nvim/recipes/nvim-lspconfig"
  local own = require("soapstone.config").lsp()
  local theirs = dofile(recipe .. "/lsp/soapstone.lua")
  eq({ own.filetypes, own.root_markers }, { theirs.filetypes, theirs.root_markers })
  local bin = folder .. "/bin"
  vim.fn.mkdir(bin, "p")
  vim.uv.fs_symlink(vim.env.SOAPSTONE, bin .. "/soapstone")
  local said = fresh(
    { "set rtp^=" .. recipe, ("let $PATH = '%s:' .. $PATH"):format(bin) },
    [[vim.filetype.add({ extension = { soap = "soapnote" } })
      vim.lsp.enable("soapstone")
      vim.cmd("edit ]] .. folder .. [[/recipe.soap")
      io.stdout:write(tostring(vim.wait(60000, function() return #vim.lsp.get_clients({ bufnr = 0, name = "soapstone" }) == 1 end, 20)))]]
  )
  eq("true", said)
end)

test("the recipe for mason names the version that this is", function()
  local version = table.concat(vim.fn.readfile(h.root .. "/Cargo.toml"), "\n"):match('version = "([%d.]+)"')
  local recipe = table.concat(vim.fn.readfile(h.root .. "/editors/nvim/recipes/mason/package.yaml"), "\n")
  has(recipe, "\n  id: pkg:cargo/soapstone@v" .. version .. "?")
  has(recipe, "\nname: soapstone\n")
end)

local old = vim.env.SOAPSTONE_OLD_NVIM
if old then
  test("a Neovim that is too old says so in a sentence, at the start and in :checkhealth", function()
    local command = { old, "-u", "NONE", "-i", "NONE", "--headless", "-n", "--cmd", "set rtp^=" .. h.root .. "/editors/nvim" }
    local result = vim.system(
      vim.list_extend(command, { "+runtime! plugin/soapstone.lua", "+checkhealth soapstone", "+%print", "+qall!" }),
      { text = true, env = { VIMRUNTIME = "" } }
    ):wait(60000)
    local report = result.stderr .. result.stdout
    has(report, "Soapstone needs Neovim 0.11 or later.")
    has(report, "Soapstone needs Neovim 0.11 or later, and this is 0.")
    eq(nil, report:find("Error detected", 1, true))
    eq(nil, report:find("Failed to run", 1, true))
  end)
else
  h.skip("a Neovim that is too old says so in a sentence", "SOAPSTONE_OLD_NVIM names none")
end

test("the log holds no word of a note", function()
  local file = io.open(vim.lsp.log.get_filename(), "r")
  local log = file and file:read("*a") or ""
  for _, word in ipairs({ "10234", "Low back pain", "Rivera", "effleurage" }) do
    eq(nil, log:find(word, 1, true))
  end
end)

test("the server ends with Neovim's wish", function()
  vim.lsp.enable("soapstone", false)
  wait("no client", function()
    return #vim.lsp.get_clients() == 0
  end)
end)

vim.fn.delete(folder, "rf")
h.finish()
