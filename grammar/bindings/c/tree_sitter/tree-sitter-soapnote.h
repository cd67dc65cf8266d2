#ifndef TREE_SITTER_SOAPNOTE_H_
#define TREE_SITTER_SOAPNOTE_H_

typedef struct TSLanguage TSLanguage;

#ifdef __cplusplus
extern "C" {
#endif

const TSLanguage *tree_sitter_soapnote(void);

#ifdef __cplusplus
}
#endif

#endif // TREE_SITTER_SOAPNOTE_H_
