// The TextMate grammar. `npm run grammar` writes it into soapnote.tmLanguage.json, which holds no comments.
//
// The shapes are those of grammar/grammar.js, and a test compares the two on all sample notes. Two things differ
// in kind. A TextMate rule takes the first pattern that matches where tree-sitter takes the longest, so that what
// goes on as something longer is ruled out by a look ahead. And lines are told apart by their order below.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LETTER = 'A-Za-z\\x{00C0}-\\x{024F}';
const WORD = `[${LETTER}/][${LETTER}/'’-]*`;
const KEY = `${WORD}(?:[ \\t]+${WORD}){0,3}(?:[ \\t]*#?\\d{1,3})?:`;
const CODE = '(?:\\d{5}|[A-Za-z]\\d{4})';
const HYPHEN = '[-‑–]';
// `123456` and `97124,` are no codes, and `98101-4423` is a postal code.
const CODE_HERE = `${CODE}(?=${HYPHEN}|[ \\t]|$)(?!${HYPHEN}\\d{4})`;
const CODE_OR_POSTAL = `${CODE}(?:${HYPHEN}|[ \\t]|$)`;

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
const MONTH = '(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?[ \\t]+\\d{1,2}(?:,[ \\t]*|[ \\t]+)\\d{4}';
const DATE = `\\d{4}-\\d{1,2}-\\d{1,2}|\\d{1,2}/\\d{1,2}/(?:\\d{4}|\\d{2})|${MONTH}`;

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

// An indented line goes on with what is above it, unless it begins with a code. A comment never ends anything.
const GOES_ON = `^(?=[ \\t]*//|[ \\t]+(?!${CODE_OR_POSTAL})[^ \\t])`;

export const grammar = {
  $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
  name: 'SOAP note',
  scopeName: 'text.soapnote',
  fileTypes: ['soap'],
  patterns: ['comment', 'visit', 'section', 'modality', 'field'].map((name) => ({ include: `#${name}` })),
  repository: {
    comment: { match: '^[ \\t]*(//.*)$', captures: { 1: { name: 'comment.line.double-slash.soapnote' } } },
    visit: {
      match: `^((?i:visit|dos|date[ \\t]+of[ \\t]+service):)(?:[ \\t]*(${DATE}))?`,
      captures: { 1: { name: 'markup.heading.1.soapnote' }, 2: { name: 'constant.other.date.soapnote' } },
    },
    section: {
      match: '^(?i:s|o|a|p|subjective|objective|assessment|plan|tx|treatment|interventions):',
      name: 'markup.heading.2.soapnote',
    },
    modality: {
      begin: `^(?=[ \\t]*${CODE_HERE})`,
      while: GOES_ON,
      patterns: [{ include: '#comment' }, { include: '#billed' }, { include: '#detail' }],
    },
    billed: {
      begin: `^[ \\t]*(${CODE_HERE})`,
      end: '$',
      beginCaptures: { 1: { name: 'entity.name.function.soapnote' } },
      patterns: [{ include: '#modifiers' }, { include: '#words' }],
    },
    // They touch the code. Further on a hyphen is part of a word.
    modifiers: {
      begin: `\\G(?=${HYPHEN})`,
      end: `(?!${HYPHEN})`,
      patterns: [
        {
          match: `(${HYPHEN})([A-Za-z0-9]+)?`,
          captures: { 1: { name: 'punctuation.separator.soapnote' }, 2: { name: 'entity.other.attribute-name.soapnote' } },
        },
      ],
    },
    words: { patterns: WORDS },
    detail: { match: `^[ \\t]+(${KEY})(?=[ \\t]|$)`, captures: { 1: { name: 'entity.name.tag.soapnote' } } },
    field: {
      begin: `^[ \\t]*(${KEY})(?=[ \\t]|$)`,
      while: GOES_ON,
      beginCaptures: { 1: { name: 'entity.name.tag.soapnote' } },
      patterns: [{ include: '#comment' }],
    },
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('soapnote.tmLanguage.json', import.meta.url), `${JSON.stringify(grammar, null, 2)}\n`);
}
