--- `:Soapstone` and its subcommands.
local M = {}

local client = require("soapstone.client")

---@param buffer integer
local function address(buffer)
  return vim.uri_from_bufnr(buffer)
end

--- The parameters of a question about a note's settings.
---@param buffer integer
local function note_of(buffer)
  return { textDocument = { uri = address(buffer) } }
end

---@param of vim.lsp.Client
local function position(of)
  return vim.lsp.util.make_position_params(0, of.offset_encoding).position
end

--- Puts the claim lines of a visit into the registers.
---@param at? { [1]: string, [2]: lsp.Position } address and position, else those of the cursor
function M.copy_claim(at)
  local buffer = at and vim.uri_to_bufnr(at[1]) or vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  local place = at and at[2] or position(of)
  client.command(of, buffer, "claimLines", { address(buffer), place }, function(text)
    if text == nil then
      return client.say("the cursor is not in a visit with a claim.", vim.log.levels.WARN)
    end
    if text == "" then
      return client.say("there is nothing to copy yet: minutes or codes are missing.", vim.log.levels.WARN)
    end
    vim.fn.setreg('"', text, "l")
    local clipboard = vim.fn.has("clipboard") == 1
    if clipboard then
      vim.fn.setreg("+", text, "l")
    end
    -- A line of headings stands above them.
    local rows = vim.split(vim.split(text, "\n\n")[1], "\n", { trimempty = true })
    local count = #rows - (rows[1]:match("^%u%l+\t") and 1 or 0)
    client.say(
      ("copied %d claim line%s%s."):format(
        count,
        count == 1 and "" or "s",
        clipboard and "" or " (p pastes them in Neovim; there is no clipboard of the system here)"
      )
    )
  end)
end

--- Goes to a place that the server names, with a way back.
---@param window integer
---@param at lsp.Range
---@param of vim.lsp.Client
local function go_to(window, at, of)
  local line = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), at.start.line, at.start.line + 1, false)[1]
  vim.cmd("normal! m'")
  local column = vim.str_byteindex(line or "", of.offset_encoding, at.start.character, false)
  vim.api.nvim_win_set_cursor(window, { at.start.line + 1, column })
  vim.cmd("normal! zv")
end

--- Puts the cursor into the first visit of what comes into the note next.
---@param buffer integer
---@param window integer
---@return fun() stop
local function follow_next_visit(buffer, window)
  local listening = true
  vim.api.nvim_buf_attach(buffer, false, {
    on_lines = function(_, _, _, first)
      if not listening then
        return true
      end
      listening = false
      vim.schedule(function()
        if not vim.api.nvim_win_is_valid(window) or vim.api.nvim_win_get_buf(window) ~= buffer then
          return
        end
        local lines = vim.api.nvim_buf_get_lines(buffer, first, -1, false)
        for number, line in ipairs(lines) do
          if line:match("^visit:") then
            vim.cmd("normal! m'")
            vim.api.nvim_win_set_cursor(window, { first + number, #line })
            vim.cmd("normal! zv")
            return
          end
        end
      end)
      return true
    end,
  })
  return function()
    listening = false
  end
end

--- Begins the next visit at the note's end and puts the cursor there. Where the chart has a visit of that day
--- already, the reader is asked.
---@param at? { [1]: string }
---@param kind? "carried"|"empty"
---@param anyway? "anyway" the reader was asked
function M.next_visit(at, kind, anyway)
  local buffer = at and vim.uri_to_bufnr(at[1]) or vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  local window = vim.api.nvim_get_current_win()
  -- The server's edit may come before or after its answer.
  local stop = follow_next_visit(buffer, window)
  client.command(of, buffer, "nextVisit", { address(buffer), kind or "carried", anyway }, function(answer)
    local there = type(answer) == "table" and not answer.added and answer.there
    if type(there) ~= "table" then
      return
    end
    stop()
    local go, another = "Go to the visit that is there", "Add another visit of " .. answer.day
    local options = { prompt = ("The chart has a visit of %s already."):format(answer.day), kind = "soapstone.next" }
    vim.ui.select({ go, another }, options, function(chosen)
      if chosen == another then
        M.next_visit({ address(buffer) }, kind, "anyway")
      elseif chosen == go and vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_buf(window) == buffer then
        vim.cmd("normal! m'")
        vim.api.nvim_win_set_cursor(window, { there.start.line + 1, 0 })
        vim.cmd("normal! zv")
      end
    end)
  end)
end

--- Goes to the next blank that is to be filled, or to the one before. It is selected: what is typed takes its place.
---@param backwards boolean
function M.blank(backwards)
  local buffer = vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  local mode = vim.api.nvim_get_mode().mode
  local at = vim.api.nvim_win_get_cursor(0)
  if mode:match("^[sSvV]") then
    -- From the end of what is selected, or from its start.
    local other = vim.fn.getpos("v")
    local ends = { { other[2], other[3] - 1 }, at }
    table.sort(ends, function(a, b)
      return a[1] < b[1] or a[1] == b[1] and a[2] < b[2]
    end)
    at = backwards and ends[1] or { ends[2][1], ends[2][2] + 1 }
  end
  local line = vim.api.nvim_buf_get_lines(buffer, at[1] - 1, at[1], false)[1] or ""
  local column = vim.str_utfindex(line, of.offset_encoding, math.min(at[2], #line), false)
  local params = note_of(buffer)
  params.position = { line = at[1] - 1, character = column }
  params.backwards = backwards
  client.request(of, buffer, "soapstone/nextBlank", params, function(range)
    if not range then
      return client.say("no blank is left in this note.")
    end
    if vim.api.nvim_get_current_buf() ~= buffer then
      return
    end
    local row = range.start.line
    local text = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ""
    local first = vim.str_byteindex(text, of.offset_encoding, range.start.character, false)
    local count = range["end"].character - range.start.character
    local onward = count > 1 and (count - 1) .. "l" or ""
    -- As keys, since one may be inserting or selecting.
    local keys = "<C-Bslash><C-n><Cmd>call cursor(%d, %d)<CR>zvv%s<C-g>"
    vim.api.nvim_feedkeys(vim.keycode(keys:format(row + 1, first + 1, onward)), "n", false)
  end)
end

--- Opens the claim of the visit that a lens stands at.
---@param at { [1]: string, [2]: lsp.Position }
function M.show_claim(at)
  local row = at[2].line + 1
  local window = vim.api.nvim_get_current_win()
  if vim.api.nvim_win_get_cursor(window)[1] ~= row then
    pcall(vim.api.nvim_win_set_cursor, window, { row, 0 })
  end
  require("soapstone.claim").open()
end

--- A lens was pressed.
---@param name string
---@param arguments any[]
function M.pressed(name, arguments)
  M[name](arguments)
end

--- The names in a list that the server has; none if no server runs for this note.
---@param method string
---@param params? table
---@return string[]
local function names(method, params)
  local buffer = vim.api.nvim_get_current_buf()
  local of = client.get(buffer)
  local answer = of and of:request_sync(method, params, 3000, buffer)
  return vim.tbl_map(function(entry)
    return entry.name
  end, answer and answer.result or {})
end

--- Shows the page of a rule, or of the finding under the cursor.
---@param name? string
function M.explain(name)
  local buffer = vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  local function show(rule)
    client.command(of, buffer, "explain", { rule }, function(page)
      if not page then
        return client.say(("there is no rule named %q. :Soapstone explain <Tab> lists them."):format(rule), vim.log.levels.WARN)
      end
      -- Each page has an example or two; the page is read in a window of its own.
      local lines = vim.split(vim.trim(page), "\n")
      local _, window = vim.lsp.util.open_floating_preview(lines, "markdown", {
        border = "rounded",
        focus_id = "soapstone.explain",
        max_width = 84,
        title = " " .. rule .. " ",
        wrap = true,
      })
      vim.api.nvim_set_current_win(window)
      vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = 0, desc = "Close the page" })
    end)
  end
  if name then
    return show(name)
  end
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local here, near = {}, {}
  for _, finding in ipairs(vim.diagnostic.get(buffer, { lnum = line - 1 })) do
    if finding.source == "soapstone" and type(finding.code) == "string" then
      local inside = finding.lnum == line - 1 and finding.col <= column and column < math.max(finding.end_col, finding.col + 1)
      local list = inside and here or near
      if not vim.list_contains(list, finding.code) then
        list[#list + 1] = finding.code
      end
    end
  end
  local choice = #here > 0 and here or near
  if #choice == 0 then
    client.say("there is no finding in this line. Name a rule: :Soapstone explain missing-goal", vim.log.levels.WARN)
  elseif #choice == 1 then
    show(choice[1])
  else
    vim.ui.select(choice, { prompt = "Which finding?" }, function(chosen)
      if chosen then
        show(chosen)
      end
    end)
  end
end

local PAYER_KEYS = { "payer", "insurer", "insurance", "plan name" }

---@param line string
local function is_payer(line)
  local key = line:match("^([%a ]-)%s*:")
  return key ~= nil and vim.list_contains(PAYER_KEYS, key:lower())
end

---@param line string
local function is_visit(line)
  local key = line:match("^([%a ]-)%s*:")
  return key ~= nil and vim.list_contains({ "visit", "dos", "date of service" }, key:lower())
end

--- Where the payer of the visit at a line is written, or where it belongs.
---@param lines string[]
---@param at integer
---@return integer line, boolean there
function M.payer_line(lines, at)
  local from = at
  while from > 1 and not is_visit(lines[from]) do
    from = from - 1
  end
  if is_visit(lines[from] or "") then
    for number = from + 1, #lines do
      if is_visit(lines[number]) then
        break
      elseif is_payer(lines[number]) then
        return number, true
      end
    end
  end
  local after = 0
  for number, line in ipairs(lines) do
    if is_visit(line) then
      break
    elseif is_payer(line) then
      return number, true
    elseif number == after + 1 and line:lower():match("^patient%s*:") then
      after = number
    end
  end
  return after + 1, false
end

--- Writes the payer into the note.
---@param buffer integer
---@param name string
local function write_payer(buffer, name)
  if not vim.bo[buffer].modifiable then
    return client.say("this note cannot be changed.", vim.log.levels.WARN)
  end
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local at = vim.api.nvim_win_get_cursor(0)[1]
  local number, there = M.payer_line(lines, at)
  if there then
    local from = lines[number]:find(":", 1, true)
    -- Only the name is replaced, so that marks and folds stay.
    vim.api.nvim_buf_set_text(buffer, number - 1, from, number - 1, #lines[number], { " " .. name })
  else
    vim.api.nvim_buf_set_lines(buffer, number - 1, number - 1, false, { "payer: " .. name })
  end
end

--- Says who the payer is and how its units are counted; lets the reader choose another one.
---@param name? string
function M.payer(name)
  local buffer = vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  if name then
    return write_payer(buffer, name)
  end
  client.command(of, buffer, "status", { address(buffer) }, function(status)
    if not status then
      return client.say("this note is not known to the server.", vim.log.levels.WARN)
    end
    local prompt = ("Payer of this note (now: %s; units counted %s):"):format(status.payerTitle, status.countingWords)
    client.request(of, buffer, "soapstone/payers", note_of(buffer), function(payers)
      vim.ui.select(payers, {
        prompt = prompt,
        kind = "soapstone.payer",
        format_item = function(payer)
          return payer.title == payer.name and payer.name or ("%s (%s)"):format(payer.name, payer.title)
        end,
      }, function(chosen)
        if chosen and vim.api.nvim_get_current_buf() == buffer then
          write_payer(buffer, chosen.name)
        end
      end)
    end)
  end)
end

--- Opens a note to look at, in a buffer that is not written anywhere unless the reader writes it.
function M.sample()
  local name, number = "sample.soap", 1
  while vim.uv.fs_stat(name) or vim.fn.bufnr("^" .. vim.fn.fnamemodify(name, ":p") .. "$") ~= -1 do
    number = number + 1
    name = ("sample-%d.soap"):format(number)
  end
  vim.cmd.edit(name)
  local buffer = vim.api.nvim_get_current_buf()
  if client.complain_if_missing(true) then
    return
  end
  if not vim.lsp.is_enabled("soapstone") then
    vim.lsp.enable("soapstone")
  end
  client.when_ready(buffer, function(of)
    client.command(of, buffer, "sampleNote", {}, function(text)
      if text and vim.api.nvim_buf_is_valid(buffer) then
        vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split((text:gsub("\n$", "")), "\n"))
        vim.bo[buffer].modified = false
      end
    end)
  end)
end

--- Puts the note, or the lines that are selected, into its usual form.
---@param call vim.api.keyset.create_user_command.command_args
local function format(call)
  local buffer = vim.api.nvim_get_current_buf()
  if not client.wanted(buffer) then
    return
  end
  local range
  if call.range == 2 then
    local last = vim.api.nvim_buf_get_lines(buffer, call.line2 - 1, call.line2, false)[1] or ""
    range = { start = { call.line1, 0 }, ["end"] = { call.line2, #last } }
  end
  vim.lsp.buf.format({ bufnr = buffer, name = "soapstone", range = range, timeout_ms = 5000 })
end

--- Makes a note of the buffer's text, or of the lines that are selected, after saying what would become of it.
---@param call vim.api.keyset.create_user_command.command_args
local function import(call)
  local buffer = vim.api.nvim_get_current_buf()
  local of = client.wanted(buffer)
  if not of then
    return
  end
  if not vim.bo[buffer].modifiable then
    return client.say("this note cannot be changed.", vim.log.levels.WARN)
  end
  local from, to = 0, vim.api.nvim_buf_line_count(buffer)
  if call.range > 0 then
    from, to = call.line1 - 1, call.line2
  end
  local params = note_of(buffer)
  params.text = table.concat(vim.api.nvim_buf_get_lines(buffer, from, to, false), "\n") .. "\n"
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  client.request(of, buffer, "soapstone/import", params, function(answer)
    local report = { answer.summary }
    for _, row in ipairs(answer.rows) do
      report[#report + 1] = ("%-8s  %s"):format(row.kind, row.what)
    end
    client.say(table.concat(report, "\n"))
    vim.ui.select({ "Import", "Leave it as it is" }, { prompt = answer.summary, kind = "soapstone.import" }, function(chosen)
      if chosen ~= "Import" or not vim.api.nvim_buf_is_valid(buffer) then
        return
      end
      -- What was typed meanwhile is not in the answer.
      if vim.api.nvim_buf_get_changedtick(buffer) ~= tick then
        return client.say("the note changed meanwhile, so nothing was imported. Try it again.", vim.log.levels.WARN)
      end
      vim.api.nvim_buf_set_lines(buffer, from, to, false, vim.split((answer.text:gsub("\n$", "")), "\n"))
    end)
  end)
end

---@class soapstone.Command
---@field about string
---@field run fun(arguments: string[], call: vim.api.keyset.create_user_command.command_args)
---@field complete? fun(): string[]

---@type table<string, soapstone.Command>
M.all = {
  blank = {
    about = "go to the next blank to fill, or back",
    run = function(arguments)
      M.blank(arguments[1] == "back")
    end,
    complete = function()
      return { "back" }
    end,
  },
  claim = {
    about = "show or hide the claim of the visit under the cursor",
    run = function(arguments)
      require("soapstone.claim").toggle(arguments[1] == "split")
    end,
    complete = function()
      return { "float", "split" }
    end,
  },
  copy = {
    about = "copy the claim lines of the visit under the cursor",
    run = function()
      M.copy_claim()
    end,
  },
  explain = {
    about = "explain the finding under the cursor, or a rule by its name",
    run = function(arguments)
      M.explain(arguments[1])
    end,
    complete = function()
      return names("soapstone/rules")
    end,
  },
  format = {
    about = "put the note, or the selected lines, into its usual form",
    run = function(_, call)
      format(call)
    end,
  },
  import = {
    about = "make a note of pasted text: of the buffer, or of the selected lines",
    run = function(_, call)
      import(call)
    end,
  },
  log = {
    about = "open the log of Neovim's language clients",
    run = function()
      vim.cmd.tabnew(vim.fn.fnameescape(vim.lsp.log.get_filename()))
      vim.cmd("normal! G")
    end,
  },
  next = {
    about = "begin the next visit, with the codes of the last one or empty",
    run = function(arguments)
      local kind = arguments[1] or "carried"
      if kind ~= "carried" and kind ~= "empty" then
        return client.say('a next visit is either "carried" or "empty".', vim.log.levels.WARN)
      end
      M.next_visit(nil, kind)
    end,
    complete = function()
      return { "carried", "empty" }
    end,
  },
  parser = {
    about = "build the parser for colours and folds (takes a C compiler)",
    run = function()
      require("soapstone.parser").build(function(why)
        if why then
          client.say(("the parser was not built: %s."):format((why:gsub("%.$", ""))), vim.log.levels.ERROR)
        else
          client.say("the parser is built. A note that was open before may have to be opened again.")
        end
      end)
    end,
  },
  payer = {
    about = "say who the payer is and choose another one",
    run = function(arguments)
      M.payer(arguments[1] and table.concat(arguments, " "))
    end,
    complete = function()
      return names("soapstone/payers", note_of(vim.api.nvim_get_current_buf()))
    end,
  },
  restart = {
    about = "start the server again, with the settings as they are now",
    run = function()
      client.restart(function()
        client.say("started again.")
      end)
    end,
  },
  sample = {
    about = "open a note to look at",
    run = function()
      M.sample()
    end,
  },
}

---@param call vim.api.keyset.create_user_command.command_args
function M.run(call)
  local arguments = vim.deepcopy(call.fargs)
  local name = table.remove(arguments, 1)
  local command = M.all[name or ""]
  if command then
    return command.run(arguments, call)
  end
  local lines = name and { ("There is no :Soapstone %s. There are:"):format(name) } or { "Soapstone can:" }
  for known, it in vim.spairs(M.all) do
    lines[#lines + 1] = (":Soapstone %-8s %s"):format(known, it.about)
  end
  vim.notify(table.concat(lines, "\n"), name and vim.log.levels.WARN or vim.log.levels.INFO)
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = vim.split(line:match("Soapstone!?%s+(.*)") or "", "%s+")
  local options
  if #before <= 1 then
    options = vim.fn.sort(vim.tbl_keys(M.all))
  elseif #before == 2 then
    local command = M.all[before[1]]
    options = command and command.complete and command.complete() or {}
  else
    options = {}
  end
  return vim.tbl_filter(function(option)
    return vim.startswith(option, lead)
  end, options)
end

return M
