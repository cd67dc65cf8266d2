/**
 * SOAP chart notes.
 *
 * Four line shapes carry all structure: visit heading, section heading, field and modality.
 * Every other line is text, so any file is a valid note: the tree never holds an ERROR.
 * docs/format.md describes the language; this comment only says how the grammar reaches it.
 *
 * - Lines are told apart by their first token alone. A token that carries its own delimiter has a
 *   lexical precedence, because precedence comes before length: `technique:` beats the text
 *   `technique: effleurage`.
 * - A regex cannot look ahead, so what a line must NOT be is a token too, one precedence higher:
 *   `http:` followed by anything but a blank is text, and so is `123456`.
 * - An indented line's first token is read with its indentation. That one token tells whether the line
 *   goes on with the field or modality above (text, a field) or begins a new modality (a code).
 * - Yet a key is its words alone. src/scanner.c has a line's first token read by the lexer made of the
 *   rules below, and leaves the indentation before it and the first colon, with all behind it, out of it.
 * - A line ends with a newline or with the end of the file. `eof()` has to stand in each
 *   production itself: behind a hidden rule it fails without a word.
 * - No vocabulary but the section and visit names: codes, regions and techniques are the server's.
 * - tree-sitter leaves NUL out of a negated set, so it is named beside it to be text as well; as a
 *   range, because a lone NUL in a state with many transitions also matches the end of the file.
 */

const INK = "[^ \\t\\r\\n]|[\\x00-\\x08]+"; // any character that shows
const ANY = "[^\\r\\n]|[\\x00-\\x08]+"; // any character of a line

// From the first ink to the last on the line.
const TEXT = `(${INK})([ \\t]*(${INK}))*`;

const CODE = "(\\d{5}|[A-Za-z]\\d{4})";

// `- `, `• `, `1. `, `2) `: lists begin their lines so. A line's first token holds its bullet.
const BULLET = "([-•*●▪◦‣·–—]|\\d{1,2}[.)])[ \\t]+";

// One to five words, then perhaps a number: `goal 1`, `STG #2`, `icd-10 code`, `/s/`, `total time (min)`.
const LETTER = "A-Za-z\\u00C0-\\u024F";
const WORD = `[${LETTER}/][${LETTER}/'’-]*(-\\d{1,2})?`;
const KEY = `(${BULLET})?${WORD}([ \\t]+${WORD}){0,4}([ \\t]*#?\\d{1,3}|[ \\t]*#|[ \\t]*\\([A-Za-z]+\\))?[ \\t]?:`;

// What begins like a key (`http://x`) or a code (`123456`, `97124's`) and is neither.
const TRAP = `(${KEY}(${INK})|(${BULLET})?${CODE}([0-9a-wyz.'’"!<>=@*#%$^]|[\\x00-\\x08]+))([ \\t]*(${INK}))*`;

const TIME = "\\d{1,2}:\\d{2}([ \\t]*[aApP]\\.?[mM]\\.?)?";
const MILITARY = "\\d{3,4}";
const TO = "[ \\t]*(-|–|—|[tT][oO]|[uU][nN][tT][iI][lL])[ \\t]*";

/** The words in any case: ci("tx") is `[tT][xX]`. */
const ci = (...words) =>
  "(" +
  words
    .map((w) =>
      [...w]
        .map((c) =>
          c === " " ? "[ \\t]+" : /[.()]/.test(c) ? `\\${c}` : c.toLowerCase() === c.toUpperCase() ? c : `[${c.toLowerCase()}${c.toUpperCase()}]`,
        )
        .join(""),
    )
    .join("|") +
  ")";

const re = (source) => new RegExp(source);

// `CPT 97110`, `CPT: 97110`, `CPT Code: 97110`, `Code 97110`
const CODE_LABEL = `(${ci("cpt", "hcpcs", "cpt code", "hcpcs code", "procedure code", "billing code", "code")}[ \\t]*[:#]?[ \\t]+)`;

// What the field's record systems call the day of a visit. `date` alone is one of them only before a date.
const VISIT_KEYS = ci(
  "visit",
  "dos",
  "d.o.s",
  "d.o.s.",
  "date of service",
  "dates of service",
  "date(s) of service",
  "service date",
  "service date(s)",
  "visit date",
  "date of visit",
  "encounter date",
  "date of encounter",
  "treatment date",
  "session date",
  "date seen",
);
// The same before a date alone.
const DATED_KEYS = ci(
  "date",
  "date of treatment",
  "date of session",
  "date of evaluation",
  "evaluation date",
  "appointment date",
  "tx date",
  "date treated",
  "seen on",
  "date/time",
  "date & time",
  "date and time",
  "daily note",
  "daily treatment note",
  "progress note",
  "treatment note",
  "visit note",
  "soap note",
);
// `Visit 3`, `Session #4 of 12`
const COUNTED_VISIT = `${ci("visit", "session")}[ \\t]*(#[ \\t]*)?\\d{1,3}([ \\t]*(${ci("of")}|/)[ \\t]*\\d{1,3})?`;
const MARKUP = "(#{1,6}[ \\t]+)?[*_]{0,3}";

const DATE = [
  "\\d{4}-\\d{1,2}-\\d{1,2}",
  "\\d{1,2}[-/.]\\d{1,2}[-/.](\\d{4}|\\d{2})",
  "MONTH[ \\t]+\\d{1,2}(st|nd|rd|th)?(,[ \\t]*|[ \\t]+)\\d{4}",
  "\\d{1,2}(st|nd|rd|th)?[ \\t]+MONTH,?[ \\t]+\\d{4}",
]
  .join("|")
  .replaceAll("MONTH", ci("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec") + "[a-z]*\\.?");
const WEEKDAY = `(${ci("mon", "tue", "wed", "thu", "fri", "sat", "sun")}[a-z]*[.,]*[ \\t]+)?`;

// Section names as they are printed: `Subjective`, `OBJECTIVE FINDINGS`, `Treatment today`, `Subjective (S)`,
// and before them `## `, `**`, `1. `, `I. `, `S. `. A letter that is a heading by itself, as in `(S) Subjective`, is not
// among these: a token that goes on where another of its beginnings would end lets text win.
const SECTION = `${ci("subjective", "objective", "assessment", "plan", "treatment plan", "treatment", "tx", "interventions", "procedures")}([ \\t]+${ci("findings", "today", "provided", "performed", "rendered", "notes", "note", "section")})?([ \\t]*\\([SOAPsoap]\\))?`;
const OUTLINE = "((#{1,6}|[-•*●]|[0-9]{1,2}[.)]|[IVX]{1,4}[.)]|[SOAP][.])[ \\t]*)?[*_]{0,3}";

// `~15`, `x 8`; `2.5`, `8-15`
const ABOUT = "([~≈]|[xX×@][ \\t]*)?";
const AMOUNT = "\\d+(\\.\\d+)?([ \\t]*[-–][ \\t]*\\d+)?";
const MINUTES = ci("min", "mins", "minute", "minutes");
const HOURS = ci("h", "hr", "hrs", "hour", "hours");

/** A line: its content, blanks, then the newline or the end of the file. */
const line = ($, ...content) =>
  choice(seq(...content, optional($._blank), $._newline), seq(...content, optional($._blank), eof()));

/** A key with its colon, which may have markup behind it: `**Plan:** weekly`. */
const label = ($, key) => seq(key, optional($._blank), alias($._colon, ":"));
const marked_label = ($, key) => seq(key, optional($._blank), alias($._colon_and_markup, ":"));

export default grammar({
  name: "soapnote",

  extras: (_) => [],

  // What a line begins with, in the order of src/scanner.c. All but the last two are described below.
  externals: ($) => [
    $.visit_key,
    $._dated_key,
    $._date_heading,
    $.section_name,
    $._section_initial,
    $._section_in_brackets,
    $._section_and_dash,
    $._section_alone,
    $._indented_treatment,
    $.key,
    $._indented_key,
    $._visit_and_date,
    $.comment,
    $._code,
    $.text,
    $._trap,
    $._indented_text,
    $._indented_trap,
    $._text_to_colon,
    $._indented_text_to_colon,
  ],

  inline: ($) => [$._section_label],

  rules: {
    chart: ($) => seq(repeat($._item), repeat($.section), repeat($.visit)),

    visit: ($) => prec.right(seq($.visit_heading, repeat($._item), repeat($.section))),

    visit_heading: ($) =>
      choice(
        line($, $._visit_label),
        line($, $._visit_label, optional($._blank), $.date),
        line($, $._visit_label, optional($._blank), alias($.value, $.text)),
        line($, $._visit_label, optional($._blank), $.date, optional($._blank), alias($.value, $.text)),
        line($, alias($._date_heading, $.visit_key)),
        line($, alias($._date_heading, $.visit_key), optional($._blank), alias($.value, $.text)),
        line($, alias($._visit_and_date, $.visit_key)),
      ),

    _visit_label: ($) => marked_label($, choice($.visit_key, alias($._dated_key, $.visit_key))),

    section: ($) => prec.right(seq($.section_heading, repeat($._item))),

    section_heading: ($) =>
      choice(
        line($, $._section_label),
        line($, $._section_label, optional($._blank), alias($.value, $.text)),
        line($, alias($._section_alone, $.section_name)),
      ),

    _section_label: ($) =>
      choice(
        marked_label($, $.section_name),
        label($, alias(choice($._section_initial, $._indented_treatment), $.section_name)),
        label($, alias($._section_in_brackets, $.section_name)),
        alias(choice($._section_in_brackets, $._section_and_dash), $.section_name),
      ),

    _item: ($) => choice($.modality, $.field, $._comment_line, $._text_line, $._blank_line),

    // ---- fields

    field: ($) => prec.right(seq($._field_line, repeat(choice($._continuation_line, $._comment_line)))),

    _field_line: ($) =>
      choice(
        line($, $._any_label),
        line($, $._any_label, $._blank, field("value", $.value)),
      ),

    _any_label: ($) => label($, field("key", choice($.key, alias($._indented_key, $.key)))),

    // Whatever is indented below a field belongs to it, even if it looks like a field of its own.
    _continuation_line: ($) =>
      choice(
        line($, alias($._indented_text, $.continuation)),
        line($, alias($._indented_trap, $.continuation)),
        line($, alias($._indented_text_with_colon, $.continuation)),
        line($, alias($._indented_key_and_rest, $.continuation)),
      ),

    _indented_key_and_rest: ($) => seq($._indented_key, $._rest),

    // ---- modalities

    modality: ($) => prec.right(seq($._modality_line, repeat($._detail_line))),

    _modality_line: ($) =>
      choice(
        seq($._billed, $._newline),
        seq($._billed, eof()),
      ),

    _billed: ($) =>
      seq(
        field("code", alias($._code, $.procedure_code)),
        optional(field("modifier", alias($._modifier_at_once, $.modifier))),
        repeat($._modifier),
        repeat(choice($._blank, $._on_the_line)),
      ),

    _modifier: ($) =>
      prec.right(
        seq(
          choice(alias($._hyphen, "-"), alias($._colon_or_slash, ":")),
          optional(choice(field("modifier", $.modifier), alias($._joined_duration, $.duration), alias($._joined_word, $.word))),
        ),
      ),

    _on_the_line: ($) =>
      choice($.clock_range, $.duration, $.unit_claim, $.diagnosis_pointer, $.word, alias($._number_and_word, $.word), $._mark),

    _mark: (_) => choice(",", ";", "(", ")", "[", "]"),

    _detail_line: ($) =>
      choice(
        alias($._detail_field, $.field),
        line($, alias($._indented_text, $.text)),
        line($, alias($._indented_trap, $.text)),
        line($, alias($._indented_text_with_colon, $.text)),
        $._comment_line,
      ),

    _detail_field: ($) =>
      choice(
        line($, label($, field("key", alias($._indented_key, $.key)))),
        line($, label($, field("key", alias($._indented_key, $.key))), $._blank, field("value", $.value)),
        line($, label($, field("key", alias($._indented_treatment, $.key)))),
        line($, label($, field("key", alias($._indented_treatment, $.key))), $._blank, field("value", $.value)),
        // `tx:97124`: its colon ends it, whatever follows.
        line($, label($, field("key", alias($._indented_treatment, $.key))), field("value", $.value)),
      ),

    // ---- other lines

    _comment_line: ($) => line($, $.comment),

    _text_line: ($) =>
      choice(
        line($, $.text),
        line($, alias($._trap, $.text)),
        line($, alias($._indented_text, $.text)),
        line($, alias($._indented_trap, $.text)),
        line($, alias($._text_with_colon, $.text)),
        line($, alias($._indented_text_with_colon, $.text)),
        line($, alias($._postal_code, $.text)),
      ),

    _text_with_colon: ($) => seq($._text_to_colon, $._rest),
    _indented_text_with_colon: ($) => seq($._indented_text_to_colon, $._rest),

    // `98101-4423` begins like a code with a modifier. One token cannot hold it: once past the hyphen
    // the lexer has forgotten that a code went before, and `97140-59` would be text as well.
    _postal_code: ($) => seq($._code, $._hyphen, $._plus_four),

    _blank_line: ($) => choice($._newline, seq($._blank, $._newline), seq($._blank, eof())),

    // ---- what a line begins with, strongest first

    visit_key: (_) => token(prec(4, re(`[ \\t]*(${BULLET})?${MARKUP}${VISIT_KEYS}[ \\t]?:[*_]{0,3}`))),
    // `Date:` says many things; with a date it begins a visit. What follows a key decides here, so it is read with it.
    _dated_key: (_) =>
      token(prec(4, re(`[ \\t]*(${BULLET})?${MARKUP}(${DATED_KEYS}[ \\t]?:[*_]{0,3}|${COUNTED_VISIT}[ \\t]*:)[ \\t]*${WEEKDAY}(${DATE})`))),
    // `Visit 3 - 01/12/2026` and `Visit 3 (01/12/2026)` are one word.
    _date_heading: (_) =>
      token(
        prec(
          4,
          re(
            `[ \\t]*(${BULLET})?${MARKUP}((${VISIT_KEYS}|${DATED_KEYS})[ \\t]*[-–—=]|${COUNTED_VISIT}[ \\t]*[-–—(])[ \\t]*${WEEKDAY}(${DATE})`,
          ),
        ),
      ),

    // `Subjective:`, then `S:`, `(S)` and `S)`, `S - `, `S- ` and `S = `
    section_name: (_) => token(prec(4, re(`[ \\t]*${OUTLINE}${SECTION}[*_]{0,3}[ \\t]?:[*_]{0,3}`))),
    _section_initial: (_) => token(prec(4, re("[ \\t]*[SOAPsoap][ \\t]?:"))),
    _section_in_brackets: (_) => token(prec(4, re("[ \\t]*(\\([SOAP]\\)|[SOAP]\\))"))),
    _section_and_dash: (_) => token(prec(4, re("[ \\t]*[SOAP]([ \\t]*=|[ \\t]*[-–—][ \\t])"))),

    // Below a modality it says what was done, elsewhere it begins a section.
    _indented_treatment: (_) => token(prec(5, re(`[ \\t]+${ci("treatment", "tx", "interventions", "intervention")}[ \\t]?:`))),

    comment: (_) => token(prec(4, re(`[ \\t]*//(${ANY})*`))),

    _trap: (_) => token(prec(3, re(TRAP))),
    _indented_trap: (_) => token(prec(3, re(`[ \\t]+${TRAP}`))),

    key: (_) => token(prec(2, re(KEY))),
    _indented_key: (_) => token(prec(2, re(`[ \\t]+${KEY}`))),
    _code: (_) => token(prec(2, re(`[ \\t]*(${BULLET})?${CODE_LABEL}?${CODE}`))),

    // These are as long as the text that they would be otherwise, so that they hold a whole line or nothing; of
    // two tokens that are as long, the one that stands here first counts.
    _section_alone: (_) => token(choice(re(`[ \\t]*${OUTLINE}${SECTION}[*_]{0,3}`), re("[ \\t]*[SOAP]\\."))),
    _visit_and_date: (_) => token(re(`[ \\t]*(${VISIT_KEYS}|${DATED_KEYS}|${COUNTED_VISIT},?)[ \\t]+${WEEKDAY}(${DATE})`)),

    text: (_) => token(re(TEXT)),
    _indented_text: (_) => token(re(`[ \\t]+${TEXT}`)),

    // ---- what stands inside a line

    // Strong, because `(S): sore` is no `(S)` with a text `: sore`.
    _colon: (_) => token(prec(3, /:/)),
    _colon_and_markup: (_) => token(prec(3, /:[*_]{0,3}/)),
    // From a colon to the end of its line.
    _rest: (_) => token.immediate(re(`[ \\t]*${TEXT}`)),

    date: (_) => token(prec(1, re(`${WEEKDAY}(${DATE})`))),

    // Immediate, as two rules of one token would be one: the scanner's `text` begins a line.
    value: (_) => token.immediate(re(TEXT)),

    _hyphen: (_) => token.immediate(prec(3, /[-‑–]/)),
    _colon_or_slash: (_) => token.immediate(prec(3, /[:\/]/)),
    modifier: (_) => token.immediate(prec(3, /[A-Za-z0-9]{1,2}/)),
    // `97110GP`
    _modifier_at_once: (_) => token.immediate(prec(3, /[A-Z][A-Z0-9]/)),
    // `97124-low back`: a hyphen before a word is none before a modifier.
    _joined_word: (_) => token.immediate(prec(3, /[A-Za-z0-9]{3,}/)),
    // `97140-25min`; before a blank the figure looks like a modifier, and only the server knows better.
    _joined_duration: (_) => token.immediate(prec(3, re(`\\d+(\\.\\d+)?(${MINUTES}\\.?|['’′])`))),

    _plus_four: (_) => token.immediate(prec(4, re(`\\d{4}([ \\t]*(${INK}))*`))),

    clock_range: (_) =>
      token(
        prec(
          1,
          choice(
            re(`${TIME}${TO}${TIME}`),
            re(`${MILITARY}[ \\t]*[-–—][ \\t]*${MILITARY}`),
          ),
        ),
      ),

    // `25m` is 25 minutes, `10 m` a distance: the letter alone has to touch its number. After hours
    // the minutes need their unit or two digits at once, or `1 h 10:00-11:00` would be 70 minutes.
    duration: (_) =>
      token(
        choice(
          re(`${ABOUT}${AMOUNT}([ \\t]*-?${MINUTES}\\.?|[mM]|[ \\t]*['’′])`),
          re(`${AMOUNT}[ \\t]*-?${HOURS}\\.?(\\d{2}|[ \\t]*\\d+[ \\t]*(${MINUTES}\\.?|[mM]|['’′]))?`),
        ),
      ),

    unit_claim: (_) =>
      token(choice(/[xX×][ \t]?\d{1,2}/, re(`([xX×][ \\t]?)?\\d{1,2}[ \\t]*${ci("u", "unit", "units")}`))),

    diagnosis_pointer: (_) =>
      token(
        prec(
          1,
          re(
            `${ci("dx")}:?[ \\t]+[A-Za-z]\\d[0-9A-Za-z](\\.?[0-9A-Za-z]{1,4})?([ \\t]*[,;/&][ \\t]*[A-Za-z]\\d[0-9A-Za-z](\\.?[0-9A-Za-z]{1,4})?)*`,
          ),
        ),
      ),

    word: (_) => token(re("([^ \\t\\r\\n,;()\\[\\]]|[\\x00-\\x08]+)+")),

    // What begins like a duration or a claim and goes on as something else, so that the longer match
    // wins: `25 minimal`, `3.3 MHz`, `x2 ultrasound`, `x10 reps`, `3 x 10`, `x 6-8`, `x 100`.
    _number_and_word: (_) =>
      token(
        choice(
          re(`${ABOUT}${AMOUNT}[ \\t]+[mMhHuU][${LETTER}]+`),
          re(
            `([xX×][ \\t]?)?${AMOUNT}[ \\t]+${ci("rep", "reps", "set", "sets", "sec", "secs", "seconds", "lb", "lbs", "ft", "feet", "steps", "day", "days", "wk", "wks", "week", "weeks", "visit", "visits", "times")}`,
          ),
          /\d+[ \t]*[xX×][ \t]*\d+/,
          /[xX×][ \t]?\d+(\.\d+|[ \t]*[-–][ \t]*\d+|\d\d)/,
        ),
      ),

    _blank: (_) => /[ \t]+/,
    _newline: (_) => /\r\n|\r|\n/,
  },
});
