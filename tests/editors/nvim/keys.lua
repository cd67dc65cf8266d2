-- Keys as a person presses them, in a second Neovim without a window: completion that opens by itself.
--
--   SOAPSTONE=target/debug/soapstone nvim --clean --headless -n -l tests/editors/nvim/keys.lua
local here = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p"))
package.path = here .. "/?.lua;" .. package.path
local h = require("harness")
local test, eq, wait = h.test, h.eq, h.wait

local folder = vim.fn.tempname()
vim.fn.mkdir(folder, "p")
local other = vim.fn.jobstart({ vim.v.progpath, "--clean", "--headless", "--embed", "-n" }, { rpc = true })
local function lua(code, ...)
  return vim.rpcrequest(other, "nvim_exec_lua", code, { ... })
end
lua(
  [[
  local root, program = ...
  vim.opt.runtimepath:prepend(root .. "/editors/nvim")
  vim.g.soapstone = { cmd = { program, "lsp" }, completion = true }
  vim.cmd("filetype plugin indent on")
  vim.cmd("runtime! plugin/soapstone.lua")
  ]],
  h.root,
  assert(vim.env.SOAPSTONE, "SOAPSTONE names the program")
)

local count = 0
--- A note of these lines, with the cursor behind the last one, inserting.
local function note(lines)
  count = count + 1
  local path = ("%s/%d.soap"):format(folder, count)
  vim.fn.writefile(lines, path)
  vim.rpcrequest(other, "nvim_input", "<Esc>")
  vim.rpcrequest(other, "nvim_command", "edit! " .. path)
  wait("the server", function()
    return lua("return require('soapstone.client').get(0) ~= nil")
  end)
  vim.rpcrequest(other, "nvim_input", "G$a")
  wait("inserting", function()
    return lua("return vim.api.nvim_get_mode().mode") == "i"
  end)
end
local function keys(what)
  vim.rpcrequest(other, "nvim_input", what)
end
local function line()
  return lua("return vim.api.nvim_get_current_line()")
end
--- The words of the open list.
local function list()
  return lua([[
    if vim.fn.pumvisible() == 0 then
      return {}
    end
    return vim.tbl_map(function(item) return item.abbr end, vim.fn.complete_info({ "items" }).items)
  ]])
end
local function opens_with(word)
  return wait("a list with " .. word .. " after " .. line(), function()
    return vim.list_contains(list(), word)
  end)
end
local function becomes(wanted)
  wait(("%q, and not %q"):format(wanted, line()), function()
    return line() == wanted
  end)
end
--- Whether the server has answered everything that was asked, so that no list is still to come.
local function answered()
  return lua([[
    for _, client in ipairs(vim.lsp.get_clients({ name = "soapstone" })) do
      for _, request in pairs(client.requests) do
        if request.type ~= "complete" and request.method == "textDocument/completion" then
          return false
        end
      end
    end
    return true
  ]])
end

test("nothing is written that was not chosen, however quickly one types", function()
  note({ "payer: medicare", "visit: 2026-11-20", "O: Tight.", "" })
  keys("97140-GP")
  becomes("97140-GP")
  keys("<Esc>o97140-")
  opens_with("59")
  eq("97140-", vim.trim(line()))
  keys("GP")
  wait("the whole modifier", function()
    return vim.trim(line()) == "97140-GP"
  end)
  keys("<CR>")
  wait("the next line", function()
    return lua("return vim.api.nvim_win_get_cursor(0)[1]") == 6
  end)
  eq({ "97140-GP", "97140-GP", "" }, vim.tbl_map(vim.trim, lua("return vim.api.nvim_buf_get_lines(0, 3, -1, false)")))
end)

test("the list opens while the word of a field is typed, the likeliest first", function()
  note({ "" })
  keys("pa")
  opens_with("patient:")
  eq({ "patient:", "payer:" }, vim.list_slice(list(), 1, 2))
  keys("<C-n><C-y>")
  becomes("patient: ")
end)

test("the list opens while a code is typed, and what is chosen comes with its blanks", function()
  note({ "visit: 2026-11-20", "O: Tight.", "" })
  keys("9714")
  opens_with("97140")
  keys("<C-n><C-y>")
  wait("the block", function()
    return table.concat(lua("return vim.api.nvim_buf_get_lines(0, 2, -1, false)"), "\n"):find("^97140 .*\n  technique: ")
  end)
end)

test("the list opens while a region is typed, and all of its words are written", function()
  note({ "visit: 2026-11-20", "O: Tight.", "97140 lu" })
  keys("m")
  opens_with("lumbar paraspinals")
  local place = vim.fn.index(list(), "lumbar paraspinals") + 1
  keys(("<C-n>"):rep(place) .. "<C-y>")
  becomes("97140 lumbar paraspinals")
end)

test("the list opens while a technique is typed", function()
  note({ "visit: 2026-11-20", "O: Tight.", "97140 lumbar", "  technique: " })
  keys("joi")
  opens_with("joint mobilization")
  keys("<C-n><C-y>")
  becomes("  technique: joint mobilization")
end)

test("a diagnosis is found by its words, and stays in the list while they are typed", function()
  note({ "dx:" })
  keys(" low back")
  opens_with("M54.50")
  keys(" p")
  opens_with("M54.50")
  keys("<C-n><C-y>")
  becomes("dx: M54.50")
end)

test("no list opens in prose, and one undo takes a sentence back", function()
  note({ "visit: 2026-11-20", "S: " })
  for word in ("Low back pain and trouble with her posture"):gmatch("%S+") do
    keys(word .. "<Space>")
    wait("the answers", answered)
    eq({}, list())
  end
  becomes("S: Low back pain and trouble with her posture ")
  keys("<Esc>u")
  becomes("S: ")
end)

test("the key for it, Ctrl-X Ctrl-O, writes nothing unasked either", function()
  note({ "" })
  lua([[vim.g.soapstone = vim.tbl_extend("force", vim.g.soapstone, { completion = false })]])
  lua([[vim.cmd("Soapstone restart")]])
  wait("another server", function()
    return lua("return require('soapstone.client').get(0) ~= nil and #vim.api.nvim_get_autocmds({ event = 'InsertCharPre', buffer = 0 }) == 0")
  end)
  keys("p")
  becomes("p")
  wait("the answers", answered)
  eq({}, list())
  keys("<C-x><C-o>")
  opens_with("provider:")
  becomes("p")
  keys("<C-n><C-n><C-n><C-y>")
  becomes("provider: ")
end)

test("it goes on after the server was started again", function()
  lua([[vim.g.soapstone = vim.tbl_extend("force", vim.g.soapstone, { completion = true })]])
  lua([[vim.cmd("Soapstone restart")]])
  wait("another server", function()
    return lua("return require('soapstone.client').get(0) ~= nil and #vim.api.nvim_get_autocmds({ event = 'InsertCharPre', buffer = 0 }) > 0")
  end)
  note({ "" })
  keys("pro")
  opens_with("provider:")
end)

--- Waits for the mode, and for what is selected in it.
local function selected(wanted)
  wait("the blank of " .. wanted, function()
    local mode = lua("return vim.api.nvim_get_mode().mode")
    return mode == "s" and lua([[
      local a, b = vim.fn.getpos("v"), vim.fn.getpos(".")
      return vim.fn.getline("."):sub(1, a[3] - 1) .. "|" .. vim.fn.getline("."):sub(a[3], b[3])
    ]]) == wanted
  end)
end
lua([[vim.keymap.set({ "n", "i", "s" }, "<M-n>", "<Plug>(soapstone-next-blank)")]])
lua([[vim.keymap.set({ "n", "i", "s" }, "<M-p>", "<Plug>(soapstone-previous-blank)")]])

test("a key goes from blank to blank, and what is typed takes their places", function()
  note({ "patient: ___", "visit: 2026-11-20", "S: Pain ___/10 \u{1F622} in ___." })
  keys("<Esc>gg0")
  keys("<M-n>")
  selected("patient: |___")
  keys("10234<M-n>")
  selected("S: Pain |___")
  keys("<M-n>")
  selected("S: Pain ___/10 \u{1F622} in |___")
  keys("<M-p>")
  selected("S: Pain |___")
  keys("6<M-n>")
  selected("S: Pain 6/10 \u{1F622} in |___")
  keys("neck<Esc>")
  becomes("S: Pain 6/10 \u{1F622} in neck.")
  lua([[
    vim.g.said = ""
    vim.notify = function(message) vim.g.said = message end
  ]])
  keys("<M-n>")
  wait("a sentence", function()
    return lua("return vim.g.said"):find("no blank is left", 1, true)
  end)
  eq("patient: 10234", lua("return vim.fn.getline(1)"))
end)

test("a next visit on a day that has one is asked for first", function()
  note({ "payer: medicare", "visit: 2026-11-21", "S: Sore.", "97140 lumbar 10:00-10:25" })
  keys("<Esc>")
  local function next_visit(answer)
    lua(
      [[
      local answer = ...
      vim.g.asked = ""
      vim.ui.select = function(items, options, choose)
        vim.g.asked = options.prompt
        for _, item in ipairs(items) do
          if answer ~= "" and item:find(answer, 1, true) then
            return choose(item)
          end
        end
        choose(nil)
      end
      vim.cmd("Soapstone next")
    ]],
      answer
    )
    wait("the question", function()
      return lua("return vim.g.asked") == "The chart has a visit of 2026-11-21 already."
    end)
  end
  next_visit("")
  next_visit("Go to")
  eq(2, lua("return vim.api.nvim_win_get_cursor(0)[1]"))
  eq(4, lua("return vim.api.nvim_buf_line_count(0)"))
  next_visit("another")
  wait("the visit", function()
    return line() == "visit: 2026-11-21" and lua("return vim.api.nvim_win_get_cursor(0)[1]") > 4
  end)
end)

test("a note of 12-hour times gets no other", function()
  note({ "payer: medicare", "visit: 2026-11-20", "session: 1:00-1:50 pm", "O: Tight.", "97140 lumbar 1:00-1:25 pm", "", "visit: 2026-11-21", "97140 lumbar " })
  local times = lua([[
    local of, all = require("soapstone.client").get(0), {}
    local function ask(method, params)
      params.textDocument = { uri = vim.uri_from_bufnr(0) }
      return of:request_sync(method, params, 60000, 0).result
    end
    local at = { line = 7, character = 13 }
    for _, item in ipairs(ask("textDocument/completion", { position = at }).items) do
      all[#all + 1] = item.textEdit.newText
    end
    local context = { diagnostics = {}, triggerKind = 1 }
    for _, action in ipairs(ask("textDocument/codeAction", { range = { start = at, ["end"] = at }, context = context })) do
      all[#all + 1] = action.title
      all[#all + 1] = vim.inspect(action.edit)
    end
    return table.concat(all, "\n")
  ]])
  assert(times:find("10:02 am", 1, true), times)
  for hour in times:gmatch("%f[%d](%d%d?):%d%d") do
    assert(tonumber(hour) <= 12, times)
  end
end)

test("what the server is told of other completion plugins: fields before codes", function()
  -- Such plugins look at the kind of an item before the order that the server gave it.
  note({ "pa" })
  local items = wait("the items", function()
    return lua([[
      local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 0, character = 2 } }
      local answer = require("soapstone.client").get(0):request_sync("textDocument/completion", params, 60000, 0)
      return answer and answer.result and answer.result.items
    ]])
  end)
  table.sort(items, function(a, b)
    return a.kind < b.kind or a.kind == b.kind and a.sortText < b.sortText
  end)
  eq({ "patient:", "payer:" }, { items[1].label, items[2].label })
end)

vim.fn.jobstop(other)
vim.fn.jobwait({ other }, 10000)
vim.fn.delete(folder, "rf")
h.finish()
