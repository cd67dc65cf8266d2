--- The indentation of a note: details stand two blanks below a code, everything else at the margin.
local M = {}

local STEP = 2

--- A pattern for Vim, very magic and with its own case. Its groups keep nothing, of which there may be many.
local function vim_regex(case, pattern)
  local groups = pattern:gsub("(\\?)%(", function(literal)
    return literal == "" and "%(" or "\\("
  end)
  return vim.regex("\\%#=1\\v\\" .. case .. "^\\s*" .. groups)
end

local BULLET = [[(([-•*●▪◦‣·–—]|\d{1,2}[.)])\s+)?]]
local MONTH = [[(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\a*\.?]]
local DATE = [[((mon|tue|wed|thu|fri|sat|sun)\a*[.,]*\s+)?]]
  .. [[(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(\d{2})?|]]
  .. MONTH
  .. [[\s+\d{1,2}(st|nd|rd|th)?,?\s+\d{4}|\d{1,2}(st|nd|rd|th)?\s+]]
  .. MONTH
  .. [[,?\s+\d{4})]]
local NAME = [[((#{1,6}|[-•*●]|\d{1,2}[.)]|[IVX]{1,4}[.)]|[SOAP][.])\s*)?[*_]{0,3}]]
  .. [[(subjective|objective|assessment|(treatment\s+)?plan|treatment|tx|interventions|procedures)]]
  .. [[(\s+(findings|today|provided|performed|rendered|notes?|section))?(\s*\([SOAP]\))?[*_]{0,3}]]

local DAY = [[(visit|dos|d\.o\.s\.?|date(s|\(s\))?\s+of\s+service|service\s+date(\(s\))?|(visit|encounter|treatment|session)\s+date|]]
  .. [[date\s+of\s+(visit|encounter)|date\s+seen)]]

--- What is one only before a date.
local DATED = [[(date(\s+of\s+(treatment|session|evaluation)|\s+treated|(\/|\s+(\&|and)\s+)time)?|(evaluation|appointment|tx)\s+date|seen\s+on|]]
  .. [[(daily|progress|(daily\s+)?treatment|visit|soap)\s+note)]]
local COUNTED = [[(visit|session)\s*(#\s*)?\d{1,3}(\s*(of|\/)\s*\d{1,3})?]]
local MARKUP = [[(#{1,6}\s+)?[*_]{0,3}]]

--- What a line's first words make of it, as the grammar has it.
local HEADINGS = {
  vim_regex("c", BULLET .. MARKUP .. DAY .. [[\s?:]]),
  vim_regex("c", BULLET .. MARKUP .. DATED .. [[\s?:[*_]{0,3}\s*]] .. DATE),
  vim_regex("c", BULLET .. MARKUP .. "(" .. DAY .. "|" .. DATED .. [[)\s*[-–—=]\s*]] .. DATE),
  vim_regex("c", BULLET .. MARKUP .. COUNTED .. [[\s*[-–—:(]\s*]] .. DATE),
  vim_regex("c", "(" .. DAY .. "|" .. DATED .. "|" .. COUNTED .. [[,?)\s+]] .. DATE .. "$"),
  vim_regex("c", NAME .. [[(\s?:|$)]]),
  vim_regex("c", [[[SOAP]\s?:]]),
  -- `A)` is a heading, `a)` begins a list.
  vim_regex("C", [[(\([SOAP]\)|[SOAP]\)|[SOAP]\s*[=]|[SOAP]\s*[-–—]\s|[SOAP]\.$)]]),
}
--- Below a block it says what was done.
local TREATMENT = vim_regex("c", [[(treatment|tx|interventions?)\s?:]])
local CODE = vim_regex(
  "C",
  BULLET
    .. [[(([Cc][Pp][Tt]|[Hh][Cc][Pp][Cc][Ss]|[Pp]rocedure|[Bb]illing)?\s*([Cc]ode|CODE)?\s*[:#]?\s+)?]]
    .. [[(\d{5}|\a\d{4})($|[-‑–](\d{4})@!|[^-‑–0-9a-wyz.'’"!<>=@*#%$^])]]
)
--- The fields that are of a visit or a chart and never of a block.
local AT_THE_MARGIN = vim_regex(
  "c",
  BULLET
    .. "("
    .. table.concat({
      [[(patient|client)(\s+(name|id))?|pt|name|mrn|account(\s+number)?|chart\s+number]],
      [[pay[eo]r|insurer|insurance(\s+(plan|company))?|ins|carrier|plan\s+name|health\s+plan]],
      [[(primary|secondary)\s+(insurance|payer)]],
      [[provider|((massage|physical|occupational|treating)\s+)?therapist|clinician|treated\s+by|practitioner]],
      [[(treating|rendering)\s+provider|chiropractor]],
      [[((short|long)[- ]term\s+|functional\s+)?goals?|[sl]tgs?|(treatment|patient|therapy)\s+goals]],
      [[goals\s+of\s+(treatment|care)]],
      [[session(\s+time)?|total\s+((treatment|session)\s+)?time|treatment\s+time|time\s+(in|out|in/out)]],
      [[(start|end)\s+time|duration(\s+of\s+session)?|total\s+minutes|total\s+direct\s+time|visit\s+duration]],
      [[(total\s+)?timed(\s+code)?(\s+treatment)?\s+minutes|total\s+timed|ttm|ttcm|direct\s+one-on-one\s+minutes]],
      [[referral|rx|prescription|order|script|referring\s+(provider|physician)|referred\s+by]],
      [[(prior\s+)?authori[sz]ation|auth(\s+number)?|authori[sz]ed\s+visits]],
      [[plan\s+of\s+care|poc(\s+dates)?|cert(ification)?(\s+period)?]],
      [[(functional\s+)?limitations?|function|functional\s+status|current\s+level\s+of\s+function]],
      [[((electronically|digitally|e-)?\s*signed)(\s+(by|and\s+dated\s+by))?|signature|/s/]],
      [[(completed|authenticated)\s+by|addendum]],
      [[duration\s+of\s+session|end\s+of\s+session|health\s+insurance]],
      [[insurance\s+carrier|insurance\s+name|insurance\s+provider]],
      [[length\s+of\s+session|patient\s+goal|payer\s+name|payer\s+source]],
      [[payor\s+source|prepared\s+by|primary\s+carrier|primary\s+ins]],
      [[primary\s+insurance\s+carrier|primary\s+insurance\s+company|primary\s+insurance\s+plan|primary\s+insurer]],
      [[primary\s+payor|rendering\s+clinician|session\s+length|sig]],
      [[signatures|start\s+of\s+session|therapy\s+goal|timed\s+treatment\s+minutes]],
      [[total\s+session|total\s+session\s+minutes|total\s+therapy\s+minutes|total\s+therapy\s+time]],
      [[total\s+timed\s+code\s+treatment|total\s+timed\s+treatment\s+minutes|total\s+treatment\s+minutes|total\s+visit\s+minutes]],
      [[total\s+visit\s+time|treating\s+clinician|treatment\s+goal]],
    }, "|")
    .. [[)(\s*#?\d*|\s*\(\a+\))\s?:]]
)

---@param line string
---@return boolean
local function is_code(line)
  return CODE:match_str(line) ~= nil
end

---@param line string
---@return boolean
local function is_heading(line)
  for _, heading in ipairs(HEADINGS) do
    if heading:match_str(line) then
      return true
    end
  end
  return false
end

--- Whether the line may be a detail of a block above.
---@param number integer
---@return boolean
local function is_in_a_block(number)
  for above = number - 1, 1, -1 do
    local line = vim.fn.getline(above)
    if is_code(line) then
      return true
    elseif not line:match("^%s+%S") and not line:match("^//") then
      return false
    elseif is_heading(line) and not TREATMENT:match_str(line) then
      return false
    end
  end
  return false
end

--- Whether the line begins something that is no detail of a block.
---@param line string
---@param number integer
---@return boolean
local function is_at_the_margin(line, number)
  if TREATMENT:match_str(line) then
    return not is_in_a_block(number)
  end
  return is_heading(line) or is_code(line) or (AT_THE_MARGIN:match_str(line) ~= nil and is_in_a_block(number))
end

--- For 'indentexpr'.
---@return integer
function M.get()
  local number = vim.v.lnum
  local line = vim.fn.getline(number)
  if line:match("%S") then
    -- What was typed stays where it is, unless it has turned out to be a heading.
    return is_at_the_margin(line, number) and 0 or vim.fn.indent(number)
  end
  local above = number > 1 and vim.fn.getline(number - 1) or ""
  if is_code(above) then
    return vim.fn.indent(number - 1) + STEP
  end
  return above:match("%S") and vim.fn.indent(number - 1) or 0
end

return M
