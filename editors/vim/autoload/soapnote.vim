" What a line's first words make of it, as grammar/grammar.js has it, and by it the indentation of a note.
scriptencoding utf-8

" Words in any case, a space in them being any blanks. The rest of a pattern heeds case: `A)` is a heading and `a)`
" begins a list.
function! s:any(...) abort
  let words = map(copy(a:000), 'substitute(v:val, ''\a'', ''[\l\0\u\0]'', ''g'')')
  return '%(' . join(map(words, 'substitute(v:val, '' '', ''[ \\t]+'', ''g'')'), '|') . ')'
endfunction

" A range in a collection must not have more than 256 characters.
let s:letter = 'A-Za-zÀ-ÿĀ-ſƀ-ɏ'
let s:bullet = '%(%([-•*●▪◦‣·–—]|\d{1,2}[.)])[ \t]+)?'

let s:month = s:any('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec') . '[a-z]*\.?'
let s:day = '\d{1,2}%(st|nd|rd|th)?'
let s:date = '%(' . s:any('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun') . '[a-z]*[.,]*[ \t]+)?'
      \ . '%(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]%(\d{4}|\d{2})'
      \ . '|' . s:month . '[ \t]+' . s:day . '%(,[ \t]*|[ \t]+)\d{4}'
      \ . '|' . s:day . '[ \t]+' . s:month . ',?[ \t]+\d{4})'

let s:visit_names = s:any('visit', 'dos', 'd\.o\.s', 'd\.o\.s\.', 'date of service', 'dates of service',
      \ 'date\(s\) of service', 'service date', 'service date\(s\)', 'visit date',
      \ 'date of visit', 'encounter date', 'date of encounter', 'treatment date', 'session date', 'date seen')
let s:visit = s:bullet . s:visit_names . '%([ \t]?:)@='
" What the day of a visit is called only before a date.
let s:dated_names = s:any('date', 'date of treatment', 'date of session', 'date of evaluation', 'evaluation date',
      \ 'appointment date', 'tx date', 'date treated', 'seen on', 'date/time', 'date & time', 'date and time',
      \ 'daily note', 'daily treatment note', 'progress note', 'treatment note', 'visit note', 'soap note')
let s:names = '%(' . s:visit_names . '|' . s:dated_names . ')'
" What begins a visit only because a date follows, or because of the date in it.
let s:dated = s:bullet . s:dated_names . '%([ \t]?:[ \t]*' . s:date . ')@='
let s:visit_and_date = '%(' . s:bullet . s:names . '[ \t]*[-–—=][ \t]*' . s:date
      \ . '|' . s:names . '[ \t]+' . s:date . '%([ \t]*$)@=)'

let s:name = '%(%(#{1,6}|[-•*●]|\d{1,2}[.)]|[IVX]{1,4}[.)]|[SOAP][.])[ \t]*)?[*_]{0,3}'
      \ . s:any('subjective', 'objective', 'assessment', 'plan', 'treatment plan', 'treatment', 'tx', 'interventions',
      \   'procedures')
      \ . '%([ \t]+' . s:any('findings', 'today', 'provided', 'performed', 'rendered', 'notes', 'note', 'section') . ')?'
      \ . '%([ \t]*\([SOAPsoap]\))?[*_]{0,3}'
let s:section = '%(' . s:name . '[ \t]?:[*_]{0,3}'
      \ . '|[SOAPsoap][ \t]?:'
      \ . '|%(\([SOAP]\)|[SOAP]\))%([ \t]*:)?'
      \ . '|[SOAP]%([ \t]*\=|[ \t]*[-–—][ \t]@=)'
      \ . '|' . s:name . '%([ \t]*$)@='
      \ . '|[SOAP]\.%([ \t]*$)@=)'
" `S: Sore. O: Tight.`: the next section on the line of another, after a sentence or a time. `P: 72` is a pulse.
let s:next_section = '%([]\.!?)][ \t]+)@40<=%(SUBJECTIVE|OBJECTIVE|ASSESSMENT|PLAN|TREATMENT|INTERVENTIONS)'
      \ . '%( FINDINGS| PLAN)?:'
      \ . '|%(%([]\.!?)]|\d[ \t]*min%(ute)?s?)[ \t]+)@40<=[OAP]:%([ \t]+[^0-9 \t])@='
" Below a block it says what was done, elsewhere it begins a section.
let s:treatment = '[ \t]+' . s:any('treatment', 'tx', 'intervention', 'interventions') . '[ \t]?:'

let s:code = s:bullet
      \ . '%(' . s:any('cpt', 'hcpcs', 'cpt code', 'hcpcs code', 'procedure code', 'billing code', 'code')
      \ . '[ \t]*[:#]?[ \t]+)?'
      \ . '%(\d{5}|[A-Za-z]\d{4})'
      \ . '[0-9a-wyz.''’\d34!<>=@*#%$^]@!'
" Not a postal code: `98101-4423`.
let s:billed = s:code . '%([-‑–]\d{4})@!'

let s:word = '[' . s:letter . '/][' . s:letter . '/''’-]*%(-\d{1,2})?'
let s:key = '%(' . s:bullet . s:dated_names . '[ \t]?:[ \t]*\S)@!' . s:bullet . s:word . '%([ \t]+' . s:word . '){0,4}'
      \ . '%([ \t]*#?\d{1,3}|[ \t]*#|[ \t]*\([A-Za-z]+\))?%([ \t]?:%([ \t]|$))@='

let s:heading = '[ \t]*%(' . s:visit . '|' . s:dated . '|' . s:visit_and_date . '|' . s:section . ')'
" An indented line goes on with what is above it, unless it is a heading or begins with a code. A comment never ends
" anything.
let s:goes_on = '%(' . s:heading . ')@!%([ \t]*//|[ \t]+%(' . s:code . ')@![^ \t\n])'

" The patterns, very magic, for the colors.
function! soapnote#patterns() abort
  return {
        \ 'letter': s:letter, 'date': s:date, 'visit': s:visit, 'dated': s:dated,
        \ 'visit_and_date': s:visit_and_date,
        \ 'section': s:section, 'next_section': s:next_section, 'treatment': s:treatment, 'billed': s:billed,
        \ 'key': s:key, 'goes_on': s:goes_on,
        \ }
endfunction

" The fields that are of a visit or a chart and never of a block.
let s:margin = '\v\c^\s*' . s:bullet . '%(' . join([
      \ '%(patient|client)%(\s+%(name|id))?|pt|name|mrn|account%(\s+number)?|chart\s+number',
      \ '%(primary\s+|secondary\s+)?%(pay[eo]r|insurance)|%(primary\s+)?insurer|payer\s+name|pay[eo]r\s+source',
      \ '%(primary\s+)?%(insurance\s+%(plan|company|carrier)|ins|carrier)|insurance\s+%(name|provider)',
      \ 'plan\s+name|health\s+%(plan|insurance)',
      \ 'provider|%(%(massage|physical|occupational|treating)\s+)?therapist|%(rendering\s+|treating\s+)?clinician',
      \ '%(treating|rendering)\s+provider|chiropractor|treated\s+by|practitioner|prepared\s+by',
      \ '%(%(short|long)[- ]term\s+|functional\s+|treatment\s+|patient\s+|therapy\s+)?goals?|[sl]tgs?',
      \ 'goals\s+of\s+%(treatment|care)',
      \ 'session%(\s+%(time|length))?|treatment\s+time|time\s+%(in|out|in/out)|%(start|end)\s+time',
      \ '%(start|end|length|duration)\s+of\s+session|duration|visit\s+duration|ttm|ttcm',
      \ 'total\s+%(%(treatment|session|therapy|visit)\s+)?%(time|minutes)|total\s+session|total\s+direct\s+time',
      \ '%(total\s+)?timed%(\s+code)?%(\s+treatment)?\s+minutes|total\s+timed%(\s+code\s+treatment)?',
      \ 'direct\s+one-on-one\s+minutes',
      \ 'referral|rx|prescription|order|script|referring\s+%(provider|physician)|referred\s+by',
      \ '%(prior\s+)?authori[sz]ation|auth%(\s+number)?|authori[sz]ed\s+visits',
      \ 'plan\s+of\s+care|poc%(\s+dates)?|cert%(ification)?%(\s+period)?',
      \ '%(functional\s+)?limitations?|function|functional\s+status|current\s+level\s+of\s+function',
      \ '%(%(electronically|digitally|e-)?\s*signed)%(\s+%(by|and\s+dated\s+by))?|signatures?|sig|/s/',
      \ '%(completed|authenticated)\s+by|addendum',
      \ ], '|') . ')%(\s*#?\d*|\s*\(\a+\))\s?:'

function! s:is_code(line) abort
  return a:line =~# '\v^[ \t]*' . s:billed
endfunction

function! s:is_heading(line) abort
  return a:line =~# '\v^' . s:heading
endfunction

" Whether the line may be a detail of a block above.
function! s:is_in_a_block(number) abort
  for above in range(a:number - 1, 1, -1)
    let line = getline(above)
    if s:is_code(line)
      return 1
    elseif line !~# '\v^\s+\S|^//' || s:is_heading(line) && line !~# '\v^' . s:treatment
      return 0
    endif
  endfor
  return 0
endfunction

" Whether the line begins something that is no detail of a block.
function! s:is_at_the_margin(line, number) abort
  if a:line =~# '\v^\s*' . s:treatment[len('[ \t]+'):]
    return !s:is_in_a_block(a:number)
  endif
  " `Plan ` may go on as `Plan for the week`.
  if a:line =~# '\v^\s*' . s:name . '\s+$'
    return 0
  endif
  return s:is_heading(a:line) || s:is_code(a:line) || a:line =~# s:margin && s:is_in_a_block(a:number)
endfunction

" For 'indentexpr': details stand two blanks below a code, everything else at the margin.
function! soapnote#indent() abort
  let line = getline(v:lnum)
  if line =~# '\S'
    " What was typed stays where it is, unless it has turned out to be a heading.
    return s:is_at_the_margin(line, v:lnum) ? 0 : indent(v:lnum)
  endif
  let above = v:lnum > 1 ? getline(v:lnum - 1) : ''
  if s:is_code(above)
    return indent(v:lnum - 1) + 2
  endif
  return above =~# '\S' ? indent(v:lnum - 1) : 0
endfunction
