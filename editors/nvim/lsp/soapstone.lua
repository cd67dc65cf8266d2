-- The language server's configuration for `vim.lsp.enable()`: `:help lsp-config`. What is set with
-- `vim.lsp.config("soapstone", ...)` comes on top.
return require("soapstone.config").lsp()
