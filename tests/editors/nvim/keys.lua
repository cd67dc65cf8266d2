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

test("what the server is told of other completion plugins: fields before codes", function()
  -- Such plugins look at the kind of an item before the order that the server gave it.
  local items = lua([[
    local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 0, character = 2 } }
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { "pa" })
    return require("soapstone.client").get(0):request_sync("textDocument/completion", params, 60000, 0).result.items
  ]])
  table.sort(items, function(a, b)
    return a.kind < b.kind or a.kind == b.kind and a.sortText < b.sortText
  end)
  assert(#items > 2, "codes are in the list too")
  eq({ "patient:", "payer:" }, { items[1].label, items[2].label })
end)

vim.fn.jobstop(other)
vim.fn.jobwait({ other }, 10000)
vim.fn.delete(folder, "rf")
h.finish()
