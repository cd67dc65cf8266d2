--- The language server's client: what is switched on with it, its restart, and questions to it.
local M = {}

local NAME = "soapstone"

---@param message string
---@param level? integer
function M.say(message, level)
  vim.notify("Soapstone: " .. message, level or vim.log.levels.INFO)
end

--- The client of a note, if it is ready.
---@param buffer integer
---@return vim.lsp.Client?
function M.get(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer, name = NAME })[1]
  return client and client.initialized and client or nil
end

--- The client of a note; if there is none, the reader is told why.
---@param buffer integer
---@return vim.lsp.Client?
function M.wanted(buffer)
  local client = M.get(buffer)
  if client then
    return client
  end
  if vim.bo[buffer].filetype ~= "soapnote" then
    M.say("this is not a chart note. Open a file whose name ends in .soap.", vim.log.levels.WARN)
  elseif not M.complain_if_missing(true) then
    M.say("it is not running for this note. Try :Soapstone restart.", vim.log.levels.WARN)
  end
end

--- Calls back with the note's client as soon as it is ready; gives up in silence after a minute.
---@param buffer integer
---@param callback fun(client: vim.lsp.Client)
function M.when_ready(buffer, callback)
  local left = 1200
  local function try()
    local client = vim.api.nvim_buf_is_valid(buffer) and M.get(buffer)
    if client then
      callback(client)
    elseif left > 0 then
      left = left - 1
      vim.defer_fn(try, 50)
    end
  end
  try()
end

--- Asks the server and hands on its answer.
---@param client vim.lsp.Client
---@param buffer integer
---@param method string
---@param params table
---@param callback fun(answer: any)
function M.request(client, buffer, method, params, callback)
  client:request(method, params, function(error, answer)
    if error then
      M.say(error.message, vim.log.levels.ERROR)
    else
      callback(answer ~= vim.NIL and answer or nil)
    end
  end, buffer)
end

--- Runs one of the server's commands and hands on its answer.
---@param client vim.lsp.Client
---@param buffer integer
---@param command string without the beginning that they all have
---@param arguments any[]
---@param callback fun(answer: any)
function M.command(client, buffer, command, arguments, callback)
  local params = { command = "soapstone.server." .. command, arguments = arguments }
  M.request(client, buffer, "workspace/executeCommand", params, callback)
end

---@type boolean
local complained = false

--- Says that the program is missing, once unless asked to say it again.
---@param again? boolean
---@return boolean whether it is missing
function M.complain_if_missing(again)
  local config = vim.lsp.config[NAME]
  local cmd = config and config.cmd
  if type(cmd) ~= "table" or vim.fn.executable(cmd[1]) == 1 then
    return false
  end
  if again or not complained then
    complained = true
    local message = 'the program "%s" was not found, so notes are not checked. '
      .. "Install it, or name its place in vim.g.soapstone.cmd. :checkhealth soapstone says more."
    M.say(message:format(cmd[1]), vim.log.levels.WARN)
  end
  return true
end

local above = vim.api.nvim_create_namespace("soapstone.lenses")

--- Shows lenses above their lines, as later versions of Neovim do. 0.11 would put them behind the line,
--- where the hints are and the window ends.
---@param buffer integer
---@param all lsp.CodeLens[]
local function draw_lenses(buffer, all)
  local rows = {} ---@type table<integer, [string, string][]>
  for _, lens in ipairs(all) do
    local row = lens.range.start.line
    local line = rows[row] or {}
    rows[row] = line
    if #line > 0 then
      line[#line + 1] = { " | ", "LspCodeLensSeparator" }
    end
    line[#line + 1] = { lens.command and lens.command.title or "", "LspCodeLens" }
  end
  vim.api.nvim_buf_clear_namespace(buffer, above, 0, -1)
  local count = vim.api.nvim_buf_line_count(buffer)
  for row, line in pairs(rows) do
    if row == 0 then
      -- There is nothing above the first line.
      vim.api.nvim_buf_set_extmark(buffer, above, row, 0, { virt_text = line, virt_text_pos = "eol" })
    elseif row < count then
      vim.api.nvim_buf_set_extmark(buffer, above, row, 0, { virt_lines = { line }, virt_lines_above = true })
    end
  end
end

--- Neovim 0.11 asks for lenses only when it is told to.
---@param buffer integer
local function lenses(buffer)
  local codelens = vim.lsp.codelens
  if codelens.enable then
    codelens.enable(true, { bufnr = buffer })
    return
  end
  local asked = 0
  local function refresh()
    local client = vim.api.nvim_buf_is_loaded(buffer) and M.get(buffer)
    if not client then
      return
    end
    asked = asked + 1
    local this = asked
    local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) } }
    client:request("textDocument/codeLens", params, function(error, answer)
      if error or this ~= asked or not vim.api.nvim_buf_is_loaded(buffer) then
        return
      end
      local all = type(answer) == "table" and answer or {}
      -- So that vim.lsp.codelens.run() knows them.
      codelens.save(all, buffer, client.id)
      draw_lenses(buffer, all)
    end, buffer)
  end
  -- The findings say when the note was judged again.
  vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "TextChanged", "DiagnosticChanged" }, {
    group = vim.api.nvim_create_augroup("soapstone.lenses." .. buffer, {}),
    buffer = buffer,
    desc = "Soapstone: ask for the lenses again",
    callback = refresh,
  })
  refresh()
end

--- A finding's sentences on lines that fit below the note: Neovim cuts off what is longer.
---@param message string
---@return string
local function folded(message)
  local lines, line = {}, ""
  for word in message:gmatch("%S+") do
    if line ~= "" and #line + #word >= 72 then
      lines[#lines + 1] = line
      line = word
    else
      line = line == "" and word or line .. " " .. word
    end
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

--- Neovim marks a finding but does not say it. Whoever chose how messages are shown keeps that.
---@param client vim.lsp.Client
local function messages(client)
  local chosen = vim.diagnostic.config() or {}
  if chosen.virtual_text or chosen.virtual_lines then
    return
  end
  local look = {
    virtual_lines = {
      current_line = true,
      format = function(finding)
        return folded(finding.message)
      end,
    },
  }
  -- Findings that are sent and findings that are asked for have each a place of their own.
  for _, asked in ipairs({ false, true }) do
    vim.diagnostic.config(look, vim.lsp.diagnostic.get_namespace(client.id, asked))
  end
end

--- Where two findings meet, the worse one is the one to see. Whoever chose an order keeps it.
---@param client vim.lsp.Client
local function worst_first(client)
  if (vim.diagnostic.config() or {}).severity_sort then
    return
  end
  for _, asked in ipairs({ false, true }) do
    vim.diagnostic.config({ severity_sort = true }, vim.lsp.diagnostic.get_namespace(client.id, asked))
  end
end

--- What comes with the server's attaching to a note.
---@param client vim.lsp.Client
---@param buffer integer
function M.attached(client, buffer)
  local config = require("soapstone.config").get()
  if config.inlay_hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  if config.code_lens then
    lenses(buffer)
  end
  worst_first(client)
  if config.messages then
    messages(client)
  end
  require("soapstone.completion").attach(client, buffer, config.completion)
  -- Without the parser, the server tells the folds.
  if config.folds and not require("soapstone.parser").load() then
    for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
      vim.wo[window][0].foldexpr = "v:lua.vim.lsp.foldexpr()"
    end
  end
end

--- A settings file came into Neovim. One that a fix changed is in no window, where nobody would think of
--- writing it.
---@param buffer integer
function M.settings_opened(buffer)
  vim.api.nvim_buf_attach(buffer, false, {
    on_lines = vim.schedule_wrap(function()
      local hidden = vim.api.nvim_buf_is_loaded(buffer) and #vim.fn.win_findbuf(buffer) == 0
      if hidden and vim.bo[buffer].modified and vim.bo[buffer].modifiable then
        vim.api.nvim_buf_call(buffer, function()
          vim.cmd("silent write!")
        end)
        M.say("wrote " .. vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":~:.") .. ".")
      end
    end),
  })
end

--- A settings file was written. Neovim does not watch files everywhere, so the server is told.
---@param path string
function M.settings_written(path)
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    client:notify("workspace/didChangeWatchedFiles", {
      changes = { { uri = vim.uri_from_fname(path), type = 2 } },
    })
  end
end

--- Starts the server for every open note.
local function start()
  if not vim.lsp.is_enabled(NAME) then
    vim.lsp.enable(NAME)
    return
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == "soapnote" then
      pcall(vim.api.nvim_exec_autocmds, "FileType", { group = "nvim.lsp.enable", buffer = buffer })
    end
  end
end

--- Stops the server and starts it again, with the settings as they are now.
---@param done? fun()
function M.restart(done)
  -- Also those that are only starting, which Neovim does not tell of unless asked so.
  local all = { name = NAME, _uninitialized = true }
  for _, client in ipairs(vim.lsp.get_clients(all)) do
    client:stop()
  end
  -- A computer that has much to do takes its time to end a program.
  local left = 1200
  local function try()
    local running = vim.lsp.get_clients(all)
    if #running > 0 and left > 0 then
      left = left - 1
      -- One that does not answer is ended.
      if left == 1100 then
        for _, client in ipairs(running) do
          client:stop(true)
        end
      end
      vim.defer_fn(try, 50)
      return
    end
    if #running > 0 then
      -- A note must not be given to a server that is about to end.
      return M.say("it does not stop. Restart Neovim.", vim.log.levels.ERROR)
    end
    -- Off and on again, so that Neovim reads the configuration anew.
    vim.lsp.enable(NAME, false)
    start()
    if not M.complain_if_missing(true) and done then
      done()
    end
  end
  try()
end

-- Times of its failures, so that a server that fails at once is not started for ever.
local failures = {} ---@type integer[]
local MOST_FAILURES, WITHIN_MS = 4, 60000
local TERMINATED = 15

--- Starts the server again when it ended by itself.
---@param code integer
---@param signal integer
---@param id integer
function M.exited(code, signal, id)
  vim.schedule(function()
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_is_loaded(buffer) then
        vim.api.nvim_buf_clear_namespace(buffer, above, 0, -1)
      end
    end
    if (code == 0 and signal == 0) or signal == TERMINATED then
      return
    end
    if vim.v.exiting ~= vim.NIL then
      return
    end
    local now = vim.uv.now()
    failures = vim.tbl_filter(function(at)
      return now - at < WITHIN_MS
    end, failures)
    failures[#failures + 1] = now
    if #failures >= MOST_FAILURES then
      M.say("it stopped again and again and stays off now. Your note is safe. :Soapstone restart starts it, :Soapstone log shows why.", vim.log.levels.ERROR)
      return
    end
    M.say("it stopped and was started again. Your note is safe.", vim.log.levels.WARN)
    -- Neovim has to forget the old client first, or it would be found to be there.
    local left = 1200
    local function try()
      left = left - 1
      if vim.lsp.get_client_by_id(id) and left > 0 then
        vim.defer_fn(try, 20)
      else
        start()
      end
    end
    try()
  end)
end

return M
