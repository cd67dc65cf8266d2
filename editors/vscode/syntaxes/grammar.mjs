// The TextMate grammar. `npm run grammar` writes it into soapnote.tmLanguage.json, which holds no comments.
//
// The shapes are those of grammar/grammar.js, and a test compares the two on all sample notes. Two things differ
// in kind. A TextMate rule takes the first pattern that matches where tree-sitter takes the longest, so that what
// goes on as something longer is ruled out by a look ahead. And lines are told apart by their order below.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LETTER = 'A-Za-z\\x{00C0}-\\x{024F}';
// `- `, `1. `: lists begin their lines so.
const BULLET = '(?:(?:[-•*●▪◦‣·–—]|\\d{1,2}[.)])[ \\t]+)';
const WORD = `[${LETTER}/][${LETTER}/'’-]*(?:-\\d{1,2})?`;

// It belongs to no key.
const COLON = { name: 'punctuation.separator.soapnote' };

const ci = (...words) => `(?i:${words.join('|').replaceAll(' ', '[ \\t]+')})`;
const VISIT_KEYS = ci(
  'visit',
  'dos',
  'd\\.o\\.s\\.?',
  'date(?:s|\\(s\\))? of service',
  'service date(?:\\(s\\))?',
  'visit date',
  'date of visit',
  'encounter date',
  'date of encounter',
  'treatment date',
  'session date',
  'date seen',
);
const DATED_KEYS = ci(
  'date',
  'date of treatment',
  'date of session',
  'date of evaluation',
  'evaluation date',
  'appointment date',
  'tx date',
  'date treated',
  'seen on',
  'date/time',
  'date (?:&|and) time',
  '(?:daily|progress|(?:daily )?treatment|visit|soap) note',
);

// `date: soon` is no field: `date:` is there for dates, which begin a visit.
const KEY = `(?!${BULLET}?${DATED_KEYS}[ \\t]?:[ \\t]*\\S)${BULLET}?${WORD}(?:[ \\t]+${WORD}){0,4}(?:[ \\t]*#?\\d{1,3}|[ \\t]*#|[ \\t]*\\([A-Za-z]+\\))?(?=[ \\t]?:)`;
const CODE = '(?:\\d{5}|[A-Za-z]\\d{4})';
const CODE_LABEL = '(?:(?i:(?:cpt|hcpcs)(?:[ \\t]+code)?|(?:procedure|billing)[ \\t]+code|code)[ \\t]*[:#]?[ \\t]+)';
const HYPHEN = '[-‑–]';
const JOINT = '[-‑–:/]';
// `123456` and `97124's` are no codes, and `98101-4423` is a postal code.
const CODE_GOES_ON = '(?![0-9a-wyz.\'’"!<>=@*#%$^])';
const CODE_HERE = `${BULLET}?${CODE_LABEL}?${CODE}${CODE_GOES_ON}(?!${HYPHEN}\\d{4})`;
const CODE_OR_POSTAL = `${BULLET}?${CODE_LABEL}?${CODE}${CODE_GOES_ON}`;

const TIME = '\\d{1,2}:\\d{2}(?:[ \\t]*[aApP]\\.?[mM]\\.?)?';
const TO = '[ \\t]*(?:-|–|—|[tT][oO]|[uU][nN][tT][iI][lL])[ \\t]*';
const CLOCK = `${TIME}${TO}${TIME}|\\d{3,4}[ \\t]*[-–—][ \\t]*\\d{3,4}`;

const ABOUT = '(?:[~≈]|[xX×@][ \\t]*)?';
const AMOUNT = '\\d+(?:\\.\\d+)?(?:[ \\t]*[-–][ \\t]*\\d+)?';
const MINUTES = `(?i:min(?:ute)?s?)(?![${LETTER}])\\.?`;
const HOURS = `(?i:h(?:ou)?rs?|h)(?![${LETTER}])\\.?`;
const PRIME = "['’′]";
const DURATIONS = [
  `${AMOUNT}[ \\t]*-?${HOURS}(?:[ \\t]*\\d+[ \\t]*(?:${MINUTES}|[mM](?![${LETTER}])|${PRIME})|\\d{2})?`,
  `${ABOUT}${AMOUNT}(?:[ \\t]*-?${MINUTES}|[mM](?![${LETTER}])|[ \\t]*${PRIME})`,
];
const TIMES = '[xX×]';
const COUNTED = '(?i:reps?|sets?|secs?|seconds|lbs?|ft|feet|steps|days?|wks?|weeks?|visits?|times)';
const CLAIMS = [
  `(?:${TIMES}[ \\t]?)?\\d{1,2}[ \\t]*(?i:units?|u)(?![${LETTER}])`,
  `${TIMES}[ \\t]?\\d{1,2}(?!\\d|\\.\\d|[ \\t]*[-–][ \\t]*\\d|[ \\t]+[mMhHuU][${LETTER}]|[ \\t]+${COUNTED})`,
];
// What holds no blank is a word if the word is longer.
const END = '(?=[ \\t,;()\\[\\]]|$)';
const BLANK_INSIDE = '(?=[^ \\t,;()\\[\\]]*[ \\t])';

const DIAGNOSIS = '[A-Za-z]\\d[0-9A-Za-z](?:\\.?[0-9A-Za-z]{1,4})?';
const MONTH = '(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const WEEKDAY = '(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*[ \\t]+)?';
const DATE = [
  '\\d{4}-\\d{1,2}-\\d{1,2}',
  '\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})',
  `${MONTH}[ \\t]+\\d{1,2}(?:st|nd|rd|th)?(?:,[ \\t]*|[ \\t]+)\\d{4}`,
  `\\d{1,2}(?:st|nd|rd|th)?[ \\t]+${MONTH},?[ \\t]+\\d{4}`,
].join('|');
const A_DATE = `${WEEKDAY}(?:${DATE})`;

const COUNTED_VISIT = '(?i:visit|session)[ \\t]*(?:#[ \\t]*)?\\d{1,3}(?:[ \\t]*(?:(?i:of)|/)[ \\t]*\\d{1,3})?';
const MARKUP = '(?:#{1,6}[ \\t]+)?[*_]{0,3}';
// What begins a visit with its date behind it; without a date it is none.
const DATED_VISIT = `${BULLET}?${MARKUP}(?:${DATED_KEYS}(?=[ \\t]?:)|${COUNTED_VISIT}(?=[ \\t]*:[^*_]))`;
const VISIT_AND_DATE =
  `(?:${BULLET}?${MARKUP}(?:(?:${VISIT_KEYS}|${DATED_KEYS})[ \\t]*[-–—=]|${COUNTED_VISIT}[ \\t]*[-–—(])[ \\t]*${A_DATE}` +
  `|(?:${VISIT_KEYS}|${DATED_KEYS}|${COUNTED_VISIT},?)[ \\t]+${A_DATE}(?=[ \\t]*$))`;

const SECTION_WORDS =
  ci('subjective', 'objective', 'assessment', 'plan', 'treatment plan', 'treatment', 'tx', 'interventions', 'procedures') +
  `(?:[ \\t]+${ci('findings', 'today', 'provided', 'performed', 'rendered', 'notes', 'note', 'section')})?(?:[ \\t]*\\([SOAPsoap]\\))?`;
const OUTLINE = '(?:(?:#{1,6}|[-•*●]|[0-9]{1,2}[.)]|[IVX]{1,4}[.)]|[SOAP][.])[ \\t]*)?[*_]{0,3}';
// A name with its colon, and one without.
const SECTIONS = [
  `(${OUTLINE}${SECTION_WORDS}[*_]{0,3})[ \\t]?(:[*_]{0,3})`,
  '([SOAPsoap])[ \\t]?(:)',
  '(\\([SOAP]\\)|[SOAP]\\))(?:[ \\t]*(:))?',
].join('|');
const BARE_SECTIONS = [
  '[SOAP](?:[ \\t]*=|[ \\t]*[-–—](?=[ \\t]))',
  `${OUTLINE}${SECTION_WORDS}[*_]{0,3}(?=[ \\t]*$)`,
  '[SOAP]\\.(?=[ \\t]*$)',
].join('|');
// `S: Sore. O: Tight. A: Better.`: the next section on the line of another, in capitals, after the end of a sentence or
// behind a time. `P: 72` is a pulse. The server has it in `chart/lower.rs`.
const NEXT_SECTION =
  '(?:[.!?)\\]][ \\t]+(?=(?:SUBJECTIVE|OBJECTIVE|ASSESSMENT|PLAN|TREATMENT|INTERVENTIONS)(?: FINDINGS| PLAN)?:)' +
  '|(?:[.!?)\\]]|\\d[ \\t]*min(?:ute)?s?)[ \\t]+(?=[OAP]:[ \\t]+[^\\d\\s]))([A-Z ]+)(:)';
// Below a block it says what was done, elsewhere it begins a section.
const INDENTED_TREATMENT = '[ \\t]+((?i:treatment|tx|interventions?))[ \\t]?(:)';
const VISIT = `${BULLET}?${MARKUP}${VISIT_KEYS}(?=[ \\t]?:)`;
const HEADING = `[ \\t]*(?:${VISIT}|${DATED_VISIT}[ \\t]*:[*_]{0,3}[ \\t]*${A_DATE}|${VISIT_AND_DATE}|${SECTIONS}|${BARE_SECTIONS})`;

// What stands on a block's line after the modifiers.
const WORDS = [
  { match: CLOCK, name: 'constant.numeric.soapnote' },
  { match: `(?i:dx):?[ \\t]+${DIAGNOSIS}(?:[ \\t]*[,;/&][ \\t]*${DIAGNOSIS})*`, name: 'constant.other.diagnosis.soapnote' },
  // With a blank inside, it is longer than any word.
  ...[...DURATIONS, ...CLAIMS].flatMap((shape) => [
    { match: `(?:${shape})${END}`, name: 'constant.numeric.soapnote' },
    { match: `${BLANK_INSIDE}(?:${shape})`, name: 'constant.numeric.soapnote' },
  ]),
  // Begins like a duration or a claim and goes on as something else.
  { match: `${ABOUT}${AMOUNT}[ \\t]+[mMhHuU][${LETTER}]+` },
  { match: `(?:${TIMES}[ \\t]?)?${AMOUNT}[ \\t]+${COUNTED}` },
  { match: `\\d+[ \\t]+${TIMES}[ \\t]*\\d+|\\d+${TIMES}[ \\t]+\\d+` },
  { match: `${TIMES}[ \\t]\\d+(?:\\.\\d+|[ \\t]*[-–][ \\t]*\\d+|\\d\\d)|${TIMES}\\d+(?:[ \\t]+[-–][ \\t]*|[ \\t]*[-–][ \\t]+)\\d+` },
  { match: '[,;]', name: 'punctuation.separator.soapnote' },
  { match: '[()\\[\\]]', name: 'punctuation.section.brackets.soapnote' },
  { match: '[^ \\t,;()\\[\\]]+' },
];

// An indented line goes on with what is above it, unless it is a heading or begins with a code. A comment never ends
// anything.
const GOES_ON = `(?!${HEADING})(?=[ \\t]*//|[ \\t]+(?!${CODE_OR_POSTAL})[^ \\t])`;

export const grammar = {
  $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
  name: 'SOAP note',
  scopeName: 'text.soapnote',
  fileTypes: ['soap'],
  patterns: ['comment', 'visit', 'section', 'modality', 'field'].map((name) => ({ include: `#${name}` })),
  repository: {
    comment: { match: '^[ \\t]*(//.*)$', captures: { 1: { name: 'comment.line.double-slash.soapnote' } } },
    visit: {
      match: `^[ \\t]*(?:(${VISIT})[ \\t]?(:[*_]{0,3})(?:[ \\t]*(${A_DATE}))?|(${DATED_VISIT})[ \\t]*(:[*_]{0,3})[ \\t]*(${A_DATE})|(${VISIT_AND_DATE}))`,
      captures: {
        1: { name: 'markup.heading.1.soapnote' },
        2: COLON,
        3: { name: 'constant.other.date.soapnote' },
        4: { name: 'markup.heading.1.soapnote' },
        5: COLON,
        6: { name: 'constant.other.date.soapnote' },
        7: { name: 'markup.heading.1.soapnote' },
      },
    },
    section: {
      begin: `^(?:[ \\t]*(?:${SECTIONS}|(${BARE_SECTIONS}))|${INDENTED_TREATMENT})`,
      end: '$',
      beginCaptures: {
        1: { name: 'markup.heading.2.soapnote' },
        2: COLON,
        3: { name: 'markup.heading.2.soapnote' },
        4: COLON,
        5: { name: 'markup.heading.2.soapnote' },
        6: COLON,
        7: { name: 'markup.heading.2.soapnote' },
        8: { name: 'markup.heading.2.soapnote' },
        9: COLON,
      },
      patterns: [{ match: NEXT_SECTION, captures: { 1: { name: 'markup.heading.2.soapnote' }, 2: COLON } }],
    },
    modality: {
      begin: `^(?=[ \\t]*${CODE_HERE})`,
      while: `^(?:(?=${INDENTED_TREATMENT})|${GOES_ON})`,
      patterns: [{ include: '#comment' }, { include: '#billed' }, { include: '#detail' }],
    },
    billed: {
      begin: `^[ \\t]*(${CODE_HERE})([A-Z][A-Z0-9])?`,
      end: '$',
      beginCaptures: { 1: { name: 'entity.name.function.soapnote' }, 2: { name: 'entity.other.attribute-name.soapnote' } },
      patterns: [{ include: '#modifiers' }, { include: '#words' }],
    },
    // They touch the code. Further on a hyphen is part of a word.
    modifiers: {
      begin: `\\G(?=${JOINT})`,
      end: `(?!${JOINT})`,
      patterns: [
        {
          match: `(${JOINT})(?:(\\d+(?:\\.\\d+)?(?:${MINUTES}|${PRIME}))|[A-Za-z0-9]{3,}|([A-Za-z0-9]{1,2}))?`,
          captures: {
            1: { name: 'punctuation.separator.soapnote' },
            2: { name: 'constant.numeric.soapnote' },
            3: { name: 'entity.other.attribute-name.soapnote' },
          },
        },
      ],
    },
    words: { patterns: WORDS },
    detail: { match: `^[ \\t]+(${KEY})[ \\t]?(:)(?=[ \\t]|$)`, captures: { 1: { name: 'entity.name.tag.soapnote' }, 2: COLON } },
    field: {
      begin: `^[ \\t]*(${KEY})[ \\t]?(:)(?=[ \\t]|$)`,
      while: `^(?!${INDENTED_TREATMENT})${GOES_ON}`,
      beginCaptures: { 1: { name: 'entity.name.tag.soapnote' }, 2: COLON },
      patterns: [{ include: '#comment' }],
    },
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('soapnote.tmLanguage.json', import.meta.url), `${JSON.stringify(grammar, null, 2)}\n`);
}
