//! The syntax tree over the text of one piece.

use tree_sitter::{Node, Parser, Tree, TreeCursor};

thread_local! {
    /// Parsers are not shared between threads and keep buffers worth keeping.
    static PARSER: std::cell::RefCell<Option<Parser>> = const { std::cell::RefCell::new(None) };
}

/// A text and its tree. The grammar takes any text, so there is always a tree, and never an
/// `ERROR` or `MISSING` node in it.
#[derive(Clone, Debug)]
pub struct Syntax {
    tree: Option<Tree>,
}

impl Syntax {
    /// Parses a text in full.
    pub fn of(text: &str) -> Self {
        Self { tree: parse(text) }
    }

    /// The root node, unless the parser could not be set up at all.
    pub fn root(&self) -> Option<Node<'_>> {
        self.tree.as_ref().map(Tree::root_node)
    }
}

fn parse(text: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser
                .set_language(&tree_sitter_soapnote::LANGUAGE.into())
                .ok()?;
            *slot = Some(parser);
        }
        slot.as_mut()?.parse(text, None)
    })
}

/// Where a node's line begins, of a node that stands first on it: it begins behind the line's indentation.
pub fn start_with_indentation(node: Node<'_>, text: &str) -> usize {
    let before = &text[..node.start_byte()];
    before.trim_end_matches([' ', '\t']).len()
}

/// Calls with each child of the node that a cursor stands on, the cursor standing on the child.
pub fn for_each_child<'tree>(
    cursor: &mut TreeCursor<'tree>,
    mut call: impl FnMut(&mut TreeCursor<'tree>, Node<'tree>),
) {
    let mut more = cursor.goto_first_child();
    if !more {
        return;
    }
    while more {
        let node = cursor.node();
        call(cursor, node);
        more = cursor.goto_next_sibling();
    }
    cursor.goto_parent();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Document, begins_visit};
    use proptest::prelude::*;

    fn visits_in(syntax: &Syntax) -> usize {
        let mut count = 0;
        for_each_child(&mut syntax.root().unwrap().walk(), |_, node| {
            count += usize::from(node.kind() == "visit");
        });
        count
    }

    fn notes() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                "visit: 2026-01-02",
                "visit",
                ":",
                "dos: ",
                "\n",
                "\r",
                "\r\n",
                "  ",
                "é",
                "\u{1F600}",
                "97140",
                "-59",
                " lumbar",
                " 10:02-10:27",
                "S:",
                "technique: x",
                "dx: M54.50",
                "x",
                "//",
                "25 min",
            ]),
            0..30,
        )
        .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// No construct crosses a visit heading, so that the pieces may be parsed one by one.
        #[test]
        fn the_pieces_equal_the_whole(text in notes()) {
            let whole = Syntax::of(&text);
            let visits = visits_in(&whole);
            let document = Document::new(&text);
            let headed = document.pieces().iter().filter(|p| begins_visit(&p.text)).count();
            prop_assert_eq!(visits, headed);
            for piece in document.pieces() {
                let visits = visits_in(&Syntax::of(&piece.text));
                prop_assert_eq!(visits, usize::from(begins_visit(&piece.text)));
            }
        }
    }
}
