" Colors of a chart note. What a word means is left to the server.
"
" Of patterns that fit in the same place the one that stands last here counts.
scriptencoding utf-8
if exists('b:current_syntax')
  finish
endif
syntax case match
syntax spell toplevel

let s:is = soapnote#patterns()

function! s:match(group, pattern, ...) abort
  execute 'syntax match' a:group '"\v' . a:pattern . '"' join(a:000)
endfunction

" A field, and the lines that go on with it: they hold no other.
execute 'syntax region soapnoteField matchgroup=soapnoteKey start="\v^[ \t]*' . s:is.key
      \ . '" matchgroup=NONE end="\v\n%(%(' . s:is.treatment . ')@!' . s:is.goes_on . ')@!" keepend contains=soapnoteComment,@Spell'

" A block: the line of its code, then its details.
execute 'syntax region soapnoteBlock start="\v^%([ \t]*' . s:is.billed . ')@=" end="\v\n%(' . s:is.treatment . '|' . s:is.goes_on
      \ . ')@!" keepend contains=soapnoteBilled,soapnoteDetail,soapnoteComment,@Spell'
call s:match('soapnoteDetail', '^[ \t]+' . s:is.key, 'contained contains=@NoSpell')
call s:match('soapnoteBilled', '^[ \t]*' . s:is.billed . '.*$',
      \ 'contained contains=soapnoteWord,soapnotePunctuation,@soapnoteWords,soapnoteCode')

" What stands on a block's line. A word is a word to its end, whatever it begins with.
call s:match('soapnoteWord', '[^ \t,;()[\]]+', 'contained contains=@NoSpell')
call s:match('soapnotePunctuation', '[,;()[\]]', 'contained')
let s:minutes = '%([mM][iI][nN]%([uU][tT][eE])?[sS]?)[' . s:is.letter . ']@!\.?'
let s:hours = '%([hH]%([oO][uU])?[rR][sS]?|[hH])[' . s:is.letter . ']@!\.?'
let s:prime = '[''’′]'
let s:amount = '\d+%(\.\d+)?%([ \t]*[-–][ \t]*\d+)?'
let s:about = '%([~≈]|[xX×@][ \t]*)?'
let s:times = '[xX×]'
let s:counted = '%([rR]eps?|[sS]ets?|[sS]ecs?|[sS]econds|[lL]bs?|ft|feet|steps|[dD]ays?|[wW]ks?|[wW]eeks?|visits?|times)'
let s:time = '\d{1,2}:\d{2}%([ \t]*[aApP]\.?[mM]\.?)?'
let s:diagnosis = '[A-Za-z]\d[0-9A-Za-z]%(\.?[0-9A-Za-z]{1,4})?'
let s:number = [
      \ s:times . '[ \t]?\d{1,2}%(\d|\.\d|[ \t]*[-–][ \t]*\d|[ \t]+[mMhHuU][' . s:is.letter . ']|[ \t]+' . s:counted . ')@!',
      \ '%(' . s:times . '[ \t]?)?\d{1,2}[ \t]*%([uU][nN][iI][tT][sS]?|[uU])[' . s:is.letter . ']@!',
      \ s:about . s:amount . '%([ \t]*-?' . s:minutes . '|[mM][' . s:is.letter . ']@!|[ \t]*' . s:prime . ')',
      \ s:amount . '[ \t]*-?' . s:hours . '%([ \t]*\d+[ \t]*%(' . s:minutes . '|[mM][' . s:is.letter . ']@!|' . s:prime . ')|\d{2})?',
      \ ]
" Begins like minutes or units and goes on as something else.
call s:match('soapnoteOther', s:times . '[ \t]\d+%(\.\d+|[ \t]*[-–][ \t]*\d+|\d\d)', 'contained')
call s:match('soapnoteOther', s:times . '\d+%([ \t]+[-–][ \t]*|[ \t]*[-–][ \t]+)\d+', 'contained')
call s:match('soapnoteOther', '\d+[ \t]+' . s:times . '[ \t]*\d+|\d+' . s:times . '[ \t]+\d+', 'contained')
call s:match('soapnoteOther', '%(' . s:times . '[ \t]?)?' . s:amount . '[ \t]+' . s:counted, 'contained')
call s:match('soapnoteOther', s:about . s:amount . '[ \t]+[mMhHuU][' . s:is.letter . ']+', 'contained')
for s:shape in s:number
  " With a blank inside, it is longer than any word.
  call s:match('soapnoteNumber', '%([^ \t,;()[\]]*[ \t])@=%(' . s:shape . ')', 'contained contains=@NoSpell')
  call s:match('soapnoteNumber', '%(' . s:shape . ')%([ \t,;()[\]]|$)@=', 'contained contains=@NoSpell')
endfor
call s:match('soapnoteDiagnosis', '[dD][xX]:?[ \t]+' . s:diagnosis . '%([ \t]*[,;/&][ \t]*' . s:diagnosis . ')*', 'contained contains=@NoSpell')
call s:match('soapnoteNumber', s:time . '[ \t]*%([-–—]|[tT][oO]|[uU][nN][tT][iI][lL])[ \t]*' . s:time . '|\d{3,4}[ \t]*[-–—][ \t]*\d{3,4}', 'contained contains=@NoSpell')
syntax cluster soapnoteWords contains=soapnoteOther,soapnoteNumber,soapnoteDiagnosis

" Modifiers touch the code. Further on a hyphen is part of a word.
call s:match('soapnoteJoint', '[-‑–:/]', 'contained nextgroup=soapnoteLong,soapnoteModifier,soapnoteTouching')
call s:match('soapnoteLong', '[A-Za-z0-9]{3,}', 'contained nextgroup=soapnoteJoint contains=@NoSpell')
call s:match('soapnoteModifier', '[A-Za-z0-9]{1,2}[A-Za-z0-9]@!', 'contained nextgroup=soapnoteJoint contains=@NoSpell')
call s:match('soapnoteTouching', '\d+%(\.\d+)?%(' . s:minutes . '|' . s:prime . ')', 'contained nextgroup=soapnoteJoint contains=@NoSpell')
call s:match('soapnoteGlued', '[A-Z][A-Z0-9]', 'contained nextgroup=soapnoteJoint contains=@NoSpell')
call s:match('soapnoteCode', '^[ \t]*' . s:is.billed, 'contained nextgroup=soapnoteJoint,soapnoteGlued contains=@NoSpell')

" Sections; others may stand on the line of one.
call s:match('soapnoteSection', '^%([ \t]*' . s:is.section . '|' . s:is.treatment . ')', 'nextgroup=soapnoteSectionText contains=soapnoteColon,@NoSpell')
call s:match('soapnoteSectionText', '.+', 'contained contains=soapnoteNextSection,@Spell')
call s:match('soapnoteNextSection', s:is.next_section, 'contained contains=soapnoteColon,@NoSpell')
call s:match('soapnoteColon', ':[*_]{0,3}', 'contained')

" Visits. Of `Date: 11/20/2026` the date makes it a heading.
call s:match('soapnoteVisit', '^[ \t]*%(' . s:is.visit . '|' . s:is.dated . '|' . s:is.visit_and_date . ')',
      \ 'nextgroup=soapnoteVisitColon skipwhite contains=@NoSpell')
call s:match('soapnoteVisitColon', ':[*_]{0,3}', 'contained nextgroup=soapnoteDate skipwhite')
call s:match('soapnoteDate', s:is.date, 'contained contains=@NoSpell')

call s:match('soapnoteComment', '^[ \t]*//.*$', 'contains=@Spell')

" A field or a block is seldom longer.
syntax sync minlines=80 maxlines=300

highlight default link soapnoteVisit Title
highlight default link soapnoteDate String
highlight default link soapnoteSection Statement
highlight default link soapnoteNextSection Statement
highlight default link soapnoteKey Identifier
highlight default link soapnoteDetail Identifier
highlight default link soapnoteCode Function
highlight default link soapnoteModifier PreProc
highlight default link soapnoteGlued PreProc
highlight default link soapnoteNumber Number
highlight default link soapnoteTouching Number
highlight default link soapnoteDiagnosis Constant
highlight default link soapnoteComment Comment

let b:current_syntax = 'soapnote'
