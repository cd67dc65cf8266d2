--- The indentation of a note: details stand two blanks below a code, everything else at the margin.
local M = {}

local STEP = 2

--- Keys that begin a part of a note, never a detail of a block.
local AT_THE_MARGIN = {}
for word in
  ([[S O A P Tx Subjective Objective Assessment Plan Treatment Interventions visit DOS session payer dx
  goal signed referral waive patient provider limitation addendum]]):gmatch("%S+")
do
  AT_THE_MARGIN[word:lower()] = true
end

---@param line string
local function is_code(line)
  return line:match("^%d%d%d%d[%dA-Z]%f[^%w]") or line:match("^[A-Z]%d%d%d%d%f[^%w]")
end

--- Whether the line stands below a code, with its details in between.
---@param number integer
local function is_in_a_block(number)
  for above = number - 1, 1, -1 do
    local line = vim.fn.getline(above)
    if not line:match("^%s+%S") then
      return is_code(line) ~= nil
    end
  end
  return false
end

--- For 'indentexpr'.
---@return integer
function M.get()
  local number = vim.v.lnum
  local line = vim.fn.getline(number)
  local now = vim.fn.indent(number)
  local text = vim.trim(line)
  -- Only what was just typed is moved, never a line that has more on it.
  local key = text:match("^(%a+):$") or text:match("^(goal) %d+:$")
  if key then
    if AT_THE_MARGIN[key:lower()] and is_in_a_block(number) then
      return 0
    end
    return now
  end
  if text:match("^9[78]$") and is_in_a_block(number) then
    return 0
  end
  if text ~= "" then
    return now
  end
  local above = number > 1 and vim.fn.getline(number - 1) or ""
  if is_code(above) then
    return STEP
  end
  return above:match("^%s+%S") and vim.fn.indent(number - 1) or 0
end

return M
