//! Pain and the measures that goals name, from visit to visit.

use serde::Serialize;

use jiff::civil::Date;

use crate::analysis::{Analysis, Piece};
use crate::chart::Goal;
use crate::chart::field::normal;
use crate::chart::measures::{self, Key, Measures};

/// How the patient fared over the visits of the chart, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Course {
    pub pain: Vec<Pain>,
    /// The pain that a goal allows, out of 10.
    pub pain_target: Option<f64>,
    pub measures: Vec<Measure>,
}

/// The pain scores of a visit, out of 10.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pain {
    pub date: String,
    pub worst: f64,
    pub least: f64,
}

/// A measure that a goal names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// The goal's key, such as `goal 1`.
    #[serde(skip)]
    pub goal: String,
    /// The goal's activity, in its own words.
    pub activity: String,
    /// `minutes`, `degrees`, `blocks` ...
    pub unit: &'static str,
    pub target: f64,
    pub values: Vec<Value>,
}

/// What a visit found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    pub date: String,
    pub value: f64,
}

/// The most visits that are read: more than this no panel can draw, and it is asked for after every
/// keystroke.
pub(super) const MOST_VISITS: usize = 200;

/// The course over the treated visits of the chart, the latest of them if there are very many.
pub fn course(analysis: &Analysis) -> Course {
    let treated = analysis
        .pieces()
        .filter(|p| p.is_visit() && p.visit.is_treated());
    let treated = treated.filter_map(|p| Some((p.visit.day()?, p)));
    let mut treated: Vec<(Date, &Piece)> = treated.collect();
    treated.sort_by_key(|(day, _)| *day);
    let latest = &treated[treated.len().saturating_sub(MOST_VISITS)..];
    let read = |(day, p): &(Date, &Piece)| (*day, measures::of_visit(&p.text, &p.visit));
    let visits: Vec<(Date, Measures)> = latest.iter().map(read).collect();
    let pain = visits.iter().filter_map(|(day, measures)| {
        Some(Pain {
            date: day.to_string(),
            worst: figure(*measures.get(&Key::WorstPain)?),
            least: figure(*measures.get(&Key::LeastPain)?),
        })
    });
    let mut course = Course {
        pain: pain.collect(),
        ..Course::default()
    };
    let goals = analysis.pieces().flat_map(|piece| {
        let text = &*piece.text;
        piece.visit.goals.iter().map(move |g| (text, g))
    });
    for (text, goal) in goals {
        if let Some(pain) = measures::pain_of_goal(&text[goal.span.range()]) {
            // A later goal replaces an earlier one.
            course.pain_target = Some(figure(pain));
        }
        let Some((mut wanted, verb)) = wanted(text, goal) else {
            continue;
        };
        let mut known = course.measures.iter_mut();
        let known = known.find(|m| m.activity == wanted.activity && m.unit == wanted.unit);
        if let Some(known) = known {
            known.target = wanted.target;
            continue;
        }
        let values = visits.iter().filter_map(|(day, measures)| {
            Some(Value {
                date: day.to_string(),
                value: figure(found(measures, wanted.unit, &verb)?),
            })
        });
        wanted.values = values.collect();
        course.measures.push(wanted);
    }
    course
}

/// A figure that is kept in tenths.
#[expect(
    clippy::cast_precision_loss,
    reason = "no figure of a note is so large"
)]
fn figure(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

/// What a goal asks for, and its verb, so that `sitting` is found for `sit at desk`.
fn wanted(text: &str, goal: &Goal) -> Option<(Measure, String)> {
    let activity = text[goal.activity?.range()].to_lowercase();
    let measure = &text[goal.measure?.range()];
    let digits = measure.find(|c: char| c != '.' && !c.is_ascii_digit())?;
    let unit = measure[digits..].trim_matches(|c: char| !c.is_alphabetic() && !"°%'".contains(c));
    let verb = measures::stem(activity.split_whitespace().next()?).to_owned();
    let measure = Measure {
        goal: normal(&text[goal.key.range()]),
        unit: unit_words(&unit.to_lowercase())?,
        target: measure[..digits].parse().ok()?,
        values: Vec::new(),
        activity,
    };
    Some((measure, verb))
}

/// What a visit found of a measure: what is called the tolerance, else the largest figure.
fn found(measures: &Measures, unit: &str, verb: &str) -> Option<i64> {
    let found = measures.iter().filter_map(|(key, value)| {
        let (label, found_unit) = match key {
            Key::Minutes(label) => (label.as_str(), "minutes"),
            Key::Degrees(label) => (label.as_str(), "degrees"),
            Key::Other(label) => {
                let (label, unit) = label.rsplit_once(' ')?;
                (label, unit_words(unit)?)
            }
            Key::WorstPain | Key::LeastPain => return None,
        };
        let is_it = found_unit == unit && label.split(' ').any(|word| word == verb);
        is_it.then_some((label.contains("toleranc"), *value))
    });
    found.max().map(|(_, value)| value)
}

/// A unit in full and in the plural; nothing for a mark that is no unit, such as the stroke of `3/5`.
fn unit_words(unit: &str) -> Option<&'static str> {
    Some(match unit.split_whitespace().next()? {
        "min" | "mins" | "minute" | "minutes" | "'" => "minutes",
        "h" | "hr" | "hrs" | "hour" | "hours" => "hours",
        "sec" | "secs" | "second" | "seconds" | "s" => "seconds",
        "°" | "deg" | "degree" | "degrees" => "degrees",
        "ft" | "foot" | "feet" => "feet",
        "mile" | "miles" => "miles",
        "block" | "blocks" => "blocks",
        "step" | "steps" => "steps",
        "stair" | "stairs" => "stairs",
        "flight" | "flights" => "flights",
        "lb" | "lbs" | "pound" | "pounds" => "pounds",
        "kg" | "kgs" => "kg",
        "rep" | "reps" | "repetitions" => "repetitions",
        "cm" => "cm",
        "in" | "inch" | "inches" => "inches",
        "%" | "percent" => "percent",
        _ => return None,
    })
}
