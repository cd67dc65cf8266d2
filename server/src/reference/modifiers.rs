//! The two-character modifiers on claim lines.
//!
//! Source: CMS and its contractors, see `data/modifiers.tsv`.

use std::sync::LazyLock;

use super::table;

/// Care by video or by voice.
pub const AT_A_DISTANCE: [&str; 4] = ["95", "GT", "93", "FQ"];

/// What a modifier is about, in the order in which an editor offers them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ModifierKind {
    /// Active chiropractic treatment: AT.
    Chiropractic,
    /// A distinct service: 59, XE, XP, XS, XU.
    Distinct,
    /// The discipline of the plan of care: GP, GO, GN.
    Discipline,
    /// Given by an assistant: CQ, CO.
    Assistant,
    /// A side of the body: LT, RT.
    Anatomic,
    Other,
    /// Who is liable when Medicare denies: GA, GX, GY, GZ.
    Liability,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Modifier {
    /// The two characters, capitals.
    pub code: &'static str,
    /// What it says, in a few own words.
    pub label: &'static str,
    pub kind: ModifierKind,
    pub use_when: &'static str,
    pub careful: &'static str,
}

static ALL: LazyLock<Vec<Modifier>> = LazyLock::new(|| {
    table::read(
        include_str!("../../data/modifiers.tsv"),
        "code label kind use_when careful",
        |[code, label, kind, use_when, careful]| {
            let capital = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
            let shaped = code.len() == 2 && code.bytes().all(capital);
            if !shaped || label.is_empty() || use_when.is_empty() || careful.is_empty() {
                return None;
            }
            Some(Modifier {
                code,
                label,
                kind: match kind {
                    "distinct" => ModifierKind::Distinct,
                    "discipline" => ModifierKind::Discipline,
                    "assistant" => ModifierKind::Assistant,
                    "chiropractic" => ModifierKind::Chiropractic,
                    "liability" => ModifierKind::Liability,
                    "anatomic" => ModifierKind::Anatomic,
                    "other" => ModifierKind::Other,
                    _ => return None,
                },
                use_when,
                careful,
            })
        },
    )
});

/// The modifier of a code in any case.
pub fn find(code: &str) -> Option<&'static Modifier> {
    let mut all = all().iter();
    all.find(|modifier| modifier.code.eq_ignore_ascii_case(code))
}

pub fn all() -> &'static [Modifier] {
    &ALL
}

/// The only modifier one slip away: its two characters swapped, else one of them changed.
pub fn nearest(code: &str) -> Option<&'static Modifier> {
    let &[first, second] = code.as_bytes() else {
        return None;
    };
    let swapped = |m: &&Modifier| m.code.as_bytes().eq_ignore_ascii_case(&[second, first]);
    if first != second
        && let Some(modifier) = all().iter().find(swapped)
    {
        return Some(modifier);
    }
    let mut close = all().iter().filter(|modifier| {
        let code = modifier.code.as_bytes();
        code[0].eq_ignore_ascii_case(&first) != code[1].eq_ignore_ascii_case(&second)
    });
    let only = close.next()?;
    close.next().is_none().then_some(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_loads_once_and_in_order() {
        assert!(all().is_sorted_by(|a, b| a.code < b.code));
        let labels: HashSet<_> = all().iter().map(|modifier| modifier.label).collect();
        assert_eq!(labels.len(), all().len());
    }

    #[test]
    fn kinds() {
        let of = |kind| -> Vec<_> {
            all()
                .iter()
                .filter(|modifier| modifier.kind == kind)
                .map(|modifier| modifier.code)
                .collect()
        };
        assert_eq!(of(ModifierKind::Distinct), ["59", "XE", "XP", "XS", "XU"]);
        assert_eq!(of(ModifierKind::Discipline), ["GN", "GO", "GP"]);
        assert_eq!(of(ModifierKind::Liability), ["GA", "GX", "GY", "GZ"]);
        assert_eq!(of(ModifierKind::Assistant), ["CO", "CQ"]);
        assert_eq!(find("gp").map(|modifier| modifier.code), Some("GP"));
        assert_eq!(find("ZZ"), None);
    }

    #[test]
    fn slips() {
        assert_eq!(nearest("TA").map(|modifier| modifier.code), Some("AT"));
        assert_eq!(nearest("pg").map(|modifier| modifier.code), Some("GP"));
        assert_eq!(nearest("KZ").map(|modifier| modifier.code), None);
        for code in ["", "5", "595", "é", "xq"] {
            let _ = nearest(code);
        }
        // Four modifiers are one letter away.
        assert_eq!(nearest("XA"), None);
    }
}
