//! The figures as a page with plots, drawn by the library that draws the claim panel in VS Code.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;

use super::gather::{GoalProgress, Group, Named, Report, Week};
use super::{an_hour, text as words};
use crate::cli::counted;
use crate::cli::html::{Cell, day_words, footer, page, table, text};

const UPLOT: &str = include_str!("../../../data/uplot/uPlot.iife.min.js");
const UPLOT_STYLE: &str = include_str!("../../../data/uplot/uPlot.min.css");
const DRAW: &str = include_str!("plots.js");
const STYLE: &str = include_str!("stats.css");

/// More plots of goals than these nobody looks at; the table has all of them.
const MOST_GOALS: usize = 24;

/// A plot as the page's script draws it.
#[derive(Serialize)]
struct Plot {
    title: String,
    /// Seconds since 1970.
    x: Vec<i64>,
    series: Vec<Series>,
    target: Option<f64>,
}

#[derive(Serialize)]
struct Series {
    label: &'static str,
    bars: bool,
    /// The name of its color in the style.
    color: &'static str,
    values: Vec<Option<f64>>,
}

pub(super) fn render(report: &Report) -> String {
    let title = "Practice figures";
    let mut plots = Vec::new();
    let mut body = format!(
        "<h1>{title}</h1>\n<p class=\"quiet\">{}</p>\n",
        text(&days(report))
    );
    let _ = writeln!(
        body,
        "<p>{}, {}, {}. {}</p>\n<p>{}</p>",
        counted(report.notes, "note"),
        counted(report.all.visits, "visit"),
        counted(report.all.units as usize, "unit"),
        text(&words::hours(report)),
        text(&words::risk(report))
    );
    body += "<section>\n<h2>From week to week</h2>\n<div class=\"plots\">\n";
    for plot in by_week(&report.weeks) {
        body += &place(&mut plots, plot);
    }
    body += "</div>\n</section>\n<section>\n<h2>At risk</h2>\n";
    body += &rules(report);
    body += &groups("Payers", "payer", &report.payers);
    body += &groups("Clinicians", "clinician", &report.clinicians);
    body += "</section>\n";
    body += &goals(report, &mut plots);
    body += &left(report);
    body += &footer(report.today, &report.tables, "");
    // The only sign that could end the element of the data.
    let data = serde_json::to_string(&plots).unwrap_or_default();
    let data = data.replace('<', "\\u003c");
    let scripts = format!(
        "<script type=\"application/json\" id=\"plots\">{data}</script>\n<script>\n{UPLOT}</script>\n<script>\n{DRAW}</script>\n"
    );
    page(title, &body, &format!("{UPLOT_STYLE}\n{STYLE}"), &scripts)
}

/// "Nov 2, 2026 to Nov 20, 2026": the weeks of the visits.
fn days(report: &Report) -> String {
    match (report.weeks.first(), report.weeks.last()) {
        (Some(first), Some(last)) if first.monday < last.monday => format!(
            "Weeks of {} to {}",
            day_words(first.monday),
            day_words(last.monday)
        ),
        (Some(only), _) => format!("Week of {}", day_words(only.monday)),
        _ => "No visit has a date".to_owned(),
    }
}

/// The place of a plot, which is told to the script.
fn place(plots: &mut Vec<Plot>, plot: Plot) -> String {
    let place = format!(
        "<figure><figcaption>{}</figcaption><div class=\"plot\" id=\"plot-{}\"></div></figure>\n",
        text(&plot.title),
        plots.len()
    );
    plots.push(plot);
    place
}

fn by_week(weeks: &[Week]) -> Vec<Plot> {
    let plot = |title: &str, series: Vec<Series>| Plot {
        title: title.to_owned(),
        x: weeks.iter().map(|week| seconds(week.monday)).collect(),
        series,
        target: None,
    };
    let values =
        |value: fn(&Group) -> Option<f64>| weeks.iter().map(|week| value(&week.group)).collect();
    let bars = |label, color, value: fn(&Group) -> Option<f64>| Series {
        label,
        bars: true,
        color,
        values: values(value),
    };
    if weeks.is_empty() {
        return Vec::new();
    }
    vec![
        plot(
            "Units an hour of session",
            vec![Series {
                label: "units an hour",
                bars: false,
                color: "main",
                values: values(|group| group.units_an_hour),
            }],
        ),
        plot(
            "Units of a week; red: of visits with an error",
            vec![
                bars("units", "main", |group| Some(f64::from(group.units))),
                bars("at risk", "error", |group| {
                    Some(f64::from(group.units_at_risk))
                }),
            ],
        ),
    ]
}

/// Seconds since 1970 of a day, which belongs to no time zone.
fn seconds(day: Date) -> i64 {
    let zoned = day.to_zoned(jiff::tz::TimeZone::UTC);
    zoned.map_or(0, |day| day.timestamp().as_second())
}

fn rules(report: &Report) -> String {
    let most = report.rules.iter().map(|rule| rule.errors).max();
    let most = most.unwrap_or_default();
    let rows = report.rules.iter().map(|rule| {
        vec![
            Cell::Words(rule.rule.to_owned()),
            Cell::Bar(rule.errors, most),
            Cell::Figure(rule.warnings.to_string()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return "<p>No error and no warning.</p>\n".to_owned();
    }
    let heads = ["rule", "errors", "warnings"];
    format!("<h3>Rules</h3>\n{}", table("What was found", &heads, &rows))
}

fn groups(title: &str, head: &str, groups: &[Named]) -> String {
    let most = groups.iter().map(|named| named.group.units_at_risk);
    let most = most.max().unwrap_or_default() as usize;
    let rows = groups.iter().map(|Named { name, group }| {
        vec![
            Cell::Words(name.clone()),
            Cell::Figure(group.visits.to_string()),
            Cell::Figure(group.visits_at_risk.to_string()),
            Cell::Figure(group.units.to_string()),
            Cell::Bar(group.units_at_risk as usize, most),
            Cell::Figure(group.errors.to_string()),
            Cell::Figure(group.warnings.to_string()),
            Cell::Figure(an_hour(group.units_an_hour)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads = [
        head,
        "visits",
        "at risk",
        "units",
        "units at risk",
        "errors",
        "warnings",
        "units an hour",
    ];
    let caption = "A visit with an error is at risk";
    format!("<h3>{title}</h3>\n{}", table(caption, &heads, &rows))
}

fn goals(report: &Report, plots: &mut Vec<Plot>) -> String {
    if report.goals.is_empty() {
        return String::new();
    }
    let mut out = "<section>\n<h2>Goals</h2>\n<div class=\"plots\">\n".to_owned();
    for goal in report.goals.iter().take(MOST_GOALS) {
        out += &place(plots, of_goal(goal));
    }
    let rows = report.goals.iter().map(|goal| {
        vec![
            Cell::Words(goal.note.clone()),
            Cell::Words(goal.words()),
            Cell::Figure(goal.first.value.to_string()),
            Cell::Figure(goal.last.value.to_string()),
            Cell::Figure(goal.target.map_or("-".to_owned(), |t| t.to_string())),
            Cell::Figure(goal.percent.map_or("-".to_owned(), |p| format!("{p} %"))),
        ]
    });
    let heads = ["note", "measure", "first", "last", "goal", "of the way"];
    let rows: Vec<_> = rows.collect();
    out += "</div>\n";
    out += &table("From the first visit to the last", &heads, &rows);
    out + "</section>\n"
}

fn of_goal(goal: &GoalProgress) -> Plot {
    Plot {
        title: format!("{}: {}", goal.note, goal.words()),
        x: goal.values.iter().map(|v| seconds(v.date)).collect(),
        series: vec![Series {
            label: "found",
            bars: false,
            color: "main",
            values: goal.values.iter().map(|v| Some(v.value)).collect(),
        }],
        target: goal.target,
    }
}

fn left(report: &Report) -> String {
    let rows = report.left.iter().map(|left| {
        let number = |number: Option<i64>| number.map_or("-".to_owned(), |n| n.to_string());
        vec![
            Cell::Words(left.note.clone()),
            Cell::Words(left.of.to_owned()),
            Cell::Figure(number(left.visits_left)),
            Cell::Figure(number(left.units_left)),
            Cell::Figure(number(left.days_left.map(i64::from))),
            Cell::Figure(left.until.map_or("-".to_owned(), |day| day.to_string())),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads = ["note", "of", "visits", "units", "days", "last day"];
    let caption = "The fewest visits first; below zero there were more than allowed, or it is over";
    format!(
        "<section>\n<h2>Visits and authorizations left</h2>\n{}</section>\n",
        table(caption, &heads, &rows)
    )
}

#[cfg(test)]
mod tests {
    use super::UPLOT;

    /// The page and the claim panel draw with the same library.
    #[test]
    fn the_plotting_library_is_that_of_the_claim_panel() {
        let package = include_str!("../../../../editors/vscode/package.json");
        let package: serde_json::Value = serde_json::from_str(package).expect("it is JSON");
        let version = package["devDependencies"]["uplot"]
            .as_str()
            .expect("a version");
        assert!(UPLOT.contains(&format!("(v{version})")), "{version}");
        assert!(!UPLOT.contains("</script"));
    }
}
