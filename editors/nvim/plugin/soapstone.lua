-- Makes `.soap` files chart notes and starts the language server for them.
vim.filetype.add({ extension = { soap = "soapnote" } })

if vim.g.soapstone_lsp ~= false then
  vim.lsp.enable("soapstone")
  vim.api.nvim_create_autocmd("LspAttach", {
    desc = "Show the units of blocks and visits",
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == "soapstone" then
        vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
      end
    end,
  })
end
