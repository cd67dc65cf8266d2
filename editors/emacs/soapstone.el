;;; soapstone.el --- SOAP chart notes with billing checks  -*- lexical-binding: t; -*-

;; Copyright (c) The Soapstone developers
;; SPDX-License-Identifier: MIT OR Apache-2.0
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: text, convenience

;;; Commentary:

;; A major mode for chart notes (.soap), and the Soapstone language server through Eglot: what a
;; payer would deny is underlined while you type, with what you could do about it.
;;
;;   (add-to-list 'load-path "/folder/of/soapstone/editors/emacs")
;;   (require 'soapstone)
;;
;; The program "soapstone" has to be on your PATH.  docs/editors/emacs.md has the rest.

;;; Code:

(require 'easymenu)
(require 'subr-x)

(declare-function eglot-ensure "eglot")
(declare-function eglot-current-server "eglot")
(declare-function eglot-inlay-hints-mode "eglot")
(declare-function eglot--TextDocumentPositionParams "eglot")
(declare-function eglot--signal-textDocument/didChange "eglot")
(declare-function flymake-diagnostics "flymake")
(declare-function flymake-diagnostic-text "flymake")
(declare-function jsonrpc-request "jsonrpc")
(declare-function jsonrpc-async-request "jsonrpc")
(declare-function treesit-available-p "treesit.c")
(declare-function treesit-ready-p "treesit")
(declare-function treesit-parser-create "treesit.c")
(declare-function treesit-font-lock-rules "treesit")
(declare-function treesit-major-mode-setup "treesit")
(declare-function treesit-node-text "treesit")
(declare-function treesit-search-subtree "treesit.c")

(defvar eglot-server-programs)
(defvar eglot-confirm-server-initiated-edits)
(defvar eglot-confirm-server-edits)
(defvar treesit-font-lock-settings)
(defvar treesit-font-lock-feature-list)
(defvar treesit-simple-imenu-settings)

(defgroup soapstone nil
  "Chart notes with billing checks."
  :group 'text
  :prefix "soapstone-")

(defcustom soapstone-program "soapstone"
  "The program that reads notes: its name, or the whole path to it."
  :type 'string)

(defcustom soapstone-start t
  "Whether notes are checked as soon as they are opened.
If not, \\[eglot] begins it."
  :type 'boolean)

;;;; The mode

(defconst soapstone--visit "^\\(?:visit\\|dos\\|date of service\\):")

(defconst soapstone--section
  (concat "^\\(?:s\\|o\\|a\\|p\\|subjective\\|objective\\|assessment\\|plan"
          "\\|tx\\|treatment\\|interventions\\):"))

(defconst soapstone--code "^[ \t]*\\(\\(?:[0-9]\\{5\\}\\|[A-Za-z][0-9]\\{4\\}\\)\\)")

(defconst soapstone--code-line
  (concat soapstone--code
          "\\(?:[-‑–]\\([A-Za-z0-9]+\\(?:[-‑–][A-Za-z0-9]+\\)*\\)\\)?\\(?:[ \t]\\|$\\)"))

(defconst soapstone--time "[0-9]\\{1,2\\}:[0-9]\\{2\\}\\(?:[ \t]*[ap]\\.?m\\.?\\)?")

(defun soapstone--in-block (regexp)
  "A font-lock rule for REGEXP, but only after the code of a block's line."
  `(,soapstone--code-line
    (,regexp (line-end-position) nil (0 font-lock-constant-face))))

(defconst soapstone-font-lock-keywords
  `((,soapstone--visit 0 font-lock-keyword-face)
    (,soapstone--section 0 font-lock-keyword-face)
    (,(concat soapstone--visit
              "[ \t]*\\([0-9]\\{4\\}-[0-9]\\{1,2\\}-[0-9]\\{1,2\\}"
              "\\|[0-9]\\{1,2\\}/[0-9]\\{1,2\\}/\\(?:[0-9]\\{4\\}\\|[0-9]\\{2\\}\\)\\)")
     1 font-lock-string-face)
    (,soapstone--code-line (1 font-lock-function-name-face) (2 font-lock-builtin-face nil t))
    ,(soapstone--in-block (concat soapstone--time
                                  "[ \t]*\\(?:[-–—]\\|to\\|until\\)[ \t]*" soapstone--time))
    ,(soapstone--in-block "\\_<[~≈]?[0-9]+\\(?:\\.[0-9]+\\)?[ \t]*\\(?:m\\(?:in\\(?:ute\\)?s?\\)?\\_>\\|['’′]\\)")
    ,(soapstone--in-block "\\_<dx:?[ \t]+[A-Z][0-9][0-9A-Z.]+")
    ,(soapstone--in-block "\\_<\\(?:x[ \t]?[0-9]\\{1,2\\}\\|[0-9]\\{1,2\\}[ \t]*u\\(?:nits?\\)?\\)\\_>")
    ;; A key is one to four words, perhaps with a number: `goal 1:'.
    (,(concat "^[ \t]*\\([[:alpha:]/][[:alpha:]/'’-]*\\(?:[ \t]+[[:alpha:]/][[:alpha:]/'’-]*\\)\\{0,3\\}"
              "\\(?:[ \t]*#?[0-9]\\{1,3\\}\\)?:\\)\\(?:[ \t]\\|$\\)")
     1 font-lock-variable-name-face))
  "What stands out in a note.  What a word means is left to the server.")

(defvar soapnote-mode-syntax-table
  (let ((table (make-syntax-table text-mode-syntax-table)))
    ;; Quotes in prose are feet, minutes and apostrophes.
    (modify-syntax-entry ?\" "." table)
    (modify-syntax-entry ?' "w" table)
    table))

(defconst soapstone--syntax-propertize
  (syntax-propertize-rules
   ;; A comment is a whole line: `https://...' inside of one is text.
   ("^[ \t]*\\(/\\)\\(/\\).*\\(\n\\|\\'\\)" (1 "<") (3 ">"))))

(defvar soapnote-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-a") #'eglot-code-actions)
    (define-key map (kbd "C-c C-v") #'soapstone-claim)
    (define-key map (kbd "C-c C-w") #'soapstone-copy-claim-lines)
    (define-key map (kbd "C-c C-n") #'soapstone-next-visit)
    (define-key map (kbd "C-c C-e") #'soapstone-explain)
    map)
  "Keys of chart notes.")

(easy-menu-define soapnote-mode-menu soapnote-mode-map
  "What can be done with a chart note."
  '("Soapstone"
    ["What could be done here..." eglot-code-actions :help "Corrections for what is underlined"]
    ["Claim of this visit" soapstone-claim]
    ["Copy claim lines" soapstone-copy-claim-lines]
    ["Next visit, with the codes of the last" soapstone-next-visit]
    ["Next visit, empty" soapstone-next-visit-empty]
    ["Put into the usual form" eglot-format-buffer]
    "---"
    ["Explain a rule..." soapstone-explain]
    ["How this note is judged" soapstone-status]
    ["Begin a new note..." soapstone-new-note]
    "---"
    ["Start again" eglot-reconnect]))

(defun soapstone-indent-line ()
  "Indent below a block's code by two; elsewhere as the line above.
TAB a second time goes back to the margin."
  (interactive)
  (let ((wanted (save-excursion
                  (if (zerop (forward-line -1))
                      (cond ((looking-at "[ \t]*$") 0)
                            ((looking-at soapstone--code-line) (+ (current-indentation) 2))
                            (t (current-indentation)))
                    0))))
    (if (and (eq this-command 'indent-for-tab-command) (eq last-command this-command)
             (= (current-indentation) wanted))
        (indent-line-to 0)
      (if (> (current-column) (current-indentation))
          (save-excursion (indent-line-to wanted))
        (indent-line-to wanted)))))

(defun soapstone--do-not-fill (&rest _)
  "Leave lines as they are: where one begins has a meaning in a note."
  (message "The lines of a note stay as they are; long ones are wrapped on the screen.")
  t)

(defun soapstone--outline-level ()
  "A visit holds its sections."
  (if (looking-at soapstone--visit) 1 2))

(defun soapstone--set-up ()
  "What both modes share."
  (setq-local comment-start "// "
              comment-start-skip "//+[ \t]*"
              comment-end ""
              indent-line-function #'soapstone-indent-line
              indent-tabs-mode nil
              ;; A finished line stays where it is when the next one begins.
              electric-indent-inhibit t
              tab-width 2
              ;; A sentence is one line, however long.
              word-wrap t
              truncate-lines nil
              normal-auto-fill-function #'ignore
              fill-paragraph-function #'soapstone--do-not-fill
              case-fold-search t
              outline-regexp (concat "\\(?:" soapstone--visit "\\|" soapstone--section "\\)")
              outline-level #'soapstone--outline-level
              imenu-case-fold-search t
              imenu-generic-expression `(("Visits" "^\\(?:visit\\|dos\\|date of service\\):[ \t]*\\(.+\\)$" 1)))
  (when soapstone-start
    (soapstone--start)))

(defun soapstone--start ()
  "Begin to check this note, or say in a sentence why that cannot be."
  (cond ((not (require 'eglot nil t))
         (message "Soapstone needs the package Eglot, which Emacs 29 and later include."))
        ((not (executable-find soapstone-program))
         (message "This note is not checked: the program \"%s\" is not on your PATH. Put it there, or set `soapstone-program' to where it is."
                  soapstone-program))
        (t (eglot-ensure))))

;;;###autoload
(define-derived-mode soapnote-mode text-mode "SOAP note"
  "A chart note: visits, sections, fields, and blocks of treatment."
  (setq-local font-lock-defaults '(soapstone-font-lock-keywords nil t)
              syntax-propertize-function soapstone--syntax-propertize)
  (soapstone--set-up))

;;;; With tree-sitter, in Emacs 29 and later that have it

(defconst soapstone--tree-query "
(visit_key) @font-lock-keyword-face
(section_name) @font-lock-keyword-face
(date) @font-lock-string-face
(key) @font-lock-variable-name-face
(procedure_code) @font-lock-function-name-face
(modifier) @font-lock-builtin-face
(clock_range) @font-lock-constant-face
(duration) @font-lock-constant-face
(unit_claim) @font-lock-constant-face
(diagnosis_pointer) @font-lock-type-face
(comment) @font-lock-comment-face
"
  "What stands out, as the grammar has it.")

(defun soapstone--visit-name (node)
  "The date of the visit that is NODE."
  (let ((date (treesit-search-subtree node "\\`date\\'" nil nil 2)))
    (if date (treesit-node-text date t) "no date")))

;;;###autoload
(define-derived-mode soapnote-ts-mode text-mode "SOAP note"
  "A chart note, read by its tree-sitter grammar."
  :syntax-table soapnote-mode-syntax-table
  (unless (and (fboundp 'treesit-ready-p) (treesit-ready-p 'soapnote))
    (error "The grammar of notes is missing: M-x treesit-install-language-grammar RET soapnote"))
  (use-local-map (make-composed-keymap soapnote-mode-map text-mode-map))
  (treesit-parser-create 'soapnote)
  (setq-local treesit-font-lock-settings
              (treesit-font-lock-rules
               :language 'soapnote :feature 'note soapstone--tree-query)
              treesit-font-lock-feature-list '((note))
              treesit-simple-imenu-settings
              '(("Visits" "\\`visit\\'" nil soapstone--visit-name)))
  (soapstone--set-up)
  (treesit-major-mode-setup))

;;;###autoload
(defun soapstone--mode ()
  "The mode for a note: by the grammar where Emacs has it."
  (if (and (fboundp 'treesit-ready-p) (treesit-available-p) (treesit-ready-p 'soapnote t))
      (soapnote-ts-mode)
    (soapnote-mode)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.soap\\'" . soapstone--mode))

;;;; The server

(defun soapstone--contact (&rest _)
  "How the server is called."
  (list soapstone-program "lsp"))

(with-eval-after-load 'eglot
  ;; `soapnote' is the language's name for the server in both modes.
  (add-to-list 'eglot-server-programs
               '((soapnote-mode soapnote-ts-mode) . soapstone--contact)))

(put 'soapnote-mode 'eglot-language-id "soapnote")
(put 'soapnote-ts-mode 'eglot-language-id "soapnote")

(defun soapstone--hints ()
  "Show minutes, units and days left beside the note, where Eglot can."
  (when (and (derived-mode-p 'soapnote-mode 'soapnote-ts-mode)
             (fboundp 'eglot-inlay-hints-mode)
             (bound-and-true-p eglot--managed-mode))
    (eglot-inlay-hints-mode 1)))

(add-hook 'eglot-managed-mode-hook #'soapstone--hints)

(defun soapstone--server ()
  "The server of this note."
  (or (and (fboundp 'eglot-current-server) (eglot-current-server))
      (user-error "This note is not being checked; M-x eglot begins it")))

(defun soapstone--address ()
  "The address of this note, as the server knows it."
  (let ((here (soapstone--here)))
    (plist-get (plist-get here :textDocument) :uri)))

(defun soapstone--here ()
  "This note and the place of the cursor, for the server."
  (if (fboundp 'eglot--TextDocumentPositionParams)
      (eglot--TextDocumentPositionParams)
    (user-error "This Eglot is not one that Soapstone knows")))

(defun soapstone--up-to-date-server ()
  "The server of this note, which has what was typed last."
  (let ((server (soapstone--server)))
    (when (fboundp 'eglot--signal-textDocument/didChange)
      (eglot--signal-textDocument/didChange))
    server))

(defun soapstone--ask (method params)
  "Ask the server METHOD with PARAMS."
  (jsonrpc-request (soapstone--up-to-date-server) method params))

(defun soapstone--call (name arguments)
  "The parameters to have the server do NAME with ARGUMENTS."
  (list :command (concat "soapstone.server." name) :arguments (vconcat arguments)))

(defun soapstone--command (name &rest arguments)
  "Have the server do NAME with ARGUMENTS."
  (soapstone--ask :workspace/executeCommand (soapstone--call name arguments)))

(defun soapstone--show (name text)
  "Show TEXT in a window of its own, called NAME."
  (with-current-buffer (get-buffer-create name)
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert text)
      (goto-char (point-min)))
    (special-mode)
    (display-buffer (current-buffer))))

(defun soapstone-claim ()
  "Show the claim of this visit: how its units add up, and what is open."
  (interactive)
  (let ((claim (soapstone--ask :soapstone/claim (soapstone--here))))
    (if claim
        (soapstone--show "*Claim*" (plist-get claim :text))
      (message "There is no visit here."))))

(defun soapstone-copy-claim-lines ()
  "Copy the claim lines of the visit at the cursor, to paste elsewhere."
  (interactive)
  (let* ((here (soapstone--here))
         (lines (soapstone--command "claimLines" (soapstone--address)
                                    (plist-get here :position))))
    (cond ((null lines) (message "There is no visit here."))
          ((string-empty-p lines)
           (message "The claim is not complete yet; `soapstone-claim' says what is missing."))
          (t (kill-new lines)
             (message "The claim lines are copied.")))))

(defun soapstone-next-visit (&optional empty)
  "Begin the chart's next visit, with the codes of the last one.
With a prefix argument, or if EMPTY, only its headings."
  (interactive "P")
  (let ((before (buffer-chars-modified-tick))
        ;; It was just asked for; nobody needs to be asked again.
        (eglot-confirm-server-initiated-edits nil)
        (eglot-confirm-server-edits nil)
        (tries 0))
    ;; The edit comes on its own, after the answer.  Whoever waits for the answer alone may leave the
    ;; edit lying in older versions of jsonrpc, which stop reading there.
    (jsonrpc-async-request
     (soapstone--up-to-date-server) :workspace/executeCommand
     (soapstone--call "nextVisit" (list (soapstone--address) (if empty "empty" "carried")))
     :success-fn #'ignore)
    (while (and (= before (buffer-chars-modified-tick)) (< tries 50))
      (setq tries (1+ tries))
      (accept-process-output nil 0.1))
    (if (= before (buffer-chars-modified-tick))
        (message "The next visit could not be started.")
      (goto-char (point-max))
      (re-search-backward soapstone--visit nil t))))

(defun soapstone-next-visit-empty ()
  "Begin the chart's next visit with its headings alone."
  (interactive)
  (soapstone-next-visit t))

(defun soapstone--rule-here ()
  "The name of the rule that underlines what the cursor is on."
  (let (found)
    (when (fboundp 'flymake-diagnostics)
      (dolist (finding (flymake-diagnostics (point)))
        (let ((text (flymake-diagnostic-text finding)))
          (when (string-match "\\[\\([a-z]+\\(?:-[a-z]+\\)*\\)\\]" text)
            (setq found (match-string 1 text))))))
    found))

(defun soapstone-explain (rule)
  "Show why there is such a RULE, who says so, and what to do."
  (interactive
   (list (let ((here (soapstone--rule-here)))
           (read-string (if here (format "Rule (%s): " here) "Rule: ") nil nil here))))
  (let ((page (soapstone--command "explain" rule)))
    (if page
        (soapstone--show "*Rule*" page)
      (message "There is no rule called \"%s\"." rule))))

(defun soapstone-status ()
  "Say by which payer's rules and which settings this note is judged."
  (interactive)
  (let ((status (soapstone--command "status" (soapstone--address))))
    (message "Payer: %s. Units are counted %s. Settings: %s. Soapstone %s."
             (if (equal (plist-get status :payer) "default")
                 "not known"
               (plist-get status :payerTitle))
             (plist-get status :countingWords)
             (or (plist-get status :settingsFile) "those of Emacs")
             (plist-get status :version))))

;;;###autoload
(defun soapstone-new-note (file)
  "Begin a note in FILE, with its headings and blanks to fill."
  (interactive "FFile of the new note: ")
  (let ((file (if (file-name-extension file) file (concat file ".soap"))))
    (when (file-exists-p file)
      (user-error "There is a file of that name; soapstone-next-visit adds a visit to a chart"))
    (find-file file)
    (unless (zerop (call-process soapstone-program nil t nil "new"))
      (erase-buffer)
      (insert "visit: " (format-time-string "%F") "\nS: \nO: \nA: \nP: \nsigned: \n"))
    (goto-char (point-min))
    (when (search-forward "___" nil t)
      (goto-char (match-beginning 0)))))

(provide 'soapstone)
;;; soapstone.el ends here
