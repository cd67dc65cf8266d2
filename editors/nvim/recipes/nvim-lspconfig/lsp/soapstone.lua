-- Soapstone has no public address yet: OWNER stands in its place until a release sets one. Until then the program
-- comes from its folder, by `cargo install --path server`. These lines go when the file is handed in.
---@brief
---
--- https://github.com/OWNER/soapstone
---
--- Soapstone reads the chart notes of therapists (`.soap`) and finds what a payer would deny: minutes that earn no
--- unit, codes that exclude each other, a missing diagnosis. Install it with
--- `cargo install --git https://github.com/OWNER/soapstone soapstone`.
---
--- Neovim does not know the filetype by itself:
---
--- ```lua
--- vim.filetype.add({ extension = { soap = 'soapnote' } })
--- ```

---@type vim.lsp.Config
return {
  cmd = { 'soapstone', 'lsp' },
  filetypes = { 'soapnote' },
  root_markers = { 'soapstone.toml', '.git' },
}
