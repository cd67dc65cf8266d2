--- Completion by Neovim itself: the whole of what was chosen, and nothing that was not.
local M = {}

--- What is written for an item. Neovim would take a text's first word alone: "lumbar" for "lumbar paraspinals".
---@param item lsp.CompletionItem
---@return table
local function convert(item)
  local plain = item.insertTextFormat ~= vim.lsp.protocol.InsertTextFormat.Snippet
  local text = plain and item.textEdit and item.textEdit.newText or nil
  -- Several lines are put in when the item was chosen; a list has words.
  return { word = text and not text:find("\n", 1, true) and text or nil }
end

--- With Neovim's usual options an open list writes its first entry into the note. A modifier that nobody chose
--- would be billed.
---@param buffer integer
local function nothing_unasked(buffer)
  local wanted = vim.split(vim.o.completeopt, ",", { trimempty = true })
  for _, option in ipairs({ "menuone", "noselect" }) do
    if not vim.list_contains(wanted, option) then
      wanted[#wanted + 1] = option
    end
  end
  vim.bo[buffer].completeopt = table.concat(wanted, ",")
end

--- The list opens while a word is typed, where the server knows words: never in prose.
---@param buffer integer
---@param group integer
local function opens_by_itself(buffer, group)
  local typed = 0
  vim.api.nvim_create_autocmd("InsertCharPre", {
    group = group,
    buffer = buffer,
    desc = "Soapstone: complete the word that is typed",
    callback = function()
      -- An open list that knows not all is asked for again by Neovim, and so is one behind `:` and `-`.
      if not vim.v.char:match("^%w$") or vim.fn.pumvisible() == 1 then
        return
      end
      typed = typed + 1
      local this = typed
      vim.schedule(function()
        local insert = vim.api.nvim_get_mode().mode:sub(1, 1) == "i"
        -- Of letters that come at once only the last is asked about.
        if this == typed and insert and vim.api.nvim_get_current_buf() == buffer then
          vim.lsp.completion.get()
        end
      end)
    end,
  })
end

---@param client vim.lsp.Client
---@param buffer integer
---@param open boolean whether the list opens by itself
function M.attach(client, buffer, open)
  nothing_unasked(buffer)
  vim.lsp.completion.enable(true, client.id, buffer, { autotrigger = open, convert = convert })
  local group = vim.api.nvim_create_augroup("soapstone.completion." .. buffer, {})
  vim.api.nvim_create_autocmd("LspDetach", {
    group = group,
    buffer = buffer,
    desc = "Soapstone: a server that has ended is not asked any more",
    callback = function(event)
      if event.data.client_id == client.id then
        vim.lsp.completion.enable(false, client.id, buffer)
      end
    end,
  })
  if open then
    opens_by_itself(buffer, group)
  end
end

return M
