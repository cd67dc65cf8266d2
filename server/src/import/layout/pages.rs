//! The head and the foot of each page, which record systems print again and again.

use std::collections::HashSet;

use super::entries::code_in;
use super::names::SIGNED;
use crate::pattern::pattern;

pattern!(
    /// The number of a page, which record systems print at its head or foot.
    PAGE,
    r"(?i)(?:^|\s{2,}|\|\s*)(?:page|pg\.?)\s+\d+(?:\s*(?:of|/)\s*\d+)?\s*(?:$|\||\s{2,})"
);

/// The lines of a page's head and foot stand once: those that stand around the number of another page as well, in the same
/// places. What says who signed and what was done is none of them.
pub fn heads_once(lines: Vec<String>) -> Vec<String> {
    let numbers: Vec<usize> = (0..lines.len())
        .filter(|at| PAGE.is_match(lines[*at].trim()))
        .collect();
    let Some((&first, others)) = numbers.split_first() else {
        return lines;
    };
    let bare = |at: usize| PAGE.replace(lines[at].trim(), "").trim().to_owned();
    let same = |at: usize, as_before: usize| {
        let words = bare(at);
        at != as_before
            && words == bare(as_before)
            && (words.is_empty() || !SIGNED.is_match(&words) && code_in(&words).is_none())
    };
    let mut again: HashSet<usize> = HashSet::new();
    for &number in &numbers {
        // The head of a page is as the note begins, or as the page before it began.
        for head in [0, first] {
            let below = (number..lines.len()).zip(head..number);
            again.extend(
                below
                    .take_while(|(at, before)| same(*at, *before))
                    .map(|(at, _)| at),
            );
            let below = (number + 1..lines.len()).zip(head..number);
            again.extend(
                below
                    .take_while(|(at, before)| same(*at, *before))
                    .map(|(at, _)| at),
            );
        }
        let above = (first + 1..number).rev().zip((0..first).rev());
        again.extend(
            above
                .take_while(|(at, before)| same(*at, *before))
                .map(|(at, _)| at),
        );
    }
    again.retain(|at| *at > first);
    let kept = lines
        .iter()
        .enumerate()
        .filter(|(at, _)| !again.contains(at));
    let line = |(at, line): (usize, &String)| {
        let Some(number) = PAGE.find(line) else {
            return vec![line.clone()];
        };
        let rest = line[..number.start()].trim_end().to_owned() + &line[number.end()..];
        let rest = Some(rest).filter(|rest| !rest.trim().is_empty());
        // The number of the first page is a remark, so that it divides no sentence; those of the others say no more.
        let number = format!("// {}", number.as_str().trim_matches([' ', '\t', '|']));
        rest.into_iter()
            .chain((!others.contains(&at)).then_some(number))
            .collect()
    };
    kept.flat_map(line).collect()
}
