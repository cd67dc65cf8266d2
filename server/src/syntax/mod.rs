//! The syntax tree over a text, kept up to date from one keystroke to the next.

use tree_sitter::{InputEdit, Node, Parser, Point, Tree, TreeCursor};

use crate::text::{Difference, Span};

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
        Self {
            tree: parse(text, None),
        }
    }

    /// Parses what became of `old`, this tree's text, going over the changed part only.
    #[must_use]
    pub fn updated(&self, old: &str, new: &str) -> Self {
        let Some(tree) = &self.tree else {
            return Self::of(new);
        };
        let mut tree = tree.clone();
        tree.edit(&edit(old, new));
        Self {
            tree: parse(new, Some(&tree)),
        }
    }

    /// The root node, unless the parser could not be set up at all.
    pub fn root(&self) -> Option<Node<'_>> {
        self.tree.as_ref().map(Tree::root_node)
    }
}

fn parse(text: &str, old: Option<&Tree>) -> Option<Tree> {
    PARSER.with_borrow_mut(|slot| {
        if slot.is_none() {
            let mut parser = Parser::new();
            parser
                .set_language(&tree_sitter_soapnote::LANGUAGE.into())
                .ok()?;
            *slot = Some(parser);
        }
        slot.as_mut()?.parse(text, old)
    })
}

/// The one edit that makes `new` of `old`.
fn edit(old: &str, new: &str) -> InputEdit {
    let change = Difference::between(old, new);
    let start = behind(
        Point { row: 0, column: 0 },
        &old.as_bytes()[..change.old.start],
    );
    InputEdit {
        start_byte: change.old.start,
        old_end_byte: change.old.end,
        new_end_byte: change.new.end,
        start_position: start,
        old_end_position: behind(start, &old.as_bytes()[change.old.range()]),
        new_end_position: behind(start, &new.as_bytes()[change.new.range()]),
    }
}

/// The place behind a text that begins at a place, as tree-sitter counts: rows end at `\n` only, columns
/// are bytes.
fn behind(from: Point, text: &[u8]) -> Point {
    let breaks: usize = text.iter().map(|b| usize::from(*b == b'\n')).sum();
    let line = text.iter().rev().take_while(|b| **b != b'\n').count();
    Point {
        row: from.row + breaks,
        column: if breaks > 0 { line } else { from.column + line },
    }
}

/// The span of a node without the blanks of an indented first token.
pub fn inked(node: Node<'_>, text: &str) -> Span {
    let span = Span::from(node.byte_range());
    let ink = text.as_bytes()[span.range()].iter();
    let indent = ink.take_while(|b| matches!(b, b' ' | b'\t')).count();
    Span::new(span.start + indent, span.end)
}

/// Calls with each child that carries a name of the node that a cursor stands on, the cursor standing on
/// the child.
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
        if node.is_named() {
            call(cursor, node);
        }
        more = cursor.goto_next_sibling();
    }
    cursor.goto_parent();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Document, begins_visit};
    use proptest::prelude::*;

    fn leaves(syntax: &Syntax) -> String {
        fn walk(node: Node<'_>, out: &mut String) {
            use std::fmt::Write;
            let _ = write!(out, "({} {:?}", node.kind(), node.byte_range());
            for index in 0..node.child_count() {
                walk(node.child(index).unwrap(), out);
            }
            out.push(')');
        }
        let mut out = String::new();
        walk(syntax.root().unwrap(), &mut out);
        out
    }

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

    #[test]
    fn an_edit_is_what_lies_between() {
        let long = "visit: 2026-01-02\nS: x\n".repeat(9);
        for at in [0, 1, 40, 100, 150, long.len()] {
            for (old, new) in [("", "é"), ("y\n", "z"), ("1", "")] {
                let old = format!("{}{old}{}", &long[..at], &long[at..]);
                let new = format!("{}{new}{}", &long[..at], &long[at..]);
                let edit = edit(&old, &new);
                assert_eq!(old[..edit.start_byte], new[..edit.start_byte]);
                assert_eq!(old[edit.old_end_byte..], new[edit.new_end_byte..]);
                assert!(edit.old_end_byte - edit.start_byte <= 3);
                for (text, end, found) in [
                    (&old, edit.start_byte, edit.start_position),
                    (&old, edit.old_end_byte, edit.old_end_position),
                    (&new, edit.new_end_byte, edit.new_end_position),
                ] {
                    let row = text[..end].matches('\n').count();
                    let column = end - text[..end].rfind('\n').map_or(0, |at| at + 1);
                    assert_eq!(found, Point { row, column });
                }
            }
        }
    }

    proptest! {
        #[test]
        fn incremental_equals_full(old in notes(), new in notes(), keep in 0usize..40) {
            let mut keep = keep.min(old.len());
            while !old.is_char_boundary(keep) { keep -= 1; }
            let new = format!("{}{new}{}", &old[..keep], &old[keep..]);
            let updated = Syntax::of(&old).updated(&old, &new);
            prop_assert_eq!(leaves(&updated), leaves(&Syntax::of(&new)));
        }

        /// No construct crosses a visit heading, so that the parts may be parsed one by one.
        #[test]
        fn the_parts_equal_the_whole(text in notes()) {
            let whole = Syntax::of(&text);
            let visits = visits_in(&whole);
            let document = Document::new(&text);
            let headed = document.segments().iter().filter(|s| begins_visit(s.text.as_bytes())).count();
            prop_assert_eq!(visits, headed);
            for segment in document.segments().iter() {
                let part = Syntax::of(segment.text);
                let visits = visits_in(&part);
                prop_assert_eq!(visits, usize::from(begins_visit(segment.text.as_bytes())));
            }
        }
    }
}
