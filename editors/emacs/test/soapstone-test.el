;;; soapstone-test.el --- Tests of soapstone.el  -*- lexical-binding: t; -*-

;;; Commentary:

;; `cargo xtask test' runs these in Emacs without a window, with the real language server, whose path
;; is in SOAPSTONE_PROGRAM.

;;; Code:

(require 'package)
(package-initialize)
(require 'ert)
(require 'eglot)
(require 'flymake)
(require 'soapstone)

(setq soapstone-program (or (getenv "SOAPSTONE_PROGRAM") (error "SOAPSTONE_PROGRAM is not set"))
      make-backup-files nil
      create-lockfiles nil
      eglot-sync-connect t
      eglot-connect-timeout 60
      ;; Nobody is there to be asked.
      eglot-confirm-server-initiated-edits nil)
(setenv "SOAPSTONE_TODAY" "2026-11-22")

(defconst soapstone-test-note "payer: medicare
dx: M54.50 low back pain
goal 1: sit at desk 60 minutes with pain 3/10 or less by 2026-12-15

visit: 2026-11-20
session: 10:00-10:35
S: Low back pain 6/10 \U0001F622 déjà vu.
O: Paraspinals tight, flexion 40 degrees.

97140-GP lumbar 10:00-10:25
  technique: joint mobilization
  response: pain 6/10 to 4/10
97110-GP core 10:25-10:32
  technique: hip hinge
  response: steady

A: Sits 40 minutes, was 30, goal 1 \U0001F600 nearer.
P: Weekly for 4 weeks.
signed: A. Rivera, LMT 2026-11-20
")

(defun soapstone-test-wait (condition what)
  "Wait until CONDITION answers something, and give that; fail with WHAT after long."
  (let ((tries 0) found)
    (while (and (not (setq found (funcall condition))) (< tries 600))
      (setq tries (1+ tries))
      (accept-process-output nil 0.1))
    (or found (ert-fail (format "waited too long for %s" what)))))

(defmacro soapstone-test-with (text &rest body)
  "With a note of TEXT in a file of its own, and the server, do BODY."
  (declare (indent 1))
  `(let* ((folder (make-temp-file "soapstone" t))
          (file (expand-file-name "visit.soap" folder))
          (soapstone-start nil))
     (with-temp-file file (insert ,text))
     (unwind-protect
         (progn
           (find-file file)
           (call-interactively #'eglot)
           ,@body)
       (when (eglot-current-server)
         (eglot-shutdown (eglot-current-server)))
       (set-buffer-modified-p nil)
       (kill-buffer)
       (delete-directory folder t))))

(defun soapstone-test-type (&rest words)
  "Type WORDS, and rest for a moment as a person does: the server hears of changes then."
  (apply #'insert words)
  (eglot--signal-textDocument/didChange))

(defun soapstone-test-findings ()
  "The findings of this note as (RULE WORDS), the words being those underlined."
  (eglot--signal-textDocument/didChange)
  (flymake-start)
  (mapcar (lambda (finding)
            (let ((text (flymake-diagnostic-text finding)))
              (list (and (string-match "\\[\\([a-z-]+\\)\\]" text) (match-string 1 text))
                    (buffer-substring-no-properties (flymake-diagnostic-beg finding)
                                                    (flymake-diagnostic-end finding)))))
          (flymake-diagnostics)))

(defun soapstone-test-await (rule)
  "Wait for a finding of RULE, and give the words it underlines."
  (cadr (soapstone-test-wait (lambda () (assoc rule (soapstone-test-findings))) rule)))

(defun soapstone-test-await-none (rule)
  "Wait until there is no finding of RULE."
  (soapstone-test-wait (lambda () (not (assoc rule (soapstone-test-findings))))
                       (concat rule " to vanish")))

(defun soapstone-test-face (words)
  "The face of the first of WORDS in this buffer."
  (save-excursion
    (goto-char (point-min))
    (search-forward words)
    (get-text-property (match-beginning 0) 'face)))

(ert-deftest soapstone-test-compiles ()
  "There is not one warning."
  (let ((byte-compile-error-on-warn t)
        (byte-compile-dest-file-function (lambda (_) (make-temp-file "soapstone" nil ".elc"))))
    (should (byte-compile-file (locate-library "soapstone.el")))))

(ert-deftest soapstone-test-mode ()
  "A note gets the mode and its colours; prose keeps its own."
  (let ((soapstone-start nil))
    (with-temp-buffer
      (insert soapstone-test-note "// a remark https://x\nThe T: 97140 was 10:00-10:25 late.\n")
      (setq buffer-file-name "/nowhere/visit.soap")
      (set-auto-mode)
      (should (eq major-mode 'soapnote-mode))
      (font-lock-ensure)
      (should (eq (soapstone-test-face "visit:") 'font-lock-keyword-face))
      (should (eq (soapstone-test-face "2026-11-20") 'font-lock-string-face))
      (should (eq (soapstone-test-face "S:") 'font-lock-keyword-face))
      (should (eq (soapstone-test-face "payer:") 'font-lock-variable-name-face))
      (should (eq (soapstone-test-face "goal 1:") 'font-lock-variable-name-face))
      (should (eq (soapstone-test-face "technique:") 'font-lock-variable-name-face))
      (should (eq (soapstone-test-face "97140") 'font-lock-function-name-face))
      (should (eq (soapstone-test-face "GP") 'font-lock-builtin-face))
      (should (eq (soapstone-test-face "10:00-10:35") nil))
      (should (eq (soapstone-test-face "10:00-10:25 late") nil))
      (should (eq (soapstone-test-face "10:25-10:32") 'font-lock-constant-face))
      (should (eq (soapstone-test-face "lumbar") nil))
      (should (eq (soapstone-test-face "a remark") 'font-lock-comment-face))
      (should (eq (soapstone-test-face "déjà") nil))
      (should (eq (soapstone-test-face "late.") nil))
      (setq buffer-file-name nil))))

;; What `cargo xtask highlights' says that the tree-sitter grammar colours, by the colours' names there.

(defconst soapstone-test-faces
  '(("markup.heading.1" . font-lock-keyword-face)
    ("markup.heading.2" . font-lock-keyword-face)
    ("string.special" . font-lock-string-face)
    ("property" . font-lock-variable-name-face)
    ("function" . font-lock-function-name-face)
    ("attribute" . font-lock-builtin-face)))

(ert-deftest soapstone-test-colours-are-the-grammars ()
  "What a line's first words decide has the colour that the grammar gives it."
  (let ((notes (with-temp-buffer
                 (insert-file-contents (or (getenv "SOAPSTONE_HIGHLIGHTS") (error "SOAPSTONE_HIGHLIGHTS is not set")))
                 (json-parse-buffer :array-type 'list)))
        (soapstone-start nil)
        wrong
        (compared 0))
    (should (> (length notes) 100))
    (dolist (note notes)
      (with-temp-buffer
        (soapnote-mode)
        (insert (replace-regexp-in-string "\r\n?" "\n" (gethash "text" note)))
        (font-lock-ensure)
        (dolist (span (gethash "spans" note))
          (pcase-let ((`(,line ,from ,to ,capture) span))
            (goto-char (point-min))
            (forward-line line)
            (when-let ((face (cdr (assoc capture soapstone-test-faces))))
              (setq compared (1+ compared))
              ;; Columns are those of UTF-16, which counts an emoji twice.
              (let* ((here (point))
                     (at (lambda (column)
                           (let ((at here) (left column))
                             (while (> left 0)
                               (setq left (- left (if (> (char-after at) #xffff) 2 1)) at (1+ at)))
                             at)))
                     (beg (funcall at from))
                     (end (funcall at to)))
                (unless (and (eq (get-text-property beg 'face) face)
                             (eq (get-text-property (1- end) 'face) face)
                             (not (eq (get-text-property end 'face) face)))
                  (push (format "%s:%d: %s %s" (gethash "name" note) (1+ line) capture
                                (buffer-substring-no-properties here (line-end-position)))
                        wrong))))))
        ;; And no line begins with a colour that the grammar does not give.
        (goto-char (point-min))
        (let ((row 0))
          (while (not (eobp))
            (skip-chars-forward " \t")
            (let ((face (get-text-property (point) 'face)))
              (when (and face (rassq face soapstone-test-faces) (not (eolp))
                         (not (seq-some (lambda (span)
                                          (and (= (car span) row)
                                               (eq (cdr (assoc (nth 3 span) soapstone-test-faces)) face)))
                                        (gethash "spans" note))))
                (push (format "%s:%d: %s too much: %s" (gethash "name" note) (1+ row) face
                              (buffer-substring-no-properties (line-beginning-position) (line-end-position)))
                      wrong)))
            (forward-line 1)
            (setq row (1+ row))))))
    (should (> compared 2000))
    (should (equal (nreverse wrong) nil))))

(ert-deftest soapstone-test-indentation ()
  "The details of a block stand two to the right of its code, until a blank line."
  (let ((soapstone-start nil))
    (with-temp-buffer
      (soapnote-mode)
      (electric-indent-local-mode 1)
      (let ((last-command-event ?\n))
        (insert "97140 lumbar 10:00-10:25")
        (newline nil t)
        (insert "technique: x")
        (newline nil t)
        (insert "response: y")
        (newline nil t)
        (newline nil t)
        (insert "A: better")
        (newline nil t)
        (insert "P: weekly"))
      (should (equal (replace-regexp-in-string "[ \t]+$" "" (buffer-string))
                     "97140 lumbar 10:00-10:25\n  technique: x\n  response: y\n\nA: better\nP: weekly")))))

;; What a person does at the keyboard, key by key, with what Emacs does by itself after each.

(defun soapstone-test-keys (text)
  "Press the keys of TEXT one after the other in this buffer."
  (electric-indent-local-mode 1)
  (dolist (key (append text nil))
    (setq last-command-event key
          last-command this-command
          this-command (if (eq key ?\n) 'newline 'self-insert-command))
    (if (eq key ?\n) (newline 1 t) (self-insert-command 1 key))))

(defun soapstone-test-typed (text)
  "What stands in a note after the keys of TEXT."
  (let ((soapstone-start nil))
    (with-temp-buffer
      (soapnote-mode)
      (soapstone-test-keys text)
      (buffer-string))))

(defun soapstone-test-documented (file)
  "The notes that FILE of the documentation shows, each as its text."
  (with-temp-buffer
    (insert-file-contents file)
    (let (notes)
      (while (re-search-forward "^```soap\n\\(\\(?:.*\n\\)*?\\)```" nil t)
        (push (match-string 1) notes))
      (nreverse notes))))

(defun soapstone-test-read (text)
  "The claim and the findings of TEXT as the program reads them from a file."
  (let* ((folder (make-temp-file "soapstone" t))
         (default-directory (file-name-as-directory folder)))
    (unwind-protect
        (progn
          (with-temp-file "visit.soap" (insert text))
          (mapcar (lambda (what)
                    (with-temp-buffer
                      (call-process soapstone-program nil t nil what "--output-format"
                                    (if (equal what "check") "concise" "json") "visit.soap")
                      (buffer-string)))
                  '("claim" "check")))
      (delete-directory folder t))))

(ert-deftest soapstone-test-typed-top-to-bottom ()
  "The notes of the documentation lose nothing when a person types them line after line."
  (let* ((root (expand-file-name "../.." (file-name-directory (locate-library "soapstone.el"))))
         (notes (append (soapstone-test-documented (expand-file-name "docs/editors/emacs.md" root))
                        (soapstone-test-documented (expand-file-name "README.md" root)))))
    (should (= (length notes) 3))
    (dolist (note notes)
      ;; Nobody types the blanks before a line that the editor has indented.
      (let* ((typed (soapstone-test-typed (replace-regexp-in-string "^ +" "" note)))
             (read (soapstone-test-read typed)))
        (should (string-match-p "97[0-9]\\{3\\}" (car read)))
        (should (equal read (soapstone-test-read note)))
        (should (equal (string-trim-right typed) (string-trim-right note)))))))

(ert-deftest soapstone-test-what-leaves-a-block ()
  "A heading and a field of the visit go to the margin while they are typed; a block's details stay."
  (let ((block "97140 neck\n  technique: pressing\n"))
    (dolist (line '("A: better" "(S) sore" "S - sore" "Subjective (S): sore" "OBJECTIVE FINDINGS: soft"
                    "Subjective" "## Plan" "**Assessment:** better" "treatment plan: weekly"
                    "visit: 2026-11-21" "visit 11/21/26" "Date: 11/21/2026" "service date: 11/21/2026"
                    "- 97110 GP 25 min" "CPT 97110 25 min" "97110: 25 min" "G0283 10 min"
                    "goal 1: sit" "STG #2: sit" "payer: medicare" "Total time (min): 40" "signed: A. Rivera"
                    "/s/: A. Rivera" "time in: 10:00" "addendum: none"))
      (should (equal (soapstone-test-typed (concat "97140 neck\ntechnique: pressing\n" line "\n" "x"))
                     (concat block line "\n"
                             (if (string-match-p "[0-9]\\{4\\} \\|97110" line) "  x" "x")))))
    (dolist (line '("response: softer" "treatment: heat" "Tx: heat" "interventions: heat" "region: neck"
                    "time: 10:00-10:25" "dx: M54.2" "diagnosis: M54.2" "note: S: is said" "area: neck"
                    "a) hip hinge" "Plan for the week" "98% of motion" "98101-4423" "1. bridges"
                    "Date: soon" "visit went well" "waive: x because y" "tolerance: good" "position: prone"))
      (should (equal (soapstone-test-typed (concat "97140 neck\ntechnique: pressing\n" line "\n" "x"))
                     (concat block "  " line "\n  x"))))))

(ert-deftest soapstone-test-labels ()
  "Every label that the server knows stands where the server has it: in the block or at the margin."
  (let ((file (expand-file-name "../../server/data/labels.tsv"
                                (file-name-directory (locate-library "soapstone.el"))))
        (count 0))
    (with-temp-buffer
      (insert-file-contents file)
      (re-search-forward "^key\tlabels\n")
      (while (re-search-forward "^\\(.+\\)\t\\(.+\\)$" nil t)
        (let* ((key (match-string 1))
               (detail (member key '("dx" "technique" "response" "region" "time" "note" "waive"))))
          (dolist (label (split-string (match-string 2) "; "))
            ;; A date has to follow those.
            (unless (equal key "day")
              (let ((line (concat (replace-regexp-in-string "\\bN\\b" "1" label) ":")))
                (setq count (1+ count))
                (should (equal (soapstone-test-typed (concat "97140 neck\n" line))
                               (concat "97140 neck\n" (if detail "  " "") line)))))))))
    (should (> count 100))))

(ert-deftest soapstone-test-lines-stay ()
  "Neither filling nor typing breaks a line, whatever is switched on for other text."
  (let ((soapstone-start nil)
        (long (concat "goal 1: " (make-string 40 ?x) " " (make-string 60 ?y) " z")))
    (with-temp-buffer
      (let ((text-mode-hook '(turn-on-auto-fill)))
        (soapnote-mode))
      (insert long)
      (let ((last-command-event ?\s))
        (self-insert-command 1))
      (fill-paragraph)
      (should (equal (buffer-string) (concat long " "))))))

(ert-deftest soapstone-test-no-program ()
  "Without the program a sentence says what to do."
  (let ((soapstone-program "soapstone-that-is-not-there") said)
    (cl-letf (((symbol-function 'message)
               (lambda (format &rest rest) (setq said (apply #'format format rest)))))
      (with-temp-buffer (soapnote-mode)))
    (should (string-match-p "is not on your PATH" said))
    (should (string-match-p "soapstone-that-is-not-there" said))))

(ert-deftest soapstone-test-starts-by-itself ()
  "A note that is opened is checked, with nothing else done."
  (let* ((folder (make-temp-file "soapstone" t))
         (file (expand-file-name "visit.soap" folder)))
    (with-temp-file file (insert soapstone-test-note))
    (unwind-protect
        (progn
          (find-file file)
          ;; What Emacs does after each command.
          (run-hooks 'post-command-hook)
          (soapstone-test-wait #'eglot-current-server "the server")
          (should (equal (soapstone-test-await "under-eight-minutes") "10:25-10:32")))
      (when (eglot-current-server)
        (eglot-shutdown (eglot-current-server)))
      (kill-buffer)
      (delete-directory folder t))))

(ert-deftest soapstone-test-findings-and-actions ()
  "A finding underlines its very words, and what mends it makes it vanish."
  (soapstone-test-with soapstone-test-note
    (should (equal (soapstone-test-await "under-eight-minutes") "10:25-10:32"))
    (goto-char (point-min))
    (search-forward "97110-GP core 10:25-10:3")
    (delete-char 1)
    (insert "5")
    (soapstone-test-await-none "under-eight-minutes")
    ;; A change after an emoji is where it was made.
    (goto-char (point-min))
    (search-forward "nearer.")
    (insert " Call 206-454-0142.")
    (should (equal (soapstone-test-await "patient-identifier") "206-454-0142"))))

(ert-deftest soapstone-test-fix-is-applied ()
  "An offer of the light bulb changes the note as its title says."
  (soapstone-test-with (replace-regexp-in-string "\\`.*\n" "" soapstone-test-note)
    (goto-char (point-min))
    (search-forward "signed:")
    (delete-region (line-beginning-position) (point-max))
    (soapstone-test-await "missing-signature")
    (let* ((finding (car (seq-filter
                          (lambda (d) (string-match-p "missing-signature" (flymake-diagnostic-text d)))
                          (flymake-diagnostics))))
           (actions (eglot-code-actions (flymake-diagnostic-beg finding)
                                        (flymake-diagnostic-end finding)))
           (action (seq-find (lambda (a) (string-match-p "sign" (plist-get a :title)))
                             (append actions nil))))
      (should action)
      (eglot--apply-workspace-edit (plist-get action :edit))
      (should (string-match-p "^signed: " (buffer-string))))))

(ert-deftest soapstone-test-answers ()
  "Hover, completion, outline, rename and the usual form work."
  (soapstone-test-with soapstone-test-note
    (goto-char (point-min))
    (search-forward "9714")
    (should (string-match-p "manual" (downcase (format "%S" (jsonrpc-request
                                                             (eglot-current-server) :textDocument/hover
                                                             (eglot--TextDocumentPositionParams))))))
    (goto-char (point-min))
    (search-forward "payer: ")
    (delete-region (point) (line-end-position))
    (let* ((capf (eglot-completion-at-point))
           (words (all-completions "" (nth 2 capf))))
      (should (seq-some (lambda (word) (string-match-p "medicare" word)) words)))
    (soapstone-test-type "medicare")
    (should (string-match-p "2026-11-20" (format "%S" (imenu--make-index-alist))))
    (goto-char (point-min))
    (search-forward "goal ")
    (eglot-rename "2")
    (should (string-match-p "^goal 2: " (buffer-string)))
    (should (string-match-p "goal 2 \U0001F600 nearer" (buffer-string)))
    (goto-char (point-min))
    (search-forward "visit: ")
    (delete-region (point) (line-end-position))
    (soapstone-test-type "11/20/2026")
    (eglot-format-buffer)
    (should (string-match-p "^visit: 2026-11-20$" (buffer-string)))))

(ert-deftest soapstone-test-commands ()
  "The claim, its lines, the status, a rule's page and the next visit are one command away."
  (soapstone-test-with soapstone-test-note
    (goto-char (point-min))
    (search-forward "97140")
    (soapstone-claim)
    (with-current-buffer "*Claim*"
      (should (string-match-p "97140" (buffer-string)))
      (should (string-match-p "2 units" (buffer-string))))
    (soapstone-copy-claim-lines)
    (should (string-match-p "97140\tGP\t2\tA" (current-kill 0)))
    (should (string-match-p "Payer: medicare\\. .*8-minute" (soapstone-status)))
    (soapstone-explain "under-eight-minutes")
    (with-current-buffer "*Rule*"
      (should (string-match-p "Why it matters" (buffer-string))))
    (soapstone-test-await "under-eight-minutes")
    (goto-char (point-min))
    (search-forward "10:25-10:3")
    (should (equal (soapstone--rule-here) "under-eight-minutes"))
    (soapstone-next-visit)
    (should (looking-at "visit: "))
    (should (> (point) (length soapstone-test-note)))
    (should (save-excursion (search-forward "97140-GP lumbar" nil t)))
    ;; Typed a moment ago, and already counted.
    (goto-char (point-min))
    (search-forward "97140-GP lumbar 10:00-10:")
    (delete-char 2)
    (insert "45")
    (soapstone-copy-claim-lines)
    (should (string-match-p "97140\tGP\t3\tA" (current-kill 0)))))

(ert-deftest soapstone-test-day-that-has-a-visit ()
  "A next visit on a day that has one is asked for first."
  (soapstone-test-with (replace-regexp-in-string "2026-11-20$" "2026-11-22" soapstone-test-note)
    (let ((before (buffer-string)) asked)
      (cl-letf (((symbol-function 'y-or-n-p) (lambda (prompt) (setq asked prompt) nil)))
        (soapstone-next-visit))
      (should (string-match-p "has a visit of 2026-11-22 already" asked))
      (should (equal before (buffer-string)))
      (should (looking-at "visit: 2026-11-22"))
      (cl-letf (((symbol-function 'y-or-n-p) #'always))
        (soapstone-next-visit))
      (should (looking-at "visit: 2026-11-22"))
      (should (> (point) (length before))))))

(ert-deftest soapstone-test-blanks ()
  "A key goes from blank to blank, and what is typed takes their places."
  (soapstone-test-with "patient: ___\nvisit: 2026-11-20\nS: Pain ___/10 \U0001F622 in ___.\n"
    (transient-mark-mode 1)
    (goto-char (point-min))
    (dolist (wanted '("patient: |___" "S: Pain |___" "S: Pain ___/10 \U0001F622 in |___" "patient: |___"))
      (soapstone-next-blank)
      (should (use-region-p))
      (should (equal wanted (concat (buffer-substring (line-beginning-position) (region-beginning))
                                    "|" (buffer-substring (region-beginning) (region-end))))))
    (soapstone-previous-blank)
    (should (equal (buffer-substring (line-beginning-position) (region-beginning)) "S: Pain ___/10 \U0001F622 in "))))

(defvar lsp-auto-guess-root)
(defvar lsp-restart)
(defvar lsp-log-io)
(defvar lsp-session-file)
(defvar lsp-server-install-dir)
(defvar lsp-enable-file-watchers)
(declare-function lsp "lsp-mode")
(declare-function lsp-diagnostics "lsp-mode")
(declare-function lsp-get "lsp-protocol")
(declare-function lsp-workspaces "lsp-mode")
(declare-function lsp-disconnect "lsp-mode")
(declare-function lsp-workspace-shutdown "lsp-mode")

(ert-deftest soapstone-test-lsp-mode ()
  "Whoever prefers lsp-mode to Eglot has the findings there."
  (unless (require 'lsp-mode nil t)
    (message "skipped: lsp-mode is not installed")
    (ert-skip "lsp-mode is not installed"))
  (let* ((folder (file-name-as-directory (make-temp-file "soapstone" t)))
         (file (expand-file-name "visit.soap" folder))
         (soapstone-client 'lsp-mode)
         (lsp-session-file (expand-file-name "session" folder))
         (lsp-server-install-dir folder)
         (lsp-auto-guess-root t)
         (lsp-enable-file-watchers nil)
         (lsp-restart 'ignore))
    (with-temp-file file (insert soapstone-test-note))
    (with-temp-file (expand-file-name "soapstone.toml" folder))
    (make-directory (expand-file-name ".git" folder))
    (unwind-protect
        (progn
          (let ((soapstone-start nil))
            (find-file file))
          (lsp)
          (soapstone-test-wait
           (lambda () (string-match-p "under-eight-minutes" (format "%S" (lsp-diagnostics))))
           "the finding in lsp-mode")
          (should-not (eglot-current-server)))
      (ignore-errors (lsp-workspace-shutdown (car (lsp-workspaces))))
      (set-buffer-modified-p nil)
      (kill-buffer)
      (delete-directory folder t))))

(ert-deftest soapstone-test-import ()
  "Pasted text becomes a note if that is wanted, and one undo takes it back."
  (let ((pasted "Date: 11/20/2026\nSubjective: Sore low back.\n\n97140 lumbar 25 min\n"))
    (soapstone-test-with pasted
      (cl-letf (((symbol-function 'y-or-n-p) #'ignore))
        (soapstone-import (point-min) (point-max)))
      (should (equal (buffer-string) pasted))
      (with-current-buffer "*Import*"
        (should (string-prefix-p "1 block recognized" (buffer-string))))
      (buffer-enable-undo)
      (undo-boundary)
      (cl-letf (((symbol-function 'y-or-n-p) #'always))
        (soapstone-import (point-min) (point-max)))
      (should (string-prefix-p "visit: 2026-11-20\nS: Sore low back.\n" (buffer-string)))
      (undo-boundary)
      (undo)
      (should (equal (buffer-string) pasted)))))

(ert-deftest soapstone-test-settings ()
  "The settings of Emacs reach the server, in the form that docs/editors/emacs.md shows."
  (let ((default (default-value 'eglot-workspace-configuration)))
    (unwind-protect
        (progn
          (setq-default eglot-workspace-configuration
                        '(:soapstone (:payer "wa-lni" :hints (:visits :json-false))))
          (soapstone-test-with (replace-regexp-in-string "\\`.*\n" "" soapstone-test-note)
            ;; The server asks for them, after it was told that there are some.
            (soapstone-test-wait
             (lambda () (string-match-p "Payer: Washington L&I\\." (soapstone-status)))
             "the settings")))
      (setq-default eglot-workspace-configuration default))))

(ert-deftest soapstone-test-new-note ()
  "A new note has its headings, and the cursor stands in its first blank."
  (let* ((folder (make-temp-file "soapstone" t))
         (soapstone-start nil))
    (unwind-protect
        (progn
          (soapstone-new-note (expand-file-name "10234" folder))
          (should (equal (file-name-nondirectory buffer-file-name) "10234.soap"))
          (should (string-match-p "^visit: 2026-11-22$" (buffer-string)))
          (should (looking-at "___"))
          (set-buffer-modified-p nil)
          (kill-buffer))
      (delete-directory folder t))))

(ert-deftest soapstone-test-after-a-crash ()
  "When the server has died it is begun again by one command, and checks the note as it is now."
  (soapstone-test-with soapstone-test-note
    (soapstone-test-await "under-eight-minutes")
    (let ((server (eglot-current-server)) (eglot-autoreconnect nil))
      (delete-process (jsonrpc--process server))
      (soapstone-test-wait (lambda () (not (eglot-current-server))) "the server's end"))
    (call-interactively #'eglot)
    (should (equal (soapstone-test-await "under-eight-minutes") "10:25-10:32"))))

(let* ((stats (ert-run-tests-batch))
       (failed (ert-stats-completed-unexpected stats)))
  (message "Emacs %s: %d passed, %d failed, %d skipped" emacs-version
           (ert-stats-completed-expected stats) failed (ert-stats-skipped stats))
  (kill-emacs (if (zerop failed) 0 1)))

;;; soapstone-test.el ends here
