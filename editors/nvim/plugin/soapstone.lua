-- Runs once at the start of Neovim. Everything else is loaded when a note is opened.
if vim.g.loaded_soapstone then
  return
end
vim.g.loaded_soapstone = true

if vim.fn.has("nvim-0.11") == 0 then
  vim.notify("Soapstone needs Neovim 0.11 or later.", vim.log.levels.WARN)
  return
end

-- Here and not in ftdetect/, which is not read again where a plugin comes late.
vim.filetype.add({ extension = { soap = "soapnote" } })

vim.api.nvim_create_user_command("Soapstone", function(call)
  require("soapstone.commands").run(call)
end, {
  nargs = "*",
  range = true,
  desc = "Soapstone: checks chart notes for what a payer would deny",
  complete = function(lead, line)
    return require("soapstone.commands").complete(lead, line)
  end,
})

-- A map for each command that is worth a key; which key is up to the reader.
for name, command in pairs({
  claim = "claim",
  ["copy-claim"] = "copy",
  explain = "explain",
  format = "format",
  ["next-visit"] = "next",
  payer = "payer",
  restart = "restart",
  sample = "sample",
}) do
  vim.keymap.set("n", "<Plug>(soapstone-" .. name .. ")", "<Cmd>Soapstone " .. command .. "<CR>", {
    desc = "Soapstone: " .. command,
  })
end

-- These are of use while one types, and while a blank is selected.
for name, command in pairs({ ["next-blank"] = "blank", ["previous-blank"] = "blank back" }) do
  vim.keymap.set({ "n", "i", "s" }, "<Plug>(soapstone-" .. name .. ")", "<Cmd>Soapstone " .. command .. "<CR>", {
    desc = "Soapstone: " .. command,
  })
end

-- A code lens presses these; see docs/protocol.md.
for name, pressed in pairs({
  ["soapstone.showClaim"] = "show_claim",
  ["soapstone.copyClaimLines"] = "copy_claim",
  ["soapstone.nextVisit"] = "next_visit",
}) do
  vim.lsp.commands[name] = function(command)
    require("soapstone.commands").pressed(pressed, command.arguments)
  end
end

local group = vim.api.nvim_create_augroup("soapstone", {})

-- The server's own words for what stands in a note, in the colours that the theme has for headings
-- and warnings. A theme that names these groups itself is left alone.
local function colours()
  for name, link in pairs({
    ["@lsp.type.namespace.soapnote"] = "@markup.heading.1",
    ["@lsp.type.keyword.soapnote"] = "@markup.heading.2",
    ["@lsp.type.modifier.soapnote"] = "@type",
    ["@lsp.type.string.soapnote"] = "@string.special",
    ["@lsp.type.macro.soapnote"] = "@comment.todo",
    ["@lsp.mod.unknown.soapnote"] = "DiagnosticUnderlineWarn",
    SoapstoneClaimHeading = "@markup.heading.2",
    SoapstoneClaimTotal = "@markup.heading.1",
    SoapstoneClaimCode = "@function",
  }) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end
colours()
vim.api.nvim_create_autocmd("ColorScheme", {
  group = group,
  desc = "Soapstone: colors of notes",
  callback = colours,
})

vim.api.nvim_create_autocmd("LspAttach", {
  group = group,
  desc = "Soapstone: hints and lenses of a note",
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == "soapstone" then
      require("soapstone.client").attached(client, event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, {
  group = group,
  pattern = "soapstone.toml",
  desc = "Soapstone: write the settings that a fix changed",
  callback = function(event)
    require("soapstone.client").settings_opened(event.buf)
  end,
})
vim.api.nvim_create_autocmd("BufWritePost", {
  group = group,
  pattern = "soapstone.toml",
  desc = "Soapstone: let changed settings take effect",
  callback = function(event)
    require("soapstone.client").settings_written(vim.fn.fnamemodify(event.match, ":p"))
  end,
})

if vim.g.soapstone_enabled ~= false then
  vim.lsp.enable("soapstone")
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = "soapnote",
    desc = "Soapstone: say when the program is missing",
    callback = function()
      require("soapstone.client").complain_if_missing()
    end,
  })
end
