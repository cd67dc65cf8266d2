package tree_sitter_soapnote_test

import (
	"testing"

	tree_sitter "github.com/tree-sitter/go-tree-sitter"
	tree_sitter_soapnote "soapstone.example/tree-sitter-soapnote/bindings/go"
)

func TestCanLoadGrammar(t *testing.T) {
	language := tree_sitter.NewLanguage(tree_sitter_soapnote.Language())
	if language == nil {
		t.Errorf("Error loading SOAP note grammar")
	}
}
