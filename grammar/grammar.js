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
 * - An indented line's first token holds its indentation. That one token tells whether the line
 *   goes on with the field or modality above (text, a field) or begins a new modality (a code).
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

// One to four words, then perhaps a number: `goal 1`, `STG #2`, `icd-10`, `/s/`.
const LETTER = "A-Za-z\\u00C0-\\u024F";
const WORD = `[${LETTER}/][${LETTER}/'’-]*`;
const KEY = `${WORD}([ \\t]+${WORD}){0,3}([ \\t]*#?\\d{1,3})?:`;

// What begins like a key (`http://x`) or a code (`123456`, `97124,`) and is neither.
const TRAP = `(${KEY}(${INK})|${CODE}([^-‑– \\t\\r\\n]|[\\x00-\\x08]+))([ \\t]*(${INK}))*`;

const TIME = "\\d{1,2}:\\d{2}([ \\t]*[aApP]\\.?[mM]\\.?)?";
const MILITARY = "\\d{3,4}";
const TO = "[ \\t]*(-|–|—|[tT][oO]|[uU][nN][tT][iI][lL])[ \\t]*";

/** The words in any case: ci("tx") is `[tT][xX]`. */
const ci = (...words) =>
  "(" +
  words
    .map((w) =>
      [...w]
        .map((c) => (c === " " ? "[ \\t]+" : c.toLowerCase() === c.toUpperCase() ? c : `[${c.toLowerCase()}${c.toUpperCase()}]`))
        .join(""),
    )
    .join("|") +
  ")";

const re = (source) => new RegExp(source);

// `~15`, `x 8`; `2.5`, `8-15`
const ABOUT = "([~≈]|[xX×@][ \\t]*)?";
const AMOUNT = "\\d+(\\.\\d+)?([ \\t]*[-–][ \\t]*\\d+)?";
const MINUTES = ci("min", "mins", "minute", "minutes");
const HOURS = ci("h", "hr", "hrs", "hour", "hours");

/** A line: its content, blanks, then the newline or the end of the file. */
const line = ($, ...content) =>
  choice(seq(...content, optional($._blank), $._newline), seq(...content, optional($._blank), eof()));

export default grammar({
  name: "soapnote",

  extras: (_) => [],

  rules: {
    chart: ($) => seq(repeat($._item), repeat($.section), repeat($.visit)),

    visit: ($) => prec.right(seq($.visit_heading, repeat($._item), repeat($.section))),

    visit_heading: ($) =>
      choice(
        line($, $.visit_key),
        line($, $.visit_key, optional($._blank), $.date),
        line($, $.visit_key, optional($._blank), $.text),
        line($, $.visit_key, optional($._blank), $.date, optional($._blank), $.text),
      ),

    section: ($) => prec.right(seq($.section_heading, repeat($._item))),

    section_heading: ($) =>
      choice(line($, $.section_name), line($, $.section_name, optional($._blank), $.text)),

    _item: ($) => choice($.modality, $.field, $._comment_line, $._text_line, $._blank_line),

    // ---- fields

    field: ($) => prec.right(seq($._field_line, repeat(choice($._continuation_line, $._comment_line)))),

    _field_line: ($) => choice(line($, $._any_key), line($, $._any_key, $._blank, field("value", $.value))),

    _any_key: ($) => field("key", choice($.key, alias($._indented_key, $.key))),

    // Whatever is indented below a field belongs to it, even if it looks like a field of its own.
    _continuation_line: ($) =>
      choice(
        line($, alias($._indented_text, $.continuation)),
        line($, alias($._indented_trap, $.continuation)),
        line($, alias($._indented_key, $.continuation)),
        line($, alias($._indented_key, $.continuation), $._blank, alias($.value, $.continuation)),
      ),

    // ---- modalities

    modality: ($) => prec.right(seq($._modality_line, repeat($._detail_line))),

    _modality_line: ($) =>
      choice(
        seq($._billed, $._newline),
        seq($._billed, eof()),
      ),

    _billed: ($) => seq(field("code", alias($._code, $.procedure_code)), repeat($._modifier), repeat(choice($._blank, $._on_the_line))),

    _modifier: ($) => prec.right(seq(alias($._hyphen, "-"), optional(field("modifier", $.modifier)))),

    _on_the_line: ($) =>
      choice($.clock_range, $.duration, $.unit_claim, $.diagnosis_pointer, $.word, alias($._number_and_word, $.word), $._mark),

    _mark: (_) => choice(",", ";", "(", ")", "[", "]"),

    _detail_line: ($) =>
      choice(
        alias($._detail_field, $.field),
        line($, alias($._indented_text, $.text)),
        line($, alias($._indented_trap, $.text)),
        $._comment_line,
      ),

    _detail_field: ($) =>
      choice(
        line($, field("key", alias($._indented_key, $.key))),
        line($, field("key", alias($._indented_key, $.key)), $._blank, field("value", $.value)),
      ),

    // ---- other lines

    _comment_line: ($) => line($, $.comment),

    _text_line: ($) =>
      choice(
        line($, $.text),
        line($, alias($._trap, $.text)),
        line($, alias($._indented_text, $.text)),
        line($, alias($._indented_trap, $.text)),
        line($, alias($._postal_code, $.text)),
      ),

    // `98101-4423` begins like a code with a modifier. One token cannot hold it: once past the hyphen
    // the lexer has forgotten that a code went before, and `97140-59` would be text as well.
    _postal_code: ($) => seq($._code, $._hyphen, $._plus_four),

    _blank_line: ($) => choice($._newline, seq($._blank, $._newline), seq($._blank, eof())),

    // ---- what a line begins with, strongest first

    visit_key: (_) => token(prec(4, re(ci("visit", "dos", "date of service") + ":"))),

    section_name: (_) =>
      token(
        prec(4, re(ci("s", "o", "a", "p", "subjective", "objective", "assessment", "plan", "tx", "treatment", "interventions") + ":")),
      ),

    comment: (_) => token(prec(4, re(`[ \\t]*//(${ANY})*`))),

    _trap: (_) => token(prec(3, re(TRAP))),
    _indented_trap: (_) => token(prec(3, re(`[ \\t]+${TRAP}`))),

    key: (_) => token(prec(2, re(KEY))),
    _indented_key: (_) => token(prec(2, re(`[ \\t]+${KEY}`))),
    _code: (_) => token(prec(2, re(`[ \\t]*${CODE}`))),

    text: (_) => token(re(TEXT)),
    _indented_text: (_) => token(re(`[ \\t]+${TEXT}`)),

    // ---- what stands inside a line

    date: (_) =>
      token(
        prec(
          1,
          choice(
            /\d{4}-\d{1,2}-\d{1,2}/,
            /\d{1,2}\/\d{1,2}\/(\d{4}|\d{2})/,
            re(
              ci("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec") +
                "[a-z]*\\.?[ \\t]+\\d{1,2}(,[ \\t]*|[ \\t]+)\\d{4}",
            ),
          ),
        ),
      ),

    value: (_) => token(re(TEXT)),

    _hyphen: (_) => token.immediate(prec(3, /[-‑–]/)),
    modifier: (_) => token.immediate(prec(3, /[A-Za-z0-9]+/)),

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
