//! Charts of any size, always the same ones, that read like those of a practice: a patient who comes
//! three times a week for years, with other minutes, findings and words at each visit.

use std::fmt::Write as _;

/// What stands before the first visit.
pub const PREAMBLE: &str = "\
patient: 20417
payer: commercial
provider: A. Rivera, LMT
referral: 2020-01-01 to 2027-12-31, 2000 visits, Dr. Okafor
dx: M54.2 neck pain
limitation: desk worker, cannot look over the shoulder while driving
goal 1: drive 45 minutes with neck pain 2/10 or less by 2027-03-31 (now 15 minutes)
goal 2: work at the desk 2 hours without a break for pain by 2027-03-31 (now 40 minutes)

";

/// How many findings each visit of [`Care::Careless`] has.
pub const FINDINGS: usize = 10;

/// How a visit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// As it should be: nothing is found in it.
    Careful,
    /// With [`FINDINGS`] slips in every visit.
    Careless,
}

/// A chart of about this many bytes; never more than a visit (1 KiB) larger.
pub fn chart(bytes: usize, care: Care) -> String {
    let mut text = PREAMBLE.to_owned();
    let mut number = 0;
    while text.len() < bytes {
        text += &visit(number, care);
        number += 1;
    }
    text
}

/// How many visits a chart has.
pub fn visits(chart: &str) -> usize {
    chart.matches("\nvisit: ").count()
}

/// A visit, about 1 KiB long, with an empty line behind it. Visits of other numbers are on other
/// days and say other things.
pub fn visit(number: usize, care: Care) -> String {
    const DAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    const WORK: [&str; 7] = [
        "a long day of calls",
        "the move to the new desk",
        "two late nights at the screen",
        "carrying a child on the left arm",
        "a drive of three hours",
        "a poor night on the old pillow",
        "an afternoon of gardening",
    ];
    const TISSUE: [&str; 5] = [
        "ropey, with a twitch response at mid-belly",
        "taut on the right, softer on the left",
        "guarded at end range",
        "tender along the whole border",
        "less dense than at the visit before",
    ];
    let day = date(number);
    let pain = 4 + number % 4;
    let later = pain - 2;
    let rotation = 48 + number * 7 % 17;
    let after = rotation + 6;
    let flexion = 36 + number * 5 % 9;
    let hours = 5 + number % 4;
    let minutes = 15 + number * 3 % 23;
    let weekday = DAYS[number * 2 % DAYS.len()];
    let (work, tissue) = (WORK[number % WORK.len()], TISSUE[number % TISSUE.len()]);
    let hour = 8 + number % 8;
    let end = 25 + number * 5 % 4;
    let careless = care == Care::Careless;
    let either = |slip: &'static str, right: &'static str| if careless { slip } else { right };
    let mut text = String::new();
    let _ = write!(
        text,
        "\
visit: {day}
session: {hour}:00-{hour}:{close}
S: Neck {pain}/10 on waking, worse since {work}. Slept {hours} hours. Looking over the R
   shoulder caught on {weekday}; the drive home took {minutes} minutes and the last five hurt. Used heat in
   the evening and did the chin tucks on {later} days of the week. No tingling{more}.
O: Cervical rotation R {rotation}°, L 70°; flexion {flexion}°. Upper trapezius and levator scapulae R {tissue}.
   Suboccipitals tender B. Scapula sits {height} cm higher on the R.
{code} cervical, upper thoracic {hour}:04-{hour}:{end}
  technique: myofascial release of levator scapulae, suboccipital release, PA glides C4-C6 gr III
  response: pain {pain}/10 to {later}/10; rotation R {rotation} to {after}
97110 cervical {hour}:{end}-{hour}:46{claimed}
  deep neck flexor holds 10 x 8 s, scapular rows with the green band 3 x 12, chin tucks 2 x 10
{block}A: Rotation R gained {gain}° in the session.{verdict} Drives {minutes} minutes before the neck stops it, toward goal 1 of 45.
P: 3x/week x 4 weeks, then {next}. Home: chin tucks 2 x 10, rows 2 x 12.
signed: A. Rivera, LMT {day}

",
        close = either("44", "50"),
        more = either(". Call 206-555-0142", ", no headache"),
        height = either("___", "1"),
        // The light bulb offers 97140 instead.
        code = either("97141", "97140"),
        claimed = either(", 30 min, 3 units", ""),
        block = either("97112 cervical about 15 min\ntimed minutes: 50\n", ""),
        gain = after - rotation,
        verdict = either(" At a plateau.", ""),
        next = either("maintenance care", "see again"),
    );
    text
}

/// The day of a visit: Mondays, Wednesdays and Fridays from the 6th of January 2020 on.
fn date(number: usize) -> String {
    let leap = |year: usize| year.is_multiple_of(4);
    let mut day = number / 3 * 7 + number % 3 * 2 + 5;
    let mut year = 2020;
    while day >= 365 + usize::from(leap(year)) {
        day -= 365 + usize::from(leap(year));
        year += 1;
    }
    let february = 28 + usize::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(date(0), "2020-01-06");
        assert_eq!(date(1), "2020-01-08");
        assert_eq!(date(3), "2020-01-13");
        assert_eq!(date(24), "2020-03-02", "after a 29th of February");
        assert_eq!(date(156), "2021-01-04");
        assert_eq!(date(999), "2026-05-25");
    }

    #[test]
    fn a_chart_has_the_size_that_was_asked_for() {
        for bytes in [4 << 10, 100 << 10, 1 << 20] {
            let text = chart(bytes, Care::Careful);
            assert!(
                (bytes..bytes + 1400).contains(&text.len()),
                "{}",
                text.len()
            );
            assert_eq!(text, chart(bytes, Care::Careful));
        }
        assert!((950..1100).contains(&visits(&chart(1 << 20, Care::Careful))));
    }
}
