--- The claim of the visit under the cursor, in a window that follows the cursor and the typing.
local M = {}

local WAIT_MS = 80
local MOST_COLUMNS = 82
--- What the note keeps at least beside the float; with less, the float goes above or below.
local NOTE_COLUMNS = 70
local OUTSIDE = "The cursor is not in a visit with a claim. Put it below a visit: line."

---@class soapstone.Claim
---@field buffer integer the claim's text
---@field window integer
---@field note integer the note's buffer
---@field asked integer the number of the latest question
---@field split boolean
---@field timer uv.uv_timer_t
local open ---@type soapstone.Claim?

local group = vim.api.nvim_create_augroup("soapstone.claim", {})

---@return integer?
local function note_window()
  local current = vim.api.nvim_get_current_win()
  if vim.api.nvim_win_get_buf(current) == open.note then
    return current
  end
  return vim.fn.win_findbuf(open.note)[1]
end

local marks = vim.api.nvim_create_namespace("soapstone.claim")

--- Colours by the text's own form: a heading stands at the margin below a blank line, a code begins an
--- indented one.
---@param lines string[]
local function colour(lines)
  vim.api.nvim_buf_clear_namespace(open.buffer, marks, 0, -1)
  for number, line in ipairs(lines) do
    local highlight, from, to
    if number == 1 then
      highlight, from, to = "SoapstoneClaimTotal", 0, #line
    elseif lines[number - 1] == "" and line:match("^%u[^.]*$") then
      highlight, from, to = "SoapstoneClaimHeading", 0, #line
    else
      local code = line:match("^  [%dA-Z]%d%d%d[%dA-Z][%w%-]*%f[%s%z]")
      highlight, from, to = "SoapstoneClaimCode", 2, code and #code or 0
    end
    if to > from then
      vim.api.nvim_buf_set_extmark(open.buffer, marks, number - 1, from, { end_col = to, hl_group = highlight })
    end
  end
end

--- Where the float fits without covering the line that is typed.
---@param lines string[]
---@return vim.api.keyset.win_config
local function place(lines)
  local width = 20
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  width = math.min(width, MOST_COLUMNS, vim.o.columns - 4)
  local rows = vim.o.lines - vim.o.cmdheight - (vim.o.laststatus > 0 and 1 or 0)
  local top = vim.o.showtabline == 2 and 1 or 0
  local place = {
    relative = "editor",
    width = width,
    col = vim.o.columns,
    style = "minimal",
    border = "rounded",
    title = " Claim ",
    title_pos = "left",
    focusable = true,
    zindex = 40,
  }
  if vim.o.columns - width - 2 >= NOTE_COLUMNS then
    place.anchor, place.row = "NE", top
    place.height = math.max(1, math.min(#lines, rows - top - 2))
    return place
  end
  local window = note_window()
  local cursor = rows
  if window then
    local at = vim.fn.screenpos(window, vim.fn.line(".", window), 1)
    cursor = at.row > 0 and at.row or vim.fn.win_screenpos(window)[1]
  end
  if cursor > rows / 2 then
    place.anchor, place.row = "NE", top
    place.height = math.max(1, math.min(#lines, cursor - top - 4))
  else
    place.anchor, place.row = "SE", rows
    place.height = math.max(1, math.min(#lines, rows - cursor - 4))
  end
  return place
end

---@param lines string[]
local function show(lines)
  vim.bo[open.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(open.buffer, 0, -1, false, lines)
  vim.bo[open.buffer].modifiable = false
  colour(lines)
  if not open.split then
    vim.api.nvim_win_set_config(open.window, place(lines))
  end
end

--- Asks for the claim as the note is now. Only the latest answer is shown; what was there stays until
--- it comes.
local function ask()
  if not open then
    return
  end
  local client = require("soapstone.client").get(open.note)
  local window = note_window()
  if not client or not window then
    return
  end
  open.asked = open.asked + 1
  local asked = open.asked
  local params = vim.lsp.util.make_position_params(window, client.offset_encoding)
  client:request("soapstone/claim", params, function(error, claim)
    if not open or open.asked ~= asked or not vim.api.nvim_win_is_valid(open.window) then
      return
    end
    local text = type(claim) == "table" and claim.text
    if error then
      show({ error.message })
    elseif text then
      show(vim.split(vim.trim(text), "\n"))
    else
      show({ OUTSIDE })
    end
  end, open.note)
end

local function soon()
  if open then
    open.timer:start(WAIT_MS, 0, vim.schedule_wrap(ask))
  end
end

function M.close()
  local was = open
  open = nil
  vim.api.nvim_clear_autocmds({ group = group })
  if not was then
    return
  end
  was.timer:stop()
  was.timer:close()
  if vim.api.nvim_win_is_valid(was.window) then
    pcall(vim.api.nvim_win_close, was.window, true)
  end
end

---@return boolean
function M.is_open()
  return open ~= nil
end

--- The window's handle, for maps and tests.
---@return integer?
function M.window()
  return open and open.window
end

--- The cursor moved, the text changed, or another note is looked at.
---@param event vim.api.keyset.create_autocmd.callback_args
local function followed(event)
  if not open or event.buf == open.buffer then
    return
  end
  if vim.bo[event.buf].filetype == "soapnote" and vim.api.nvim_get_current_buf() == event.buf then
    open.note = event.buf
  end
  if event.buf == open.note then
    soon()
  end
end

---@param split? boolean beside the note instead of above it
function M.open(split)
  local note = vim.api.nvim_get_current_buf()
  if open and open.split ~= (split or false) then
    M.close()
  end
  if open then
    open.note = note
    return soon()
  end
  if not require("soapstone.client").wanted(note) then
    return
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = "wipe"
  vim.bo[buffer].filetype = "soapstone-claim"
  vim.bo[buffer].modifiable = false
  vim.keymap.set("n", "q", M.close, { buffer = buffer, desc = "Close the claim" })
  open = {
    buffer = buffer,
    window = -1,
    note = note,
    asked = 0,
    split = split or false,
    timer = assert(vim.uv.new_timer()),
  }
  local waiting = { "Calculating the claim ..." }
  if split then
    local wide = vim.o.columns >= NOTE_COLUMNS + MOST_COLUMNS
    local size = wide and { split = "right", width = MOST_COLUMNS } or { split = "below" }
    open.window = vim.api.nvim_open_win(buffer, false, size)
    local look = vim.wo[open.window]
    look.number, look.relativenumber, look.signcolumn, look.wrap = false, false, "no", true
  else
    open.window = vim.api.nvim_open_win(buffer, false, place(waiting))
  end
  show(waiting)
  vim.api.nvim_create_autocmd(
    { "CursorMoved", "CursorMovedI", "TextChanged", "TextChangedI", "BufEnter", "DiagnosticChanged", "LspAttach" },
    { group = group, desc = "Soapstone: keep the claim current", callback = followed }
  )
  vim.api.nvim_create_autocmd({ "VimResized", "WinResized" }, {
    group = group,
    desc = "Soapstone: keep the claim on the screen",
    callback = soon,
  })
  vim.api.nvim_create_autocmd({ "WinClosed", "BufWinLeave" }, {
    group = group,
    desc = "Soapstone: close the claim with its note",
    callback = vim.schedule_wrap(function()
      if not open then
        return
      end
      local gone = not vim.api.nvim_win_is_valid(open.window)
      if gone or not vim.api.nvim_buf_is_valid(open.note) or #vim.fn.win_findbuf(open.note) == 0 then
        M.close()
      end
    end),
  })
  ask()
end

---@param split? boolean
function M.toggle(split)
  if open and open.split == (split or false) then
    M.close()
  else
    M.open(split)
  end
end

return M
