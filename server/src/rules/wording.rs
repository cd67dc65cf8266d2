//! Words that several rules' messages share.

use std::fmt::Display;

/// `1 minute`, `7 minutes`, `7.5 minutes`.
pub fn minutes(count: impl Display + PartialEq<u32> + Copy) -> String {
    plural(count, "minute")
}

/// `1 unit`, `2 units`.
pub fn units(count: u32) -> String {
    plural(count, "unit")
}

/// `1 visit`, `2 visits`.
pub fn visits(count: u32) -> String {
    plural(count, "visit")
}

fn plural(count: impl Display + PartialEq<u32> + Copy, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn either<S: AsRef<str>>(items: &[S]) -> String {
    join(items, "or")
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    join(items, "and")
}

fn join<S: AsRef<str>>(items: &[S], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {word} {}", first.join(", "), last.as_ref())
        }
    }
}
