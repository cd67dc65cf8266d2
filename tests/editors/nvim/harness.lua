-- What the tests of the Neovim plugin have in common. They run with `nvim -l`, without a framework:
-- each check prints a line, and the exit code says the rest.
local M = {}

local passed, failed, skipped = 0, 0, 0
local MOST_WAIT_MS = tonumber(vim.env.SOAPSTONE_TEST_WAIT_MS) or 60000

local function write(...)
  io.stdout:write(...)
  io.stdout:flush()
end

--- One check.
---@param name string
---@param run fun()
function M.test(name, run)
  local ok, why = xpcall(run, debug.traceback)
  if ok then
    passed = passed + 1
    write("ok ", name, "\n")
  else
    failed = failed + 1
    write("not ok ", name, "\n", (tostring(why):gsub("\n*$", "\n"):gsub("([^\n]+)", "    %1")))
  end
end

--- A check that cannot be made here, and why.
function M.skip(name, why)
  skipped = skipped + 1
  write("skipped ", name, ": ", why, "\n")
end

function M.eq(wanted, got)
  assert(vim.deep_equal(wanted, got), ("want %s, got %s"):format(vim.inspect(wanted), vim.inspect(got)))
end

---@param text string
---@param part string plain
function M.has(text, part)
  assert(text:find(part, 1, true), ("want %q in:\n%s"):format(part, text))
end

--- Waits until something holds and hands on what it answers. The time is only there so that a test
--- that fails ends.
---@param what string
---@param holds fun(): any
function M.wait(what, holds)
  local answer
  local ok = vim.wait(MOST_WAIT_MS, function()
    answer = holds()
    return answer and true or false
  end, 10)
  assert(ok, "waited in vain: " .. what)
  return answer
end

--- Ends Neovim with the sum.
function M.finish()
  write(("Neovim: %d passed, %d failed, %d skipped\n"):format(passed, failed, skipped))
  os.exit(failed == 0 and passed > 0 and 0 or 1)
end

--- The repository, from where this file is.
M.root = vim.fs.normalize(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h:h"))

function M.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

function M.text(buffer)
  return table.concat(M.lines(buffer), "\n")
end

return M
