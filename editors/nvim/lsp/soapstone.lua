-- The language server's configuration for Neovim 0.11 and later: `:help lsp-config`.
return {
  cmd = { "soapstone", "lsp" },
  filetypes = { "soapnote" },
  root_markers = { "soapstone.toml", ".git" },
}
