//! Codes in prose.

use crate::chart::lower::lower;
use crate::syntax::Syntax;

/// The blocks with their minutes, then the codes that were not read.
fn read(line: &str) -> String {
    let text = format!("visit: 2026-11-20\nO: Tight.\n{line}\n");
    let visit = lower(&text, &Syntax::of(&text));
    let blocks = visit.modalities.iter().map(|block| {
        let minutes = block.durations.iter().map(|d| d.minutes.to_string());
        [vec![block.code.clone()], minutes.collect()].concat()
    });
    let blocks = blocks.map(|block| block.join(" "));
    let unread = visit.unread_codes.iter();
    let unread = unread.map(|unread| format!("? {}", &text[unread.code.range()]));
    blocks.chain(unread).collect::<Vec<_>>().join("; ")
}

/// `59` behind several codes that share a time is the last one's, `GP` is everybody's.
#[test]
fn a_modifier_that_tells_codes_apart() {
    for (line, modifiers) in [
        ("98941 and 97140 15 min (59, separate region)", ["", "59"]),
        ("97110, 97140 59 30 min", ["", "59"]),
        ("97110/97140 GP 30 min", ["GP", "GP"]),
        ("97530-59 and 97140 20 min", ["59", ""]),
    ] {
        let text = format!("visit: 2026-11-20\nO: Tight.\n{line}\n");
        let visit = lower(&text, &Syntax::of(&text));
        let of_block = |block: &crate::chart::Modality| {
            let codes = block.modifiers.iter().map(|m| m.code.as_str());
            codes.collect::<Vec<_>>().join(" ")
        };
        let found: Vec<String> = visit.modalities.iter().map(of_block).collect();
        assert_eq!(found, modifiers, "{line}");
    }
}

/// What a list of charges says of a block is the block's.
#[test]
fn charges_are_folded_into_the_treatment() {
    let text = "visit: 2026-11-20\n97110 hip 25 min\nBilling codes:\n97110-GP 2 units\n";
    let visit = lower(text, &Syntax::of(text));
    let [block] = &visit.modalities[..] else {
        panic!("{:?}", visit.modalities);
    };
    let modifiers: Vec<&str> = block.modifiers.iter().map(|m| m.code.as_str()).collect();
    assert_eq!(modifiers, ["GP"]);
    assert_eq!(block.claimed.map(|claim| claim.units), Some(2));
}

#[test]
fn treatment_and_what_is_added_to_it() {
    for (line, expected) in [
        (
            "Ther ex (97110) 25 min, will add bands next visit.",
            "97110 25",
        ),
        ("Self-care (97535) 15 min, discussed pacing.", "97535 15"),
        (
            "Gait 97116 10 min, not tolerated beyond 100 ft.",
            "97116 10",
        ),
        ("97112 15 min, 97530 10 min", "97112 15; 97530 10"),
        // The time of the visit is that of no code of its own, unless there is no other.
        (
            "Total treatment time 25 min: 97112 15 min, 97530 10 min",
            "97112 15; 97530 10",
        ),
        (
            "Total time: 25 min (97112 15 min, 97530 10 min)",
            "97112 15; 97530 10",
        ),
        (
            "Balance (97112) 15 min, lifting (97530) 10 min, total 25 min.",
            "97112 15; 97530 10",
        ),
        (
            "97112 15 min and 97530 10 min, for a total of 25 min.",
            "97112 15; 97530 10",
        ),
        ("Total time 15 min: balance (97112)", "97112 15"),
        ("97112 15 min 97530 10 min", "97112 15; 97530 10"),
        ("97112 15 min; gait 97116 10 min", "97112 15; 97116 10"),
        ("97112 15 min, not 97530 10 min", "97112 15"),
        ("97112 balance, 15 min, 97530 10 min", "97112 15; 97530 10"),
        (
            "97112 (balance) 15 min, 10 min of lifting (97530)",
            "97112 15; 97530 10",
        ),
        // What the words before speak of in passing need not be said of the code, nor of all codes: it is asked for.
        ("Patient declined ice,\nGait (97116) 12 min", "? 97116"),
        ("Refused ice\nThen gait (97116) 12 min", "? 97116"),
        ("Discussed bracing, gait (97116) 12 min", "? 97116"),
        ("97116 was discussed, 97530 10 min", "? 97530"),
        ("Considered 97116, but 97530 10 min was given", "? 97530"),
        // A line in small letters or in brackets goes on with the one before it.
        (
            "Will add gait (97116) next visit\nLifting (97530) 10 min",
            "97530 10",
        ),
        (
            "Will add gait (97116) next visit\nand lifting (97530) 10 min",
            "",
        ),
        (
            "Will add gait (97116) next visit\n(lifting 97530 10 min)",
            "",
        ),
        ("[x] CPT 97161 evaluation", "97161"),
        ("[ ] CPT 97162 evaluation", ""),
        ("___ 97162 evaluation", ""),
        ("_X_ 97161 evaluation", "97161"),
        ("| CPT | Min |\n| 97116 | 12 |\n| 97035 | ___ |", "97116 12"),
        (
            "CPT   Min   Units\n97116   12   1\n97035   __   __",
            "97116 12",
        ),
        (
            "Charge sheet key:\n97035 Ultrasound ____ min\n97016 ___",
            "",
        ),
        (
            "Fee schedule:\nUltrasound 97035 ____ min\nPump 97016 ___",
            "",
        ),
        ("11/20/2026: 97124 25 min", "97124 25"),
        ("Pulled from the sheet: 97124", "? 97124"),
        ("97116_GP hallway 12 min", "97116 12"),
        ("CPT97116 12 min", "97116 12"),
        ("CPT-97116 12 min", "97116 12"),
        ("Gait (CPT #97116) 12 min", "97116 12"),
        ("Tag EX-97116, form CPTX97116", ""),
        ("97116\n12 min", "97116 12"),
        ("97116 hallway\n12 min after lunch", "97116"),
        ("97116 goal: 12 min", "97116"),
        ("97116 goal: 12 min tolerance", "97116"),
        ("97116\nMinutes: 12\nUnits: 1", "97116 12"),
        ("97116 hallway\nTime: 12 min", "97116 12"),
        ("97116\nGait in the hallway\n12 minutes", "97116 12"),
        (
            "97116\nGait in the hallway\nPulse 92\n97140 9 min",
            "97116; 97140 9",
        ),
        (
            "Code: 97116\nUnits: 1\nMinutes: 12\n\nCode: 97140\nMinutes: 9",
            "97116 12; 97140 9",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

#[test]
fn what_follows_on_the_line_or_below() {
    for (line, expected) in [
        // What follows on the line says how long it took.
        (
            "Gait training (97116) with a walker. 12 minutes.",
            "97116 12",
        ),
        ("Gait (97116), hallway. Time: 12 min.", "97116 12"),
        ("Gait (97116): hallway; stairs - 12 minutes", "97116 12"),
        ("Gait (97116) with a walker. Sits 10 min.", "? 97116"),
        (
            "Feet even. Steady. Gait (97116). Hallway. 12 minutes. Joints moved (97140) 9 min.",
            "97116 12; 97140 9",
        ),
        (
            "Gait (97116) - 12 min\nhallway 5 min\nramp 7 min",
            "97116 12",
        ),
        (
            "Walked x12 min (97116 - 1u) and had joints moved x9 min, neck (97140 - 1u).",
            "97116 12; 97140 9",
        ),
        // What was not done.
        ("Gait (97116): 0 minutes", ""),
        ("CPT | Min\n97116 | 0\n97140 | 9", "97140 9"),
        ("| CPT | Min |\n| 97116 | 0 |\n| 97140 | 9 |", "97140 9"),
        ("Gait (97116): N/A", ""),
        ("97116: none", ""),
        ("Non-billable: ice (97010) 10 min", ""),
        ("History: 97116 x 12 visits. 97140 was tried 15 min.", ""),
        ("97140 has been tried at her old clinic.", ""),
        (
            "Gait (97116) - 12 min\nhallway 5 min\nramp 4 min",
            "97116 12",
        ),
        // What stands above it in a list is of something else.
        ("- Bike 5 min\nGait (97116): 12 min", "97116 12"),
        // What the plan tells of beside other treatment.
        (
            "97116 12 min\nP: Joints moved (97140) 9 min.",
            "97116 12; ? 97140",
        ),
        // What was done before its code.
        ("Walked in the hallway. 97116 12 min", "97116 12"),
        ("97116\n  12 min", "97116 12"),
        ("97116\nDuration: 12 min", "97116 12"),
        ("Did 97116x1 and 97140GP 9 min", "97116; 97140 9"),
        (
            "97116 gait\nDuration: 12 min\n97140 neck\nDuration: 9 min",
            "97116 12; 97140 9",
        ),
        (
            "Total time: 30 min\n97116 gait\nDuration: 12 min\n97140 9 min",
            "97116 12; 97140 9",
        ),
        ("97116\n97140\nDuration: 30 min", "97116; 97140"),
        ("97116\n  hallway\n  Minutes: 12\n  Units: 1", "97116 12"),
        ("97116 9 min\n  ramp 12 min", "97116 9"),
        (
            "TIMED CODES   MIN   UNITS\n97116 Gait   12   1\nUNTIMED CODES\n97014 Stim   9   1",
            "97116 12; 97014 9",
        ),
        ("97116 12 min\n\nCode\tUnits\n97116\t1", "97116 12"),
        ("97116 12 min\n97116 9 min", "97116 12; 97116 9"),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

#[test]
fn what_is_charged_again() {
    for (line, expected) in [
        // What is charged, above the treatment or below it, is none again.
        ("Code\tUnits\n97116\t1\n\n97116 12 min", "97116 12"),
        ("Code\tMin\n97116\t12\n\n97116 12 min", "97116 12"),
        ("97116 12 min\n\nCode\tMin\n97116\t12", "97116 12"),
        (
            "| CPT | Units |\n| 97116 | 1 |\n\nGait (97116) 12 min.",
            "97116 12",
        ),
        (
            "Code\tMin\n97116\t21\n\n97116 12 min\n97116 9 min",
            "97116 12; 97116 9",
        ),
        ("Code\tMin\n97116\t12\n\n97116 hallway", "97116 12"),
        // A code that is not billed by time needs no more than its place in the list.
        ("97116 12 min\nUntimed codes: 97014", "97116 12; 97014"),
        ("Billing: 98941, 97012", "98941; 97012"),
        ("Non-timed: 97014 stim. Charges: 97116", "97014; ? 97116"),
        ("CPT codes: 97161/97162", "? 97161; ? 97162"),
        (
            "Units: 97116 (1), 97140 (1 unit)\n97116 12 min\n97140 9 min",
            "97116 12; 97140 9",
        ),
        ("Billing: 97116 x1\nTx: Gait (97116) 12 min.", "97116 12"),
        (
            "Billing: 97116 12 min x1\nTx: Gait (97116) 12 min.",
            "97116 12",
        ),
        (
            "Billing:\n97116 x1\n97140 x1\n\n97116 12 min\n97140 9 min",
            "97116 12; 97140 9",
        ),
        (
            "97116 12 min\n97140 9 min\n\nCharges\n97116 x1\n97140 x1",
            "97116 12; 97140 9",
        ),
        ("CPT | Min\n97116 | 12\n97116 |", "97116 12; 97116"),
        ("Billing:\n97116 12 min\n97140 9 min", "97116 12; 97140 9"),
        ("CPT | Units\n97161 | 1\n\n97161 low complexity", "97161"),
        ("Code\tMin\n97116\t12\n\n97116 9 min", "97116 12; 97116 9"),
        ("Code   Min\n\n97116   12\n97124   9", "97116 12; 97124 9"),
        ("Code, Min\n97116, 12\n97124, 9", "97116 12; 97124 9"),
        ("CPT | Min\n97116 | 12\n97116 | 9", "97116 12; 97116 9"),
        ("Fell on 11/13, 97116 12 min today.", "97116 12"),
        ("Fell last week, 97116 12 min.", "97116 12"),
        ("Sore since yesterday, gait (97116) 12 min.", "97116 12"),
        ("Feet even. 97116 12 min A: Steadier. P: Go on.", "97116 12"),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

#[test]
fn a_code_that_a_modifier_is_about() {
    for (line, blocks) in [
        (
            "97140 59 (distinct from 97530) 15 min\n97530 15 min",
            "97140 15; 97530 15",
        ),
        (
            "97110 25 min; 97140 15 min; modifier 59 for 97140",
            "97110 25; 97140 15",
        ),
        // Nothing else speaks of it.
        ("97140 59 (distinct from 97530) 15 min", "97140; 97530 15"),
        // A charge and its price; a price alone does not say whether it was done.
        ("Manual therapy 97140-GP 15 min $36.00", "97140 15"),
        ("CMT 98941-AT $62.00", "98941"),
        ("97124 $45.00", "? 97124"),
        ("Estimate given to patient: 97124 60 min $95", ""),
        ("Refund 97140-GP 15 min $36.00", ""),
        ("Massage 97124 30 min $50, 97124 60 min $95", ""),
        ("CMT 3-4 (98941) $55", "? 98941"),
        // A bracket that holds modifiers, too.
        (
            "Pt did 30 minutes of ther ex (97110, GP) followed by 15 minutes of manual therapy (97140, GP).",
            "97110 30; 97140 15",
        ),
        ("TE-97110-GP 30 min", "97110 30"),
        ("#97110 GP 30 min", "97110 30"),
        ("Hold TE-97110-GP 30 min", ""),
        // Run together with its modifiers.
        ("97110GP 25 min, 97140GP59 15 min", "97110 25; 97140 15"),
    ] {
        assert_eq!(read(line), blocks, "{line}");
    }
}

#[test]
fn codes_in_passing_and_other_numbers() {
    for line in [
        "Portland, OR 97124",
        "Tel. 97124 55512",
        "Invoice #97124",
        "Claim number 97140-22 received",
        "EOB: 97124 paid $32.10",
        "97140 = manual therapy",
        "97140 cannot be billed with 97530 in the same 15 minutes.",
        "Rest; if it swells we will add\nmanual therapy (97140) for 10 minutes.",
        "Payer limits 97110 to 4 units per day.",
        "97124: 12 units left",
        "Previously 97124 30 min helped.",
        "On 11/13 97124 25 min was done.",
        "11/13/2026: 97124 25 min",
        "Slept badly\nOn 11/13 she had 97124 25 min",
        "She had 97124 25 min on 11/13.",
        "Slept badly and\nbetter since on 11/13 we did 97116 for 12 minutes",
        "Sore, as on 11/13/26 the patient had 97116 12 min",
        "Yesterday she had 97116 12 min",
        "Last visit, 97116 12 min",
        "In the past month, 97116 12 min",
        "If pain persists, 97116 12 min",
        "At the next visit, 97116 12 min and, if able, 97530 10 min",
        "Recommended 97116 12 min, 97530 10 min",
        "Will add next visit: 97116 12 min, 97530 10 min",
        "Patient declined ice\nand gait (97116) 12 min",
        "Sore, 97116 12 min last Friday",
        "97112 skipped today",
        "97110 or 97112?",
        "97110 steps on the pedometer",
    ] {
        assert_eq!(read(line), "", "{line}");
    }
}

/// What is said of one code says nothing of the others.
#[test]
fn each_code_is_judged_by_what_is_said_of_it() {
    for (line, expected) in [
        (
            "97110 20 min, 97140 10 min. Pt asked about golf.",
            "97110 20; 97140 10",
        ),
        (
            "97110 20 min, 97140 10 min, 97530 12 min. Will add US next visit.",
            "97110 20; 97140 10; 97530 12",
        ),
        (
            "97110 20 min, 97140 10 min, pt declined 97035.",
            "97110 20; 97140 10",
        ),
        (
            "97110 20 min, 97140 10 min, 97035 next visit.",
            "97110 20; 97140 10",
        ),
        ("97110 20 min done, 97035 8 min declined.", "97110 20"),
        ("97110 20 min, 97140 10 min declined.", "97110 20"),
        ("TE (97110) x 20 min, pt denied pain after.", "97110 20"),
        ("Did 97110 20 min, pt denied pain.", "97110 20"),
        ("No LOB during 97112 x 10 min.", "97112 10"),
        (
            "Same as last visit: 97110 20 min, 97140 10 min.",
            "97110 20; 97140 10",
        ),
        ("Today 97116 12 min, next visit 97112 10 min.", "97116 12"),
        (
            "Performed 97110 (15 min), discussed adding 97530 (15 min) next wk.",
            "97110 15",
        ),
        (
            "Gait 97116 10 min, pt fatigued so 97530 15 min was held.",
            "97116 10",
        ),
        (
            "Did 97110 15 min, 97112 10 min. Held 97530 15 min, 97116 10 min.",
            "97110 15; 97112 10",
        ),
        ("97110 20 min\n97140 10 min refused (sore)", "97110 20"),
        ("97110 20 min\n97140 10 min not done, late", "97110 20"),
        ("97110 20 min\n97140 10 min held", "97110 20"),
        (
            "97140 STM 15 min\nheld 97035 8 min, open area on skin\n97110 SLR 15 min",
            "97140 15; 97110 15",
        ),
        (
            "97124 lumbar 10 min, R knee 3/10, was 5/10. She asked whether 97140 is covered; it was denied.",
            "97124 10",
        ),
        // `PA` is a direction, and a refusal may be taken back.
        ("PA mobs L4-5: 97140 12 min.", "97140 12"),
        (
            "Medicare timed: 97110 20 min, 97140 15 min.",
            "97110 20; 97140 15",
        ),
        ("Start 97110 at 10:00, 20 min.", "97110 20"),
        ("97116 12 min, declined, then agreed", "97116 12"),
        ("97116 gait - refused, then agreed, 12 min", "97116 12"),
        // A block may stand below any section; where its line goes on with a sentence it is asked for.
        (
            "A: Tolerated well. Billing:\n97110 20 min\n97140 15 min",
            "97110 20; 97140 15",
        ),
        ("A: Did well with\n97110 20 min", "? 97110"),
        ("P: Continue:\n97110 15 min", "97110 15"),
        ("S: Her insurer denied\n97110 15 min", ""),
        // What stands behind the time says how it went.
        (
            "97116 unable to do stairs today, level walking 15 min",
            "97116 15",
        ),
        ("97110 15 min, did not get to stairs", "97110 15"),
        ("97530 20 min, car transfer not completed", "97530 20"),
        (
            "Transfer training (97530) 15 min unable to stand without assist.",
            "97530 15",
        ),
        ("Gait (97116) 12 min better than yesterday.", "97116 12"),
        ("Planks (97110) were held 30 sec x3, 15 min.", "97110 15"),
        ("Bike (97110) 10 min max 60 W.", "97110 10"),
        ("Gait (97116) 12 min moved to parallel bars.", "97116 12"),
        ("Cued pt to do bridges (97110) 15 min.", "97110 15"),
        (
            "Manual (97140) 15 min per previous treatment plan.",
            "97140 15",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

/// What is said of a part, of the whole or of the writing is not said of the block.
#[test]
fn what_is_said_of_something_else() {
    for (line, expected) in [
        // A part of the body that was left alone.
        (
            "97124 - 60 minutes - Swedish, full body except abdomen (client declined).",
            "97124 60",
        ),
        ("97124 45 min back, legs, no feet (declined)", "97124 45"),
        // The time of all is none of theirs.
        (
            "38 min total - 97110 23 min, 97140 15 min",
            "97110 23; 97140 15",
        ),
        (
            "Total tx 40 min (97110 25 min, 97140 15 min)",
            "97110 25; 97140 15",
        ),
        // The figure before a label of minutes counts units.
        ("97140 QTY 2 MIN 30", "97140 30"),
        (
            "20 minutes of massage (97124) by T. Sample, LMT: petrissage",
            "97124 20",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

#[test]
fn whether_a_code_was_given_may_have_to_be_asked() {
    for (line, expected) in [
        ("Pt declined heat and did 97110 20 min.", "? 97110"),
        ("Discussed posture and performed 97110 20 min.", "? 97110"),
        (
            "Planned 97110 30 min, only 18 min completed d/t fatigue.",
            "? 97110",
        ),
        // In another section it may be the treatment, too.
        (
            "S: Better.\nWorked hard: did 97110 for 25 min, tolerated well",
            "? 97110",
        ),
        ("A: Improving. 97140: STM neck - 15 min", "? 97140"),
        (
            "P: Tx today 97124 45 min, next visit 97124 60 min.",
            "? 97124",
        ),
        ("97124 was billed by the LMT for 30 minutes", "? 97124"),
        // It was written on another day than that of the visit.
        (
            "addendum: 2026-12-19 Late entry: 97116 gait 12 min",
            "? 97116",
        ),
        (
            "97530 squats 23 min\n  technique: rest break 5 min not billed, 9:43-9:58 97140",
            "97530 23; ? 97140",
        ),
        (
            "OT saw pt for 97535 30 min\nsigned: A. Rivera, PT",
            "? 97535",
        ),
        ("97112 10 min and 97116 10 min refused", "? 97112"),
        (
            "Ther ex (97110) 15 min, offered US (97035) 8 min, pt refused.",
            "97110 15",
        ),
        (
            "Protocol week 6: 97110 bike 15 min, 97112 balance 10 min.",
            "? 97110; ? 97112",
        ),
        (
            "SLP saw him first for 30 minutes (92507), see her note.",
            "? 92507",
        ),
        (
            "PT treated pt with gait training (97116) 12 min before lunch",
            "? 97116",
        ),
        (
            "97110 15 min, 97035 8 min, pt refused.",
            "97110 15; ? 97035",
        ),
        (
            "Balance (97112), deferred on Monday, was completed today for 15 min.",
            "? 97112",
        ),
        (
            "Unable to stand unsupported, so 97530 18 min done seated.",
            "97530 18",
        ),
        (
            "Progressed from last visit: 97110 20 min with green band.",
            "97110 20",
        ),
        ("Pt declined 97035 8 min but did 97110 20 min.", "? 97110"),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

#[test]
fn what_was_not_given_here_and_now() {
    for line in [
        "Planned: 97112 15 min.",
        "Planned for Monday: 97112 balance 15 min.",
        "Hold 97035 8 min",
        "Unable to perform 97116 10 min, pt in w/c.",
        "97035 8 min offered; declined.",
        "POC: 97110 15 min, 97140 15 min, 2x/wk x 6 wks.",
        "Auth rec'd: 12 visits, 97110 30 min, 97140 15 min.",
        "Traction 97012 15 min 2x/wk at other clinic.",
        "HEP: same as 97110 in clinic, 15 min 2x/day.",
        "11/13: 97012 15 min.",
        "97140 15 min at previous visit",
        // The end of a line put the code where a block's stands.
        "Pt refused both massage and\n97140 15 min d/t bruising.",
        "Did not get to 97530 (15 min) today, ran out of time",
        "Cancelled: 97140 30 min 10:00-10:30",
        "Waitlist: 97113 45 min",
        "A: Needs 97530 20 min for lifting.",
        "A: Requires 97112 10 min/session.",
        "S: Asks for 97124 60 min.",
        "P: PT next door did 97110 11:40-12:05 today, see their note.",
        "Rescheduled 97750 FCE 2 hours to 6/27.",
        "97150 group cancelled.",
        "97140 requires modifier 59",
        "97113 x 12 approved thru 1/31",
        "97140 15 min was billed in error on 10/29",
        "Codes on our charge slip:\n97164 Re-evaluation\n97140 Manual therapy",
        "97150 Group 0\nResident was up in a chair 2 hours before.",
        "97018 – Paraffin: n/a, open cut\nHip stretching 10 min",
        "97116 gait training 12 min held secondary to elevated BP.",
        "Earlier this week she had 97012 traction 12 min.",
        "97035 ultrasound 8 min contraindicated over hardware.",
        "97116 gait training 12 min withheld by RN.",
        "97116 gait training 12 min not appropriate today.",
        "97116 gait training 12 min if tolerated",
        "97116 gait training 12 min done yesterday",
        "97116 gait training 12 min was given by nursing.",
        "Thursday: 15 minutes of self-care (97535).",
        "Tomorrow: gait (97116) 10 min.",
        "Next visit will try balance board and\n97112 15 min.",
    ] {
        assert_eq!(read(line), "", "{line}");
    }
}

#[test]
fn sentences_in_small_letters() {
    for (line, expected) in [
        (
            "rom flex 98. did ther ex (97110) x15 min. offered us (97035) 8 min, pt refused. hep reviewed.",
            "97110 15",
        ),
        // The dot of a short form ends none.
        (
            "sore. man. therapy to lat. hip (97140) for 12 min. then walked. less stiff.",
            "97140 12",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}

/// What speaks of a second time, of an effect or of another code takes nothing back.
#[test]
fn what_stands_beside_a_treatment_that_was_given() {
    for (line, expected) in [
        ("97014 IFC lumbar, skin reaction: none", "97014"),
        ("97014 IFC lumbar 15 min, skin reaction: none", "97014 15"),
        ("97116 gait 15 min, vs 10 min last visit", "97116 15"),
        ("97110 15 min, progress to 20 min if tolerated", "97110 15"),
        ("97112 15 min to begin session", "97112 15"),
        ("97110 20 min, rests 1 min prn", "97110 20"),
        ("97110 20 min, planks 1 min held", "97110 20"),
        ("Protocol exercises (97110) 25 min", "97110 25"),
        (
            "Manual therapy (97140) 15 min billed separately with 59",
            "97140 15",
        ),
    ] {
        assert_eq!(read(line), expected, "{line}");
    }
}
