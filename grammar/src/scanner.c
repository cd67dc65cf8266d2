/*
 * Only what follows a line's first words tells whether they are a key, and what they are told from is their
 * indentation; but neither is part of the key. The lexer that tree-sitter makes cannot look ahead of a token's end.
 *
 * So this scanner lets that very lexer read the beginning of a line, as grammar.js describes it, and only places the
 * token's ends: behind the indentation, and before the blanks and the first colon. It knows no word of a note, and
 * keeps nothing from one token to the next.
 */

#include "tree_sitter/parser.h"

/* In the order of `externals` in grammar.js. */
enum FirstToken {
  VISIT_KEY,
  DATED_KEY,
  DATE_HEADING,
  SECTION_NAME,
  SECTION_INITIAL,
  SECTION_IN_BRACKETS,
  SECTION_AND_DASH,
  SECTION_ALONE,
  INDENTED_TREATMENT,
  KEY,
  INDENTED_KEY,
  VISIT_AND_DATE,
  COMMENT,
  CODE,
  TEXT,
  TRAP,
  INDENTED_TEXT,
  INDENTED_TRAP,
  TEXT_TO_COLON,
  INDENTED_TEXT_TO_COLON,
};

const TSLanguage *tree_sitter_soapnote(void);

/* What the made lexer takes for the lexer of tree-sitter. */
typedef struct {
  TSLexer lexer;
  TSLexer *line;
  TSSymbol comment;
  TSSymbol code;
  bool after_blank;
  bool in_words;
  bool past_colon;
} FirstTokenLexer;

static void advance_in_line(TSLexer *lexer, bool skip) {
  FirstTokenLexer *self = (FirstTokenLexer *)lexer;
  (void)skip; /* The grammar skips nothing. */
  self->after_blank = lexer->lookahead == ' ' || lexer->lookahead == '\t';
  self->past_colon |= self->in_words && lexer->lookahead == ':';
  self->in_words |= !self->after_blank;
  self->line->advance(self->line, !self->in_words);
  lexer->lookahead = self->line->lookahead;
}

/* The lexer marks an end wherever a token may end; any character that shows may be the last of a text. */
static void mark_end_in_line(TSLexer *lexer) {
  FirstTokenLexer *self = (FirstTokenLexer *)lexer;
  if (self->after_blank) {
    return;
  }
  /* The colon in `// TODO: call` and in `CPT Code: 97110` ends nothing. */
  if (!self->past_colon || lexer->result_symbol == self->comment || lexer->result_symbol == self->code) {
    self->line->mark_end(self->line);
  }
}

static bool is_at_end(const TSLexer *lexer) {
  TSLexer *line = ((const FirstTokenLexer *)lexer)->line;
  return line->eof(line);
}

bool tree_sitter_soapnote_external_scanner_scan(void *payload, TSLexer *line, const bool *valid_symbols) {
  (void)payload;
  /* A visit may begin on any line, behind whatever is above. */
  bool begins_line = valid_symbols[VISIT_KEY];
  bool is_empty = line->lookahead == '\n' || line->lookahead == '\r';
  if (!begins_line || is_empty) {
    return false;
  }
  const TSLanguage *language = tree_sitter_soapnote();
  const TSSymbol *symbols = language->external_scanner.symbol_map;
  FirstTokenLexer self = {
      .lexer = {.lookahead = line->lookahead, .advance = advance_in_line, .mark_end = mark_end_in_line, .eof = is_at_end},
      .line = line,
      .comment = symbols[COMMENT],
      .code = symbols[CODE],
  };
  /* Where tree-sitter begins a file; any line may begin as the first one does. */
  const TSStateId first_state = 1;
  if (!language->lex_fn(&self.lexer, language->lex_modes[first_state].lex_state)) {
    return false;
  }
  int token = VISIT_KEY;
  while (token < TEXT_TO_COLON && symbols[token] != self.lexer.result_symbol) {
    token++;
  }
  if (token == TEXT_TO_COLON) {
    return false; /* A line without words. */
  }
  if (self.past_colon && (token == TEXT || token == TRAP)) {
    token = TEXT_TO_COLON;
  } else if (self.past_colon && (token == INDENTED_TEXT || token == INDENTED_TRAP)) {
    token = INDENTED_TEXT_TO_COLON;
  }
  line->result_symbol = (TSSymbol)token;
  return true;
}

void *tree_sitter_soapnote_external_scanner_create(void) { return NULL; }

void tree_sitter_soapnote_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_soapnote_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_soapnote_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
