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
    (should (string-match-p "\\`97140\tGP\t2\tA" (current-kill 0)))
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
    (should (string-match-p "\\`97140\tGP\t3\tA" (current-kill 0)))))

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
             (lambda () (string-match-p "Payer: wa-lni\\." (soapstone-status)))
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
  (message "Emacs %s: %d passed, %d failed" emacs-version
           (ert-stats-completed-expected stats) failed)
  (kill-emacs (if (zerop failed) 0 1)))

;;; soapstone-test.el ends here
