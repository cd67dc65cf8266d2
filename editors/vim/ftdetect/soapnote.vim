" Neovim has a plugin of its own, in editors/nvim.
autocmd BufNewFile,BufRead *.soap setfiletype soapnote
