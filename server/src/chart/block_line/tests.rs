//! What lines say of their blocks.

use super::*;

pattern!(CODE, r"9[7-9]\d{3}");

fn line(text: &str) -> BlockLine {
    let code = Span::from(CODE.find(text).unwrap().range());
    read(text, code, Span::new(0, text.len()))
}

/// Modifiers, clock ranges, durations (with a question mark if ambiguous), claim and diagnoses.
fn said(text: &str) -> String {
    let line = line(text);
    let modifiers = line.modifiers.iter().map(|m| {
        assert!(text[m.span.range()].eq_ignore_ascii_case(&m.code), "{text}");
        m.code.clone()
    });
    let clock = line
        .clock
        .iter()
        .map(|r| format!("{}-{}", time::clock(r.start), time::clock(r.end)));
    let durations = line.durations.iter().map(|d| match d.inexact {
        Inexact::No => format!("{} min", d.minutes),
        inexact => format!("{} min {inexact:?}", d.minutes),
    });
    let durations = durations.collect::<Vec<_>>().join(" + ");
    let durations = match (durations.is_empty(), line.ambiguous) {
        (true, _) => None,
        (false, true) => Some(format!("{durations}?")),
        (false, false) => Some(durations),
    };
    let claimed = line.claimed.map(|c| format!("x{}", c.units));
    let figure = line.figure.map(|d| format!("{} of what", d.minutes));
    let blank = line.time_placeholder.then(|| "___".to_owned());
    let diagnoses = line.diagnoses.iter().map(|d| d.code.clone());
    let parts = modifiers
        .chain(clock)
        .chain(durations)
        .chain(claimed)
        .chain(figure)
        .chain(blank)
        .chain(diagnoses);
    parts.collect::<Vec<_>>().join(", ")
}

fn all_say(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(said(text), *expected, "{text}");
    }
}

#[test]
fn modifiers_however_joined() {
    all_say(&[
        ("97110-GP", "GP"),
        ("97110-GP-59", "GP, 59"),
        // A code that was proposed.
        ("97110? lumbar 25 min", "25 min"),
        ("97110?-GP 25 min", "GP, 25 min"),
        ("97110? 59 25 min", "59, 25 min"),
        ("97110?GP", "GP"),
        ("97110?:25 min", "25 min"),
        ("97110?x2 25 min", "25 min, x2"),
        ("97110 ? 25 min", "25 min"),
        ("97110–59 lumbar", "59"),
        ("97110:GP:59 lumbar 25 min", "GP, 59, 25 min"),
        ("97110GP", "GP"),
        ("97110GPCQ 15 min", "GP, CQ, 15 min"),
        ("97110gp lumbar", "GP"),
        ("97110/GP", "GP"),
        ("97110_GP", "GP"),
        ("97110 mod GP", "GP"),
        ("97110 modifiers GP, 59", "GP, 59"),
        ("97110 mod A", ""),
        ("97110/GP/59", "GP, 59"),
        ("97110 GP, 59 lumbar", "GP, 59"),
        ("97110 GP 59", "GP, 59"),
        ("97110, GP, lumbar, 25 min", "GP, 25 min"),
        ("97110: GP, 25 min", "GP, 25 min"),
        ("97110 - GP, 25 min", "GP, 25 min"),
        ("97110 (GP) lumbar", "GP"),
        ("97110 [GP, 59]-CQ", "GP, 59, CQ"),
        ("97110-GP,CQ", "GP, CQ"),
        ("97110-GP CQ lumbar", "GP, CQ"),
        ("97140 59", "59"),
        ("97140 59 10:00-10:25", "59, 10:00-10:25"),
        ("97140 59 hip 15 min", "59, 15 min"),
        ("97140-LT shoulder", "LT"),
        ("97110 Mod: GP Minutes: 15", "GP, 15 min"),
        ("97110 Modifiers: GP, 59", "GP, 59"),
        ("97110 lumbar, modifier(s): GP/CQ, 25 min", "GP, CQ, 25 min"),
        ("97110 Mod: GP 25 min", "GP, 25 min"),
        // Wrong ones are modifiers all the same: a rule speaks of them.
        ("97140-5 lumbar 15 min", "5, 15 min"),
        ("97140-PG lumbar", "PG"),
        ("97140-59GP lumbar", "59GP"),
        // Words, sides, regions and figures are none.
        ("97124-low back", ""),
        ("97124-R shoulder", ""),
        ("97124-LS", ""),
        ("97124-C4-C6", ""),
        ("97124-to neck", ""),
        ("97110-exercise", ""),
        ("97110-3x10", ""),
        ("97110 - Ther ex", ""),
        ("97110-97112", ""),
        ("97110/97112", ""),
        ("97140 LT shoulder", ""),
        ("97140 (R)", ""),
        ("97140 (LT) shoulder", ""),
        ("97110, 25, 2", "25 of what"),
        ("97110 52 steps", ""),
        ("97110 at home", ""),
        ("97140-10:02-10:27", "10:02-10:27"),
        ("97140-59-10:02-10:27", "59, 10:02-10:27"),
    ]);
}

#[test]
fn modifiers_apart_from_the_code() {
    all_say(&[
        ("97140 30 min GP", "GP, 30 min"),
        ("97140 30 min, GP 59", "GP, 59, 30 min"),
        ("97140 30 min (GP/59).", "GP, 59, 30 min"),
        ("97140 30 min GP59", "GP, 59, 30 min"),
        ("97140 30 min - 59", "59, 30 min"),
        ("97140 30 min. GP.", "GP, 30 min"),
        ("97140 GP 30 min GP", "GP, 30 min"),
        ("97140 x2 GO 59 38 min", "GO, 59, 38 min, x2"),
        ("97140 30 min GP x2", "GP, 30 min, x2"),
        ("97140 2 units GP", "GP, x2"),
        ("97140 10:00-10:25 GP", "GP, 10:00-10:25"),
        ("97140 Manual therapy 59 30 min", "59, 30 min"),
        ("97140 myofascial release, lumbar GP 30 min", "GP, 30 min"),
        ("97110 SLR 3 x 10, squats GP 30 min", "GP, 30 min"),
        ("97140 gp 30 min", "GP, 30 min"),
        ("97140; GP; 30 min", "GP, 30 min"),
        ("97140 | GP | 59 | 30 min", "GP, 59, 30 min"),
        ("97140 – GP – 30 min", "GP, 30 min"),
        ("97140 + GP 30 min", "GP, 30 min"),
        ("97140 #59 30 min", "59, 30 min"),
        ("97140, 59, 30 min", "59, 30 min"),
        ("97140 - 59 - 30 min", "59, 30 min"),
        ("97140 M:59 30 min", "59, 30 min"),
        ("97140 30 min w/ 59 modifier", "59, 30 min"),
        ("97140 30 min (2 units) GP 59", "GP, 59, 30 min, x2"),
        ("97140 30 min GP lumbar", "GP, 30 min"),
        ("97140 30 min GP tolerated well", "GP, 30 min"),
        ("97140 30 min 59 lumbar", "59, 30 min"),
        ("97110 25 min GP POS 11", "GP, 25 min"),
        ("97110 25 min GP CQ PTA", "GP, CQ, 25 min"),
        ("97110 15 min GP CO-TX OT", "GP, 15 min"),
        ("97110 TherEx (GP) (CQ) 15 min", "GP, CQ, 15 min"),
        ("97140 30 min, tolerated well, GP 59", "GP, 59, 30 min"),
        ("97140 manual therapy gp 30 min", "GP, 30 min"),
        ("GP 97140 30 min", "GP, 30 min"),
        ("97140 GP and KX 15 min", "GP, KX, 15 min"),
        ("97140 modifiers GP and KX, 15 min", "GP, KX, 15 min"),
        ("97140 30 min 2 units GP KX $80", "GP, KX, 30 min, x2"),
        (
            "97140 2 units (15 min each) GP 59, KX not needed",
            "GP, 59, x2",
        ),
        ("97140 GP LT 15 min", "GP, LT, 15 min"),
        ("97140 GP LT shoulder 15 min", "GP, 15 min"),
        ("97110 GP 25 SLR, 30 min", "GP, 30 min"),
        ("99213 25 Office visit", "25"),
        ("97110-25x3 30 min", "30 min"),
        ("97535 Self-care/home mgmt training GO 15 min", "GO, 15 min"),
        ("97161 PT evaluation, low complexity, GP", "GP"),
        ("98941 3-4 regions AT", "AT"),
        ("98942 CMT 5 regions, AT, GA", "AT, GA"),
        ("98943 Extraspinal, R shoulder, 59", "59"),
        ("97140-59x3 30 min", "59, 30 min, x3"),
        ("97140GPx2 30min", "GP, 30 min, x2"),
        ("97140 mod59 30 min", "59, 30 min"),
        ("97140 30 min, modifier -59 appended", "59, 30 min"),
        ("97140 30 min with GP and 59 modifiers", "GP, 59, 30 min"),
        ("97140 Manual therapy - 59 - 30 min", "59, 30 min"),
    ]);
}

#[test]
fn people_orders_figures_and_words_in_capitals_are_no_modifiers() {
    all_say(&[
        ("97110 15 min, GP informed", "15 min"),
        ("97110 letter to GP, 15 min", "15 min"),
        ("97110 discussed with GP 15 min", "15 min"),
        ("97110 sit to stand and GO 30 min", "30 min"),
        ("97110 SQUATS AT HOME 15 min", "15 min"),
        ("97110 AT HOME 15 min", "15 min"),
        ("97110 15 min CO pain", "15 min"),
        ("97110 red band XS 15 min", "15 min"),
        ("97110 needs GP", ""),
        ("97110 15 min, phoned GP", "15 min"),
        ("97110 15 min, GP: Dr Smith", "15 min"),
        ("97110 GP referral, 15 min", "15 min"),
        ("97110 15 min, therapist: GP", "15 min"),
        ("97110 15 min. GP to review meds.", "15 min"),
        ("97110 15 min, notified GP", "15 min"),
        ("97110 15 min (GP, surgeon informed)", "15 min"),
        ("97110 GP Rx 15 min", "GP, 15 min"),
        ("97110 GP: advised on posture 15 min", "GP, 15 min"),
        ("97110 GP 15 min KX not required", "GP, 15 min"),
        ("97110 15 min GP, CQ: none", "GP, 15 min"),
        ("97110 15 min GP, GO billed by OT", "GP, 15 min"),
        ("97110 15 min GP or GO?", "15 min"),
        ("97110 15 min, no CQ", "15 min"),
        ("97110 15 min no modifier 59", "15 min"),
        ("97110 15 min, modifier 59 not needed", "15 min"),
        ("97110 CQ? 15 min", "15 min"),
        ("97110 CO-treat with OT 15 min", "15 min"),
        ("97129 GO/NO GO TASK 15 MIN", "15 min"),
        ("97110 15 min: SLR 25, LAQ 59, HS 76", "15 min"),
        ("97110 knee 59 15 min", "15 min"),
        ("97110 15 min, $59", "15 min"),
        ("97110 15 min, >59", "15 min"),
        ("97110 59 y/o male 15 min", "15 min"),
        ("97012 59# hold 30 15 min", "15 min"),
        ("97140 15 min, AROM 59", "15 min"),
        ("97110 30 min, BP 120/59", "30 min"),
        ("97110 30 min, HR 72, 59", "30 min"),
        ("97110 30 min, age 59", "30 min"),
        ("97110 30 min total time 59", "30 min"),
        ("97110 30 min Total: 59", "30 min"),
        ("97110 15 min flexion 59", "15 min"),
        ("97110 15 min 59 reps", "15 min"),
        ("97110 Units: 4 M: 59", "x4"),
        ("97110 - 59 - 60 min", "59 min Range"),
    ]);
}

#[test]
fn where_a_further_modifier_goes() {
    for (text, before) in [
        ("97110 lumbar", "97110"),
        ("97110:GP:59 lumbar", "97110:GP:59"),
        ("97110 (GP) lumbar", "97110 (GP)"),
        ("97110 GP, 59 lumbar", "97110 GP, 59"),
        ("97124-low back", "97124"),
        ("97110 Mod: GP", "97110"),
        (
            "Manual therapy (97140): 12 minutes",
            "Manual therapy (97140",
        ),
    ] {
        assert_eq!(&text[..line(text).modifiers_end], before);
    }
}

#[test]
fn figures_with_labels() {
    all_say(&[
        ("97110 Units (2) Minutes (30)", "30 min, x2"),
        ("97110 Units: 2 Min:", "x2"),
        ("97110 Min: 30 Units 2", "30 min, x2"),
        ("97110 Duration: 30", "30 min"),
        ("97110 Duration: 6 weeks", ""),
        ("97110 minutes (3 x 10)", ""),
        // What is numbered is no treatment.
        ("97110 POS 11 Min 30 Units 2", "30 min, x2"),
        ("97110 Visit 11 Units 2", "x2"),
        ("97110 Age 59 Min 30 Units 2", "30 min, x2"),
        ("97110 Fee 76.00 Units 2 Min 30", "30 min, x2"),
        ("97110 Pain 5 Min 30", "30 min"),
        // Figures that agree as they stand have their labels behind them.
        ("97110 GP 30 min 2 units 72.40", "GP, 30 min, x2"),
        ("97110 GP 2 units 30 min 80.00", "GP, 30 min, x2"),
        ("97110 GP 2 units 30 min 25 reps", "GP, 30 min, x2"),
        ("97110 NPI 1234567893 Min 30 Units 2", "30 min, x2"),
        // Times of something else.
        ("97110 x2. Next appt 11/24 2:00-2:30", "x2"),
        ("97110 30 min; session 10:00-10:45", "30 min"),
        ("97110 session 10:00-10:25", "10:00-10:25"),
        ("97110 2 units; HEP 30 min daily", "x2"),
        ("97110 pt arrived 10 min late", ""),
        ("97110 2 units, goal: stand 30 min at counter", "x2"),
        ("97110 15 MIN AT HOME", "15 min"),
        ("97530 15 min daily living skills", "15 min"),
        ("97110 15 min daily HEP 10 min", "15 min"),
        ("97110 Sets: 3 Duration: 30", ""),
        ("97760 30 min, L3908 Qty: 1", "30 min"),
        ("97110 15 min, Qty: 2 bands issued", "15 min"),
        ("97110 Unit(s): 2 Minute(s): 30", "30 min, x2"),
        ("97110 30 min/2 units", "30 min, x2"),
        ("97110 Qty: 2, 30 min", "30 min, x2"),
        ("97110 15 min, hold duration: 30", "15 min"),
        ("97110 30 min, 12 units remaining on auth", "30 min"),
        ("97110 motor units 3, 15 min", "15 min"),
        ("97110 15 min, x59", "15 min"),
        ("97110 SLR 2x15 - 25 min", "25 min"),
        ("97110 Auth 12 of 20 Units 2", "x2"),
        ("97110 Mod: 59 Units: ___", "59, ___"),
        ("97110 Mod: 59 Units: Min: 30", "59, 30 min"),
        // What a unit stands for is no time of treatment.
        ("97110 2 units (15 min each)", "x2"),
        ("97110 x2 @ 15 min ea", "x2"),
    ]);
}

#[test]
fn times_in_every_spelling() {
    all_say(&[
        ("97110 lumbar 25 min", "25 min"),
        ("97110: 25 min", "25 min"),
        ("97110:25 min", "25 min"),
        ("97140-25 min", "25 min"),
        ("97140-25'", "25 min"),
        ("97140/25 minutes", "25 min"),
        ("97140-GP-25 min", "GP, 25 min"),
        ("97110 GP, 59 min", "GP, 59 min"),
        ("97110 25", "25 of what"),
        ("97124 50", "50 of what"),
        ("97110-25", "25"),
        ("98941 25", "25"),
        ("97110 50 25 min", "50, 25 min"),
        ("97140 59", "59"),
        ("97140 59 15", "59, 15 of what"),
        ("97110-GP 25 2", "GP, 25 of what"),
        ("97110 lumbar - 25", "25 of what"),
        ("97110 25 bridges", ""),
        ("97110 squats 25", ""),
        ("97110 (4)", ""),
        ("97110 25 (3 x 10)", ""),
        ("97014 15", ""),
        ("97110 0:25", "25 min"),
        ("97110 - :25", "25 min"),
        ("97110:25", "25 of what"),
        ("97110 1:05", ""),
        ("97110 2u/25m", "25 min, x2"),
        ("Minutes: 97110-25", "25 min"),
        ("Minutes: 97140-59 25", "59, 25 min"),
        ("Minutes: 97110 bridges 25", "25 min"),
        ("Units/min: 97110 - 2/25", "25 min, x2"),
        ("Units: 97110 (2)", "x2"),
        // Feet.
        ("97116 gait 150'", ""),
        ("97116 gait 150' with walker 12'", "12 min"),
        ("97116 walked 40' x 3, 15 min", "15 min"),
        ("97116 ramp 12'", "12 min"),
        ("97116 120'", ""),
        ("97116 80'", "80 of what"),
        ("97124 120'", "120 min"),
        ("97140 back 100'", "100 min"),
        ("97530 carried a box 150'", "150 of what"),
        ("97530 carried a box 150', 12'", "12 min"),
        ("97530 carried a box 150', 12 min", "12 min"),
        ("97110 90'", "90 min"),
        ("97110 7.5 min", "7.5 min"),
        ("97110 half an hour", "30 min"),
        ("97110 an hour and a half", "90 min"),
        ("97110 lumbar twenty-three minutes", "23 min"),
        ("97110 about 15 min", "15 min Roughly"),
        ("97110 8-15 min", "8 min Range"),
        ("97110 x 25 min", "25 min"),
        ("97110 lumbar 10 m gait", ""),
        ("97110 lumbar 25m", "25 min"),
        ("97110 1 h 3 sets", "60 min"),
        ("97110 start 10:00 stop 10:25", "10:00-10:25"),
        ("97110 10-10:25", "10:00-10:25"),
        ("97110 10:00a-10:25a", "10:00-10:25"),
        ("97110 in 10:00 out 10:25 (25 min)", "10:00-10:25, 25 min"),
        ("97110 10:02-10:12, 10:30-10:45", "10:02-10:12, 10:30-10:45"),
        ("97110 Minutes: 15", "15 min"),
        ("97110 Min 15", "15 min"),
        ("97110 Min 15 Units 1", "15 min, x1"),
        ("97110 Time: 15", "15 min"),
        ("97110 Time: 15 min", "15 min"),
        ("97110 Time: 10:00-10:25", "10:00-10:25"),
        ("CPT Code: 97140 Minutes: 15 Units: 1", "15 min, x1"),
        ("97110 lumbar min assist 1 person", ""),
        ("97110 min 1 person assist", ""),
        ("97110 ___ min", "___"),
        ("97110 1/2 hour", "30 min"),
        ("97110 1 1/2 hours", "90 min"),
        ("97110 several minutes", ""),
        ("97110, a few minutes", ""),
        ("97110 20 steps, minutes below", ""),
        ("97110 23 min: leg press, bike 8 min", "23 min"),
        (
            "97140 15 min: cervical, 10 min: thoracic",
            "15 min + 10 min?",
        ),
        ("97140 15 min: R side, L side 10 min", "15 min + 10 min?"),
        ("97110 seat 7 x 10 min", "10 min"),
        ("97110 10 min per leg, 3 x 10", "10 min OfOne"),
        ("97110 15 min per hip protocol", "15 min"),
        ("97140/15 min/shoulder", "15 min"),
        ("97110 bike 3 x 5 min", "5 min OfOne"),
        ("97110 Minutes:", ""),
        ("97110 THER EX EA 15 MIN, Qty 2, 25 min", "25 min, x2"),
        ("97110 Exercise (15 min increments) 30 min", "30 min"),
        ("97110 Exercise, each 15 minutes", ""),
        ("97110 15-minute units, 25 min", "25 min"),
        ("97110 15 min Units: 1", "15 min, x1"),
        ("97110 15 min, 1 unit", "15 min, x1"),
        ("97110 goal 20 min, 15 min", "15 min"),
        ("97110 goal: 20 minutes tolerance", ""),
    ]);
}

#[test]
fn the_time_of_one_of_two_sides() {
    all_say(&[
        ("97110 left and right, each 10 min", "10 min OfOne"),
        ("97110 R and L knee 8 min each", "8 min OfOne"),
        ("97110 bilateral hips 8 min ea.", "8 min OfOne"),
        ("97110 both hands, 8 min each with cues", "8 min"),
        ("97110 knee 8 min each", "8 min"),
        ("97110 each set slow, R and L knee 8 min", "8 min"),
    ]);
}

#[test]
fn words_before_the_code() {
    all_say(&[
        ("Exercise 30 minutes (97110 x2)", "30 min, x2"),
        ("Manual therapy (97140): 12 minutes.", "12 min"),
        ("Manual therapy (97140-59), 12 minutes", "59, 12 min"),
        ("Ther ex x 25 min - 97110", "25 min"),
        ("Ther ex 25 min - 97110-GP", "GP, 25 min"),
        ("25 minutes of therapeutic exercise (97110)", "25 min"),
        ("10:00-10:25 97110", "10:00-10:25"),
        ("Bridges 10 min, bike 8 min (97110)", "10 min + 8 min?"),
        ("Ther ex 20 min (97110), rest 5 min", "20 min"),
    ]);
}

#[test]
fn one_block_has_one_time() {
    all_say(&[
        ("97110 lumbar 20 min (sat 10 min before pain)", "20 min"),
        ("97110 (sat 10 min before pain) 20 min", "20 min"),
        ("97110 lumbar 15 min, moist heat 10 min", "15 min"),
        ("97110 lumbar, therex 15 min, hot pack 10 min", "15 min"),
        ("97110 lumbar, 20 minutes of therex, 5 min rest", "20 min"),
        ("97110 20 min with 5 min rest", "20 min"),
        ("97110 5 min rest, 20 min therex", "20 min"),
        ("97110 20 min. Rest 5 min.", "20 min"),
        ("97110 20 min, set-up 5 min", "20 min"),
        ("97110 20 min after 5 min of warm-up", "20 min"),
        ("97530 lifting 15 min, standing tolerance 10 min", "15 min"),
        ("97110 20 min, HEP 5 min", "20 min"),
        ("97110 20 min, stretch 5 min 3 times a day", "20 min"),
        ("97110 20 min, walks 10 min daily", "20 min"),
        ("97110 25 min, 97140 15 min", "25 min"),
        ("97110 plank 1 min x 3, 15 min", "15 min"),
        ("97110 hamstring stretch 30 sec x 3, 15 min", "15 min"),
        // Beside a clock range, too.
        ("97110 10:00-10:25 (sat 10 min before pain)", "10:00-10:25"),
        ("97110 10:00-10:25, bridges 10 min", "10:00-10:25, 10 min"),
        // Alone it is the block's, whatever the words.
        ("97535 HEP instruction 15 min", "15 min"),
        ("97110 (bridges, 25 min)", "25 min"),
        ("97530 sitting tolerance 15 min", "15 min"),
        ("97010 moist heat 10 min", "10 min"),
        (
            "97035 ultrasound 8 min, moist heat 10 min",
            "8 min + 10 min?",
        ),
        // Two that could be.
        ("97110 bridges 10 min, bike 8 min", "10 min + 8 min?"),
        ("97110 25 min (bike 10 min)", "25 min + 10 min?"),
        ("97110 bridges 10 min and bike 8 min", "10 min + 8 min?"),
        ("97124 lumbar 10 min, cervical 15 min", "10 min + 15 min?"),
        // Unless they are added up, or one is the whole.
        ("97110 bridges 10 min + bike 8 min", "10 min + 8 min"),
        ("97110 18 min (bridges 10 min, bike 8 min)", "18 min"),
        ("97140 x2 min 30", "30 min, x2"),
        ("97140 Qty 2 Min: 30 neck", "30 min, x2"),
        ("97140-59 Units: 2 Min: 30", "59, 30 min, x2"),
        ("97140-59 Minutes: 30 Units: 2", "59, 30 min, x2"),
        ("97140 GP 59 Units 1 Minutes 15", "GP, 59, 15 min, x1"),
        ("97140 Mod: 59 Min: 30 Units: 2", "59, 30 min, x2"),
        ("97140 Modifier: 76 Minutes: 15", "76, 15 min"),
        ("97140 Mods 59 Min 30", "59, 30 min"),
        ("97140.59.GP x2 (30 min)", "59, GP, 30 min, x2"),
        (
            "97140 Modifier 1: GP Modifier 2: 59 Min: 30",
            "GP, 59, 30 min",
        ),
        (
            "97140 Mod1: 59 Mod2: GP Units: 2 Minutes: 30",
            "59, GP, 30 min, x2",
        ),
        ("97140 Mod 1 GP Mod 2 59 30 min", "GP, 59, 30 min"),
        ("97140 Mod: GP, Mod: 59, 30 min", "GP, 59, 30 min"),
        ("97110 22 min: 3 x 10 bridges", "22 min"),
        ("97110-59 min", "59 min"),
        ("97110 x 2 min 30 sec", "2 min"),
        // That it adds up may be by chance.
        (
            "97140 15 min, ther ex 20 min, stretching 5 min",
            "15 min + 20 min + 5 min?",
        ),
        (
            "20 min therex, 5 min stretching, 97140 15 min",
            "20 min + 5 min + 15 min?",
        ),
        (
            "97530 30 min (gait training 10 min, transfers 20 min)",
            "30 min",
        ),
        ("97110 bridges 3', bike 6', rows 3x10 -- 23'", "23 min"),
        ("97110 bridges 3 min, bike 6 min - 23 min", "23 min"),
        ("97110 bridges 3 min, bike 6 min = 23 min", "23 min"),
        ("97140 15 min = 40 min", "15 min + 40 min?"),
        (
            "97110 bridges 13 min, bike 6 min - 8 min",
            "13 min + 6 min + 8 min?",
        ),
        ("60-minute session: massage 97124 (50 min)", "50 min"),
        ("97124 60 min session", "60 min"),
        ("97110 bridges 10 min, bike 8 min, 18 min", "18 min"),
        ("97110 Minutes: 15, bike 8 min", "15 min"),
        ("97110 20 min, after 5-10 min on the bike", "20 min"),
        ("97110 20 min, 5-10 min bike", "20 min + 5 min Range"),
    ]);
}

#[test]
fn what_claims_units() {
    all_say(&[
        ("97124x2 lower back 30 min", "30 min, x2"),
        ("97124 x2", "x2"),
        ("97124 x 2 lumbar", "x2"),
        ("97124 (x2)", "x2"),
        ("97124-59 x2", "59, x2"),
        ("97110 lumbar 25 min x2", "25 min, x2"),
        ("97110 lumbar 25 min, x2", "25 min, x2"),
        ("97110 lumbar (25 min) x2 bridges", "25 min, x2"),
        ("97110 lumbar 10:00-10:25 x2.", "10:00-10:25, x2"),
        ("97110 lumbar, R knee x2", "x2"),
        (
            "97110 L shoulder and neck 25 min dx M54.2 x2",
            "25 min, x2, M54.2",
        ),
        ("97110 Therapeutic exercises x2", "x2"),
        ("97110 25 min x2, 3 sets of 10", "25 min, x2"),
        ("97124 2 units", "x2"),
        ("97124 2u 30 min", "30 min, x2"),
        ("97124 (2 units, 30 min)", "30 min, x2"),
        ("97124 lumbar, bridges, 2 units", "x2"),
        ("97124 Units: 2", "x2"),
        ("97140-2 units", "x2"),
        ("97124 x0", "x0"),
        ("ther ex (2 units), 97140 (1 unit)", "x1"),
        ("2 units of 97140", "x2"),
        // Repetitions, holds, weights and other figures claim nothing.
        ("97112 balance 15 min, SLS x3", "15 min"),
        ("97110 hamstring stretch 30 sec x 3, 15 min", "15 min"),
        ("97110 stretch 30 sec x3", ""),
        ("97110 curls 10 lb x 3", ""),
        ("97110 3 x 10", ""),
        ("97110 3 sets x10", ""),
        ("97110 bridges x10", ""),
        ("97110 x10 reps", ""),
        ("97110 x 3 sets", ""),
        ("97110 25 min x 3 days", "25 min"),
        ("97110 25 min, 5 min rest x 3", "25 min"),
        ("97110 x 6-8", ""),
        ("97110 x 100", ""),
        ("97110 x2.5", ""),
        ("97110 1-2 units", ""),
        ("97110 100 units", ""),
    ]);
}

#[test]
fn diagnoses_that_a_block_points_to() {
    all_say(&[
        ("97110 25 min dx M54.2", "25 min, M54.2"),
        ("97110 Dx: M54.2, M54.50 25 min", "25 min, M54.2, M54.50"),
        ("97110 dx:M54.2;M54.6", "M54.2, M54.6"),
        ("97110 dxM54", ""),
    ]);
}

#[test]
fn a_part_of_a_line_is_read_by_itself() {
    let text = "O: 97140 15 min; 97110 (GP) 25 min x2; rest 5 min";
    let code = text.find("97110").unwrap();
    let part = Span::new(code - 1, text.rfind(';').unwrap());
    let read = read(text, Span::new(code, code + 5), part);
    assert_eq!(read.modifiers[0].code, "GP");
    assert_eq!(&text[read.durations[0].span.range()], "25 min");
    assert_eq!(&text[read.claimed.unwrap().span.range()], "x2");
}
