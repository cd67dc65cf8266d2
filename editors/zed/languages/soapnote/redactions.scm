; What identifies a person, hidden while you share your screen (docs/editors/zed.md says how to
; switch it on). Names inside sentences cannot be told from other words: read before you share.
; What a patient says (`patient reports:`) or wants (`patient goal:`) stays visible.

; Who somebody is.
((field
   key: (key) @_key
   [(value) (continuation)] @redact)
  (#match? @_key "^(?i)(([-•*●▪◦‣·–—]|\\d{1,2}[.)])\\s+)?(patient|client|pt|member|subscriber|insured|policy\\s+holder|guardian|parent|spouse|emergency|responsible\\s+party|provider|therapist|((massage|physical|occupational|treating)\\s+)therapist|(treating|rendering)\\s+(provider|clinician)|prepared\\s+by|sig|signatures|chiropractor|practitioner|clinician|supervisor|physician|doctor|pcp|adjuster|attorney|employer|(treated|referred|((electronically|digitally)\\s+|e-)?signed|completed|authenticated)\\s+by|electronically\\s+signed(\\s+and\\s+dated\\s+by)?|referring(\\s+(provider|physician|doctor))?)(\\s+(name|id|no|number|dob|age|birthdate|address|phone|email|contact|npi|license))?\\s*#?\\d*$"))

; What somebody can be found by.
((field
   key: (key) @_key
   [(value) (continuation)] @redact)
  (#match? @_key "^(?i)(([-•*●▪◦‣·–—]|\\d{1,2}[.)])\\s+)?((full|first|last|legal|preferred|home|work|cell|mobile|medical|social)\\s+)?(mrn|name|id|chart|record|account|acct|policy|group|claim|authorization|auth|npi|license|dob|born|age|birth\\s*date|birthday|date\\s+of\\s+birth|ssn|security|phone|telephone|tel|cell|mobile|fax|e-?mail|address|contact)(\\s+(no|number|id))?\\s*#?\\d*$"))

; Lines that name a doctor or end in a signature.
((field
   key: (key) @_key
   [(value) (continuation)] @redact)
  (#match? @_key "^(?i)(([-•*●▪◦‣·–—]|\\d{1,2}[.)])\\s+)?(referral|rx|prescription|order|script|plan\\s+of\\s+care|poc|certification|cert|cert(ification)?\\s+period|poc\\s+dates|signed|signature|/s/|co-?signed|co-?signature|witness)\\s*#?\\d*$"))
