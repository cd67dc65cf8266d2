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
(declare-function lsp-deferred "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
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
(defvar lsp-language-id-configuration)
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

(defcustom soapstone-client 'eglot
  "The package that talks with the server.
With lsp-mode there are its commands for all that it has, and none of
Soapstone's own."
  :type '(choice (const eglot) (const lsp-mode)))

(defcustom soapstone-start t
  "Whether notes are checked as soon as they are opened.
If not, \\[eglot] begins it."
  :type 'boolean)

;;;; The mode

;; What a line's first words make of it, as grammar/grammar.js has it.  Case counts in these: `A)' is a
;; heading and `a)' begins a list.

(defun soapstone--any-case (&rest words)
  "A regexp for WORDS in any case, a space in them being any blanks."
  (let ((letter (lambda (char)
                  (let ((up (upcase char)))
                    (cond ((eq char ?\s) "[ \t]+")
                          ((eq up char) (regexp-quote (char-to-string char)))
                          (t (format "[%c%c]" char up)))))))
    (concat "\\(?:" (mapconcat (lambda (word) (mapconcat letter word "")) words "\\|") "\\)")))

(defconst soapstone--bullet "\\(?:\\(?:[-•*●▪◦‣·–—]\\|[0-9]\\{1,2\\}[.)]\\)[ \t]+\\)?")

(defconst soapstone--date
  (let ((month (concat (soapstone--any-case "jan" "feb" "mar" "apr" "may" "jun" "jul" "aug" "sep" "oct"
                                            "nov" "dec")
                       "[a-z]*\\.?"))
        (day "[0-9]\\{1,2\\}\\(?:st\\|nd\\|rd\\|th\\)?"))
    (concat "\\(?:" (soapstone--any-case "mon" "tue" "wed" "thu" "fri" "sat" "sun") "[a-z]*[.,]*[ \t]+\\)?"
            "\\(?:[0-9]\\{4\\}-[0-9]\\{1,2\\}-[0-9]\\{1,2\\}"
            "\\|[0-9]\\{1,2\\}[-/.][0-9]\\{1,2\\}[-/.]\\(?:[0-9]\\{4\\}\\|[0-9]\\{2\\}\\)"
            "\\|" month "[ \t]+" day "\\(?:,[ \t]*\\|[ \t]+\\)[0-9]\\{4\\}"
            "\\|" day "[ \t]+" month ",?[ \t]+[0-9]\\{4\\}\\)")))

(defconst soapstone--visit-names
  (soapstone--any-case "visit" "dos" "d.o.s" "d.o.s." "date of service" "dates of service"
                       "date(s) of service" "service date" "service date(s)" "visit date"
                       "date of visit" "encounter date" "date of encounter" "treatment date"
                       "session date" "date seen")
  "What the day of a visit is called.")

(defconst soapstone--dated-names
  (soapstone--any-case "date" "date of treatment" "date of session" "date of evaluation" "evaluation date"
                       "appointment date" "tx date" "date treated" "seen on" "date/time" "date & time"
                       "date and time" "daily note" "daily treatment note" "progress note"
                       "treatment note" "visit note" "soap note")
  "What the day of a visit is called only before a date.")

(defconst soapstone--counted-visit
  (concat (soapstone--any-case "visit" "session") "[ \t]*\\(?:#[ \t]*\\)?[0-9]\\{1,3\\}"
          "\\(?:[ \t]*\\(?:" (soapstone--any-case "of") "\\|/\\)[ \t]*[0-9]\\{1,3\\}\\)?"))

(defconst soapstone--markup "\\(?:#\\{1,6\\}[ \t]+\\)?[*_]\\{0,3\\}")

(defconst soapstone--visit-key
  (concat "^[ \t]*\\(" soapstone--bullet soapstone--markup soapstone--visit-names "\\)[ \t]?:[*_]\\{0,3\\}")
  "What a visit begins with; its date may follow.")

(defconst soapstone--visit-and-date
  (let ((name (concat "\\(?:" soapstone--visit-names "\\|" soapstone--dated-names "\\)")))
    (concat "^[ \t]*\\(" soapstone--bullet soapstone--markup
            "\\(?:" name "[ \t]*[-–—=]"
            "\\|" soapstone--counted-visit "[ \t]*[-–—(]\\)[ \t]*" soapstone--date
            "\\|\\(?:" name "\\|" soapstone--counted-visit ",?\\)[ \t]+" soapstone--date "[ \t]*$\\)"))
  "What begins a visit only because of the date in it.")

(defconst soapstone--dated-key
  (concat "^[ \t]*\\(" soapstone--bullet soapstone--markup
          "\\(?:" soapstone--dated-names "\\|" soapstone--counted-visit "\\)\\)[ \t]*:[*_]\\{0,3\\}"
          "[ \t]*\\(" soapstone--date "\\)")
  "What begins a visit only because a date follows.")

(defconst soapstone--visit
  (concat "\\(?:" soapstone--visit-key "\\|" soapstone--dated-key "\\|" soapstone--visit-and-date "\\)"))

(defconst soapstone--section
  (let ((name (concat "\\(?:\\(?:#\\{1,6\\}\\|[-•*●]\\|[0-9]\\{1,2\\}[.)]\\|[IVX]\\{1,4\\}[.)]\\|[SOAP][.]\\)[ \t]*\\)?"
                      "[*_]\\{0,3\\}"
                      (soapstone--any-case "subjective" "objective" "assessment" "plan" "treatment plan"
                                           "treatment" "tx" "interventions" "procedures")
                      "\\(?:[ \t]+"
                      (soapstone--any-case "findings" "today" "provided" "performed" "rendered" "notes" "note"
                                           "section")
                      "\\)?\\(?:[ \t]*([SOAPsoap])\\)?[*_]\\{0,3\\}")))
    (concat "^[ \t]*\\(?:\\(?1:"
            name "\\)[ \t]?:[*_]\\{0,3\\}"
            "\\|\\(?1:[SOAPsoap]\\)[ \t]?:"
            "\\|\\(?1:([SOAP])\\|[SOAP])\\)\\(?:[ \t]*:\\)?"
            "\\|\\(?1:[SOAP][ \t]*="
            "\\|" name "[ \t]*$"
            "\\|[SOAP]\\.[ \t]*$\\)"
            "\\|\\(?1:[SOAP][ \t]*[-–—]\\)[ \t]\\)")))

(defconst soapstone--indented-treatment
  (concat "^[ \t]+\\(" (soapstone--any-case "treatment" "tx" "intervention" "interventions") "\\)[ \t]?:")
  "Below a block it says what was done; elsewhere it begins a section.")

(defconst soapstone--code
  (concat "^[ \t]*\\(" soapstone--bullet
          "\\(?:" (soapstone--any-case "cpt" "hcpcs" "cpt code" "hcpcs code" "procedure code" "billing code" "code")
          "[ \t]*[:#]?[ \t]+\\)?"
          "\\(?:[0-9]\\{5\\}\\|[A-Za-z][0-9]\\{4\\}\\)\\)"))

(defconst soapstone--no-code "[0-9a-wyz.'’\"!<>=@*#%$^]\\|[-‑–][0-9]\\{4\\}"
  "What makes of a code's five characters a number, a postal code or a word.")

(defconst soapstone--key
  ;; One to five words, then perhaps a number: `goal 1:'.
  (let ((word "[[:alpha:]/][[:alpha:]/'’-]*\\(?:-[0-9]\\{1,2\\}\\)?"))
    (concat "^[ \t]*\\(" soapstone--bullet word "\\(?:[ \t]+" word "\\)\\{0,4\\}"
            "\\(?:[ \t]*#?[0-9]\\{1,3\\}\\|[ \t]*#\\|[ \t]*([A-Za-z]+)\\)?\\)[ \t]?:\\(?:[ \t]\\|$\\)")))

(defconst soapstone--no-key (concat "^[ \t]*" soapstone--bullet soapstone--dated-names "[ \t]?:[ \t]*[^ \t\n]")
  "What is like a field and none: `date: soon'.")

(defconst soapstone--margin-field
  (concat "^[ \t]*" soapstone--bullet
          (soapstone--any-case
           "patient" "patient name" "patient id" "client" "client name" "pt" "name" "mrn" "account"
           "account number" "chart number"
           "payer" "payor" "insurer" "insurance" "insurance plan" "insurance company" "ins" "carrier" "plan name"
           "primary insurance" "primary payer" "secondary insurance" "secondary payer" "health plan"
           "provider" "therapist" "clinician" "treated by" "treating therapist" "treating provider" "practitioner"
           "rendering provider" "massage therapist" "physical therapist" "occupational therapist" "chiropractor"
           "goal" "goals" "stg" "stgs" "ltg" "ltgs" "short term goal" "short-term goal" "short term goals"
           "short-term goals" "long term goal" "long-term goal" "long term goals" "long-term goals"
           "functional goal" "functional goals" "treatment goals" "patient goals" "therapy goals"
           "goals of treatment" "goals of care"
           "session" "session time" "total time" "total treatment time" "treatment time" "total session time"
           "time in" "time out" "time in/out" "start time" "end time" "duration" "duration of session"
           "total minutes" "total direct time" "visit duration"
           "timed minutes" "total timed" "ttm" "ttcm" "total timed minutes" "total timed code minutes"
           "total timed code treatment minutes" "timed code treatment minutes" "timed code minutes"
           "direct one-on-one minutes"
           "referral" "rx" "prescription" "order" "script" "referring provider" "referring physician" "referred by"
           "authorization" "authorisation" "auth" "auth number" "prior authorization" "authorized visits"
           "authorised visits"
           "plan of care" "poc" "certification" "cert" "certification period" "cert period" "poc dates"
           "limitation" "limitations" "functional limitation" "functional limitations" "function"
           "functional status" "current level of function"
           "signed" "signature" "/s/" "electronically signed" "electronically signed by"
           "electronically signed and dated by" "e-signed by" "signed by"
           "completed by" "authenticated by" "digitally signed by"
           "addendum")
          "\\(?:[ \t]*#?[0-9]*\\|[ \t]*([A-Za-z]+)\\)[ \t]?:")
  "The fields of a visit or a chart, which are never details of a block.")

(defconst soapstone--more-margin-fields
  (concat "^[ \t]*" soapstone--bullet
          (soapstone--any-case
           "duration of session" "end of session" "health insurance"
           "insurance carrier" "insurance name" "insurance provider" "length of session" "patient goal" "payer name"
           "payer source" "payor source" "prepared by" "primary carrier" "primary ins" "primary insurance carrier"
           "primary insurance company" "primary insurance plan" "primary insurer" "primary payor"
           "rendering clinician" "session length" "sig" "signatures" "start of session" "therapy goal"
           "timed treatment minutes" "total session" "total session minutes" "total therapy minutes"
           "total therapy time" "total timed code treatment" "total timed treatment minutes"
           "total treatment minutes" "total visit minutes" "total visit time" "treating clinician" "treatment goal")
          "\\(?:[ \t]*#?[0-9]*\\|[ \t]*([A-Za-z]+)\\)[ \t]?:")
  "More of them: Emacs takes no regexp of all.")

(defconst soapstone--time "[0-9]\\{1,2\\}:[0-9]\\{2\\}\\(?:[ \t]*[aApP]\\.?[mM]\\.?\\)?")

(defun soapstone--code-p ()
  "Whether the line that begins at point begins with a code: what then matched."
  (and (looking-at soapstone--code)
       (save-excursion
         (goto-char (match-end 1))
         (save-match-data (not (looking-at-p soapstone--no-code))))))

(defun soapstone--heading-p ()
  "Whether the line that begins at point is a heading."
  (let (case-fold-search)
    (or (looking-at-p soapstone--visit) (looking-at-p soapstone--section))))

(defun soapstone--in-block-p ()
  "Whether there is a block above the line at point that it may be a detail of."
  (let (case-fold-search)
    (save-excursion
      (let ((on t) found)
        (while (and on (not found) (zerop (forward-line -1)))
          (cond ((soapstone--code-p) (setq found t))
                ((looking-at-p soapstone--indented-treatment))
                ((or (not (looking-at-p "[ \t]+[^ \t\n]\\|//")) (soapstone--heading-p))
                 (setq on nil))))
        found))))

(defun soapstone--in-field-p ()
  "Whether the line that begins at point goes on with a field above."
  (when (looking-at-p "[ \t]")
    (save-excursion
      (let ((on t) found)
        (while (and on (zerop (forward-line -1)))
          (cond ((looking-at-p "[ \t]*//"))
                ((soapstone--code-p) (setq on nil found nil))
                ((or (looking-at-p "[ \t]*$") (soapstone--heading-p)) (setq on nil))
                (t (when (and (looking-at-p soapstone--key) (not (looking-at-p soapstone--no-key)))
                     (setq found t))
                   (setq on (looking-at-p "[ \t]")))))
        found))))

(defun soapstone--match-code (limit)
  "Find the code of the next block before LIMIT."
  (let (found)
    (while (and (not found) (re-search-forward soapstone--code limit t))
      (setq found (not (save-match-data (looking-at-p soapstone--no-code)))))
    found))

(defun soapstone--match-modifier (_)
  "Find the next modifier; they touch the code, and three letters are a word."
  (let (found)
    (while (and (not found) (looking-at "[-‑–:/]\\([A-Za-z0-9]*\\)"))
      (goto-char (match-end 0))
      (setq found (<= 1 (- (match-end 1) (match-beginning 1)) 2)))
    found))

(defconst soapstone--next-section
  (concat "\\(?:[.!?)]\\|\\]\\)[ \t]+\\(\\(?:SUBJECTIVE\\|OBJECTIVE\\|ASSESSMENT\\|PLAN\\|TREATMENT\\|INTERVENTIONS\\)"
          "\\(?: FINDINGS\\| PLAN\\)?\\):"
          "\\|\\(?:[.!?)]\\|\\]\\|[0-9][ \t]*min\\(?:ute\\)?s?\\)[ \t]+\\([OAP]\\):[ \t]+[^0-9 \t\n]")
  "The next section on the line of another, after a sentence or a time.")

(defun soapstone--match-next-section (limit)
  "Find the next section before LIMIT on the line of another."
  (when (re-search-forward soapstone--next-section limit t)
    (goto-char (or (match-end 1) (match-end 2)))
    t))

(defun soapstone--match-treatment (limit)
  "Find the next `treatment:' before LIMIT that is a block's and no section."
  (let (found)
    (while (and (not found) (re-search-forward soapstone--indented-treatment limit t))
      (setq found (save-match-data
                    (save-excursion (beginning-of-line) (soapstone--in-block-p)))))
    found))

(defun soapstone--match-key (limit)
  "Find the key of the next field before LIMIT."
  (let (found)
    (while (and (not found) (re-search-forward soapstone--key limit t))
      (setq found (save-match-data
                    (save-excursion
                      (beginning-of-line)
                      (not (or (looking-at-p soapstone--no-key) (soapstone--in-field-p)))))))
    found))

(defun soapstone--in-block (regexp)
  "A font-lock rule for REGEXP, but only after the code of a block's line."
  `(soapstone--match-code
    (,regexp (line-end-position) nil (0 font-lock-constant-face))))

(defconst soapstone-font-lock-keywords
  `((soapstone--match-treatment 1 font-lock-variable-name-face)
    (,soapstone--indented-treatment 1 font-lock-keyword-face)
    (,soapstone--visit-and-date 1 font-lock-keyword-face)
    (,soapstone--dated-key (1 font-lock-keyword-face) (2 font-lock-string-face))
    (,soapstone--visit-key 1 font-lock-keyword-face)
    (,soapstone--section
     (1 font-lock-keyword-face)
     (soapstone--match-next-section nil nil
                                    (1 font-lock-keyword-face nil t)
                                    (2 font-lock-keyword-face nil t)))
    (,(concat soapstone--visit-key "[ \t]*\\(" soapstone--date "\\)") 2 font-lock-string-face)
    (soapstone--match-code (1 font-lock-function-name-face)
                           (soapstone--match-modifier nil nil (1 font-lock-builtin-face)))
    (,(concat soapstone--code "\\([A-Z][A-Z0-9]\\)")
     (2 font-lock-builtin-face)
     (soapstone--match-modifier nil nil (1 font-lock-builtin-face)))
    ,(soapstone--in-block (concat soapstone--time "[ \t]*\\(?:[-–—]\\|" (soapstone--any-case "to" "until") "\\)[ \t]*"
                                  soapstone--time))
    ,(soapstone--in-block (concat "\\_<[~≈]?[0-9]+\\(?:\\.[0-9]+\\)?[ \t]*\\(?:"
                                  (soapstone--any-case "m" "min" "mins" "minute" "minutes") "\\_>\\|['’′]\\)"))
    ,(soapstone--in-block (concat "\\_<" (soapstone--any-case "dx") ":?[ \t]+[A-Za-z][0-9][0-9A-Za-z.]+"))
    ,(soapstone--in-block (concat "\\_<\\(?:[xX×][ \t]?[0-9]\\{1,2\\}\\|[0-9]\\{1,2\\}[ \t]*"
                                  (soapstone--any-case "u" "unit" "units") "\\)\\_>"))
    (soapstone--match-key 1 font-lock-variable-name-face))
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
    (define-key map (kbd "C-c C-b") #'soapstone-next-blank)
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
    ["Next blank" soapstone-next-blank]
    ["Previous blank" soapstone-previous-blank]
    ["Put into the usual form" eglot-format-buffer]
    "---"
    ["Import this text..." soapstone-import]
    ["Explain a rule..." soapstone-explain]
    ["How this note is judged" soapstone-status]
    ["Begin a new note..." soapstone-new-note]
    "---"
    ["Start again" eglot-reconnect]))

(defun soapstone--at-the-margin-p ()
  "Whether this line begins something that is no detail of a block."
  (let (case-fold-search)
    (save-excursion
      (beginning-of-line)
      (cond ((looking-at-p soapstone--indented-treatment) (not (soapstone--in-block-p)))
            ((or (soapstone--heading-p) (soapstone--code-p)) t)
            (t (and (or (looking-at-p soapstone--margin-field) (looking-at-p soapstone--more-margin-fields)) (soapstone--in-block-p)))))))

(defun soapstone--indentation ()
  "Where this line should begin: to the right of a code above, else as that line."
  (let (case-fold-search)
    (save-excursion
      (cond ((soapstone--at-the-margin-p) 0)
            ((not (zerop (forward-line -1))) 0)
            ((looking-at-p "[ \t]*$") 0)
            ((soapstone--code-p) (+ (current-indentation) 2))
            ((and (soapstone--heading-p) (not (looking-at-p soapstone--indented-treatment))) 0)
            (t (current-indentation))))))

(defun soapstone-indent-line ()
  "Indent below a block's code by two; elsewhere as the line above.
Headings and fields of the visit go to the margin as soon as they can be read.
TAB a second time goes back to the margin."
  (interactive)
  (let ((wanted (soapstone--indentation))
        (asked (eq this-command 'indent-for-tab-command)))
    (cond ((and asked (eq last-command this-command) (= (current-indentation) wanted))
           (indent-line-to 0))
          ((> (current-column) (current-indentation))
           ;; What was typed stays where it is, unless it has turned out to be a heading.
           (when (or asked (soapstone--at-the-margin-p))
             (save-excursion (indent-line-to wanted))))
          (t (indent-line-to wanted)))))

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
              electric-indent-chars '(?\n ?:)
              tab-width 2
              ;; A sentence is one line, however long.
              word-wrap t
              truncate-lines nil
              normal-auto-fill-function #'ignore
              fill-paragraph-function #'soapstone--do-not-fill
              outline-regexp (concat "\\(?:" soapstone--visit "\\|" soapstone--section "\\)")
              outline-level #'soapstone--outline-level
              imenu-case-fold-search nil
              imenu-generic-expression
              `(("Visits" ,(concat soapstone--visit-key "[ \t]*\\(.+\\)$") 2)
                ("Visits" ,soapstone--dated-key 2)
                ("Visits" ,soapstone--visit-and-date 1)))
  (when soapstone-start
    (soapstone--start)))

(defun soapstone--start ()
  "Begin to check this note, or say in a sentence why that cannot be."
  (cond ((and (eq soapstone-client 'lsp-mode) (not (require 'lsp-mode nil t)))
         (message "Soapstone needs the package lsp-mode, as `soapstone-client' says."))
        ((and (eq soapstone-client 'eglot) (not (require 'eglot nil t)))
         (message "Soapstone needs the package Eglot, which Emacs 29 and later include."))
        ((not (executable-find soapstone-program))
         (message "This note is not checked: the program \"%s\" is not on your PATH. Put it there, or set `soapstone-program' to where it is."
                  soapstone-program))
        ((eq soapstone-client 'lsp-mode) (lsp-deferred))
        (t (eglot-ensure))))

;;;###autoload
(define-derived-mode soapnote-mode text-mode "SOAP note"
  "A chart note: visits, sections, fields, and blocks of treatment."
  (setq-local font-lock-defaults '(soapstone-font-lock-keywords)
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
  (let ((date (or (treesit-search-subtree node "\\`date\\'" nil nil 2)
                  (treesit-search-subtree node "\\`visit_key\\'" nil nil 2)))
        case-fold-search)
    (if (and date (string-match soapstone--date (treesit-node-text date t)))
        (match-string 0 (treesit-node-text date t))
      "no date")))

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

;; lsp-mode does without Eglot: see `soapstone-client'.
(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(soapnote-mode . "soapnote"))
  (add-to-list 'lsp-language-id-configuration '(soapnote-ts-mode . "soapnote"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection #'soapstone--contact)
                    :activation-fn (lsp-activate-on "soapnote")
                    :server-id 'soapstone)))

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
With a prefix argument, or if EMPTY, only its headings.  Where the chart has a
visit of that day already, you are asked."
  (interactive "P")
  (soapstone--next-visit (if empty "empty" "carried")))

(defun soapstone--next-visit (kind &optional anyway)
  "Begin a visit of KIND; ANYWAY, also on a day that has one."
  (let ((before (buffer-chars-modified-tick))
        ;; It was just asked for; nobody needs to be asked again.
        (eglot-confirm-server-initiated-edits nil)
        (eglot-confirm-server-edits nil)
        answer
        (tries 0))
    ;; The edit comes on its own, after the answer.  Whoever waits for the answer alone may leave the
    ;; edit lying in older versions of jsonrpc, which stop reading there.
    (jsonrpc-async-request
     (soapstone--up-to-date-server) :workspace/executeCommand
     (soapstone--call "nextVisit" (append (list (soapstone--address) kind) (and anyway '("anyway"))))
     :success-fn (lambda (said) (setq answer said)))
    (while (and (= before (buffer-chars-modified-tick))
                (not (soapstone--there answer))
                (< tries 300))
      (setq tries (1+ tries))
      (accept-process-output nil 0.1))
    (cond ((soapstone--there answer)
           (if (y-or-n-p (format "The chart has a visit of %s already.  Add another? "
                                 (plist-get answer :day)))
               (soapstone--next-visit kind t)
             (soapstone--go-to (plist-get (soapstone--there answer) :start))))
          ((= before (buffer-chars-modified-tick))
           (message "The next visit could not be started."))
          (t (goto-char (point-max))
             (re-search-backward soapstone--visit nil t)))))

(defun soapstone--there (answer)
  "The visit that ANSWER says to be there already, if it is."
  (and (consp answer) (not (eq (plist-get answer :added) t)) (plist-get answer :there)))

(defun soapstone--go-to (position)
  "Go to POSITION of the protocol, and answer where that is."
  (push-mark nil t)
  (goto-char (soapstone--point position)))

(defun soapstone--point (position)
  "Where POSITION of the protocol is; it counts an emoji twice."
  (save-excursion
    (goto-char (point-min))
    (forward-line (plist-get position :line))
    (let ((left (plist-get position :character)))
      (while (and (> left 0) (not (eolp)))
        (setq left (- left (if (> (char-after) #xffff) 2 1)))
        (forward-char)))
    (point)))

(defun soapstone-next-blank (&optional backwards)
  "Go to the next blank to fill, and mark it; BACKWARDS, to the one before.
What is typed takes its place."
  (interactive "P")
  (let* ((from (cond ((not (use-region-p)) (point))
                     (backwards (region-beginning))
                     (t (region-end))))
         (range (soapstone--ask :soapstone/nextBlank
                                (append (save-excursion
                                          (goto-char from)
                                          (soapstone--here))
                                        (list :backwards (if backwards t :json-false))))))
    (if (null range)
        (message "No blank is left in this note.")
      (delete-selection-mode 1)
      (goto-char (soapstone--point (plist-get range :end)))
      (push-mark (soapstone--point (plist-get range :start)) t t)
      ;; The blank is marked from its end, so that point stands where one types.
      (exchange-point-and-mark))))

(defun soapstone-previous-blank ()
  "Go to the blank before, and mark it."
  (interactive)
  (soapstone-next-blank t))

(defun soapstone-next-visit-empty ()
  "Begin the chart's next visit with its headings alone."
  (interactive)
  (soapstone-next-visit t))

(defun soapstone-import (beg end)
  "Make a note of the text between BEG and END: of the region, else of the buffer.
What is recognized is shown before, and one undo takes it back."
  (interactive (if (use-region-p)
                   (list (region-beginning) (region-end))
                 (list (point-min) (point-max))))
  (let* ((text (buffer-substring-no-properties beg end))
         (answer (soapstone--ask :soapstone/import
                                 (list :textDocument (list :uri (soapstone--address)) :text text)))
         (note (plist-get answer :text))
         (summary (plist-get answer :summary)))
    (soapstone--show "*Import*"
                     (concat summary "\n\n"
                             (mapconcat (lambda (row)
                                          (format "%-8s  %s" (plist-get row :kind) (plist-get row :what)))
                                        (plist-get answer :rows) "\n")))
    (when (y-or-n-p (concat summary "  Import? "))
      (atomic-change-group
        (goto-char beg)
        (delete-region beg end)
        (insert (if (string-suffix-p "\n" text) note (string-remove-suffix "\n" note)))))))

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
