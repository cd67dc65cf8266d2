use super::*;

/// Each technique with its time, or why the sentence stays prose.
fn read(words: &str) -> Result<Vec<String>, Option<Why>> {
    let today = jiff::civil::date(2026, 11, 20);
    let told = told(words, Span::new(0, words.len()), Some(today))?;
    let name = |told: Told| format!("{} {}", told.technique.technique.name, told.time.written);
    Ok(told.into_iter().map(name).collect())
}

#[test]
fn treatment_with_its_time() {
    for (words, told) in [
        ("Massage 30 min to the neck.", &["massage 30 min"][..]),
        ("Half an hour of massage.", &["massage 30 min"]),
        ("Massage one hour and fifteen minutes.", &["massage 75 min"]),
        (
            "I used twelve minutes for gait training, then ten minutes of ultrasound.",
            &["gait training 12 min", "ultrasound 10 min"],
        ),
        // The same at another place.
        (
            "Massage 20 min lumbar (prone), 10 min right hip.",
            &["massage 20 min", "massage 10 min"],
        ),
        // What stands alone with its time is treatment.
        (
            "Gait training 10 min, manual 10 min.",
            &["gait training 10 min", "manual therapy 10 min"],
        ),
        ("Massage 10:00-10:25.", &["massage 10:00-10:25"]),
        (
            "Massage focused on the neck for 20 minutes and on the low back for 25 minutes.",
            &["massage 20 min", "massage 25 min"],
        ),
        (
            "Ther ex 20 min and gait training 10 min were done and then ice 10 min.",
            &[
                "therapeutic exercise 20 min",
                "gait training 10 min",
                "heat or cold packs 10 min",
            ],
        ),
        (
            "Deep tissue: R shoulder 15 min, L shoulder 10 min.",
            &["deep tissue massage 15 min", "deep tissue massage 10 min"],
        ),
        (
            "Self-care/home management training 25 min.",
            &["self-care training 25 min"],
        ),
        ("TE 15 min", &["therapeutic exercise 15 min"]),
        (
            "Ther ex (25 minutes): NuStep 6 min, leg press 3x10.",
            &["therapeutic exercise 25 min"],
        ),
        (
            "Pt performs ther ex 20 min with cues.",
            &["therapeutic exercise 20 min"],
        ),
        ("Today's treatment is massage 30 min.", &["massage 30 min"]),
        // What else was declined, planned or left is none of it.
        ("Massage 30 min, ice declined.", &["massage 30 min"]),
        (
            "Gait training 10 min, next visit try stairs.",
            &["gait training 10 min"],
        ),
        (
            "Massage 30 min, will add ultrasound 8 min next time.",
            &["massage 30 min"],
        ),
        (
            "Although she declined heat, massage was given for 25 minutes.",
            &["massage 25 min"],
        ),
        ("Massage 30 min as ordered by Dr. Poe.", &["massage 30 min"]),
        (
            "The next 20 minutes were used for massage.",
            &["massage 20 min"],
        ),
        (
            "Ther ex 15 min, patient was able to do all sets.",
            &["therapeutic exercise 15 min"],
        ),
        (
            "Manual therapy 12 min before stretching.",
            &["manual therapy 12 min"],
        ),
        (
            "Worked on gait for 10 minutes in the parallel bars.",
            &["gait training 10 min"],
        ),
        (
            "Gait training 12 min for longer steps.",
            &["gait training 12 min"],
        ),
        (
            "Ther ex 20 min without massage.",
            &["therapeutic exercise 20 min"],
        ),
        (
            "Ther ex 20 min in preparation for return to work.",
            &["therapeutic exercise 20 min"],
        ),
        // Today is a Friday.
        ("Massage 30 min to the neck on Friday.", &["massage 30 min"]),
        ("11/20/2026 massage 30 min", &["massage 30 min"]),
        ("On November 20 massage 30 min.", &["massage 30 min"]),
    ] {
        let expected: Vec<String> = told.iter().map(|told| (*told).to_owned()).collect();
        assert_eq!(read(words), Ok(expected), "{words}");
    }
}

#[test]
fn entries_of_a_list() {
    for (words, told) in [
        // What is not known leaves the rest as it is, and a part in a bracket is none.
        (
            "Massage 20 min, cranial work 10 min, ultrasound 8 min.",
            &["massage 20 min", "ultrasound 8 min"][..],
        ),
        (
            "Ther ex 20 min (incl. 5 min bike), gait training 10 min.",
            &["therapeutic exercise 20 min", "gait training 10 min"],
        ),
        (
            "She had 20 minutes of massage, 10 minutes of heat, and 15 minutes of therapeutic exercise.",
            &[
                "massage 20 min",
                "heat or cold packs 10 min",
                "therapeutic exercise 15 min",
            ],
        ),
        (
            "Gait training ............ 12 mins",
            &["gait training 12 min"],
        ),
    ] {
        let expected: Vec<String> = told.iter().map(|told| (*told).to_owned()).collect();
        assert_eq!(read(words), Ok(expected), "{words}");
    }
}

#[test]
fn treatment_as_it_is_jotted_down() {
    for (words, told) in [
        ("US x 8' L QL 1.0 MHz", &["ultrasound 8 min"][..]),
        ("Massage for about 25 minutes.", &["massage about 25 min"]),
        (
            "Spent the last ten minutes on massage.",
            &["massage 10 min"],
        ),
        (
            "Ther ex for 30 min and a quarter of an hour of massage.",
            &["therapeutic exercise 30 min", "massage 15 min"],
        ),
        (
            "Gait training in hall x 8 min w/o AD.",
            &["gait training 8 min"],
        ),
        (
            "Moist heat to the neck for 10 min first.",
            &["heat or cold packs 10 min"],
        ),
        (
            "Massage 10 min, then ther ex 12 min, reaching and place and hold.",
            &["massage 10 min", "therapeutic exercise 12 min"],
        ),
        (
            "She had 12 min of ultrasound to the hip, and T. Sample, LMT, did 20 min of massage.",
            &["ultrasound 12 min", "massage 20 min"],
        ),
    ] {
        let told: Vec<String> = told.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(read(words), Ok(told), "{words}");
    }
}

#[test]
fn what_was_not_given_here_and_now() {
    for (words, why) in [
        ("Will do massage 30 min.", Why::NotToday),
        ("Week 2: ther ex 20 min", Why::NotToday),
        ("Phase 2-3: ther ex 20 min", Why::NotToday),
        (
            "Kept the therapeutic ultrasound (8 min) for Friday.",
            Why::NotToday,
        ),
        ("Massage 30 min, rescheduled.", Why::NotDone),
        ("Massage 30 min to the neck on Monday.", Why::NotToday),
        ("On 11/13 massage 30 min.", Why::NotToday),
        ("On November 13 massage 30 min.", Why::NotToday),
        ("On the fifteenth massage 30 min.", Why::NotToday),
        ("11/13/2026 massage 30 min", Why::NotToday),
        ("Massage 30 min twice a week.", Why::AtHome),
        ("Massage 30 min x 4 weeks", Why::NotToday),
        (
            "Massage 30 min was to follow, but there was a fire drill.",
            Why::NotDone,
        ),
        ("Massage, 30 min, was not given.", Why::NotDone),
        ("Patient declined massage 30 min.", Why::NotDone),
        ("Patient declined massage.", Why::NotDone),
        ("Massage 30 min, patient declined.", Why::NotDone),
        ("Massage 30 min to the lumbar, at home.", Why::NotDone),
        ("Her sister gave massage 30 min.", Why::NotHere),
        ("Seen by LMT for massage 30 min prior to PT", Why::NotToday),
        (
            "The physical therapist saw him before me and did 25 min of gait training.",
            Why::NotHere,
        ),
        ("Gift certificate for massage 60 min.", Why::NotHere),
        ("He's doing stretching 20 min.", Why::AtHome),
        ("10 min, home stretching", Why::AtHome),
        ("Independent stretching 20 min.", Why::AtHome),
        ("Walking program 15 min, stretching after.", Why::OfOther),
        ("Client rolls and does stretching 15 min.", Why::AtHome),
        ("The next step is massage 30 min.", Why::NotToday),
        (
            "Our membership includes one 60 minute massage.",
            Why::NotHere,
        ),
        (
            "The yoga teacher led her through 30 minutes of stretching.",
            Why::NotHere,
        ),
        ("Ther ex 20 min at the senior center.", Why::NotHere),
        ("Gait training 15 min to start in December.", Why::NotDone),
        ("Without manual therapy 15 min.", Why::NotDone),
        ("Massage 30 min, as able.", Why::NotDone),
        ("Gait training 10 min: pt refused x2", Why::NotDone),
        ("Massage 45 min: client no-showed.", Why::NotDone),
        ("Insufficient time for massage 30 min.", Why::NotDone),
        (
            "Massage 30 min - will revisit at the evaluation.",
            Why::NotDone,
        ),
        ("To progress toward 20 min of gait training.", Why::NotToday),
        ("Provided that she walks, massage 30 min.", Why::NotToday),
        ("Gave up on gait training 15 min.", Why::NotDone),
        ("Speech therapy 45 min was called off.", Why::NotDone),
        ("She passed on the 30 minutes of massage.", Why::NotDone),
        (
            "Ultrasound 8 min: order received, start to be determined.",
            Why::NotDone,
        ),
        ("Massage 60 min was the original booking.", Why::NotToday),
        ("Due for 30 min of massage in two weeks.", Why::NotToday),
        ("Massage 30 min in 2024.", Why::NotToday),
        ("Self-administered 10 min of massage.", Why::AtHome),
        ("Massage 30 min - client fell ill.", Why::NotDone),
        ("Visit of 11/6: manual therapy 15 min.", Why::NotToday),
        ("Massage helped for 2 hours.", Why::OfOther),
        ("Pain eases 20 min after massage.", Why::OfOther),
        ("Walked 30 min without stretching.", Why::OfOther),
        ("Stretching hurts after 5 minutes.", Why::OfOther),
        ("Stretching for 3 min before pain.", Why::OfOther),
        ("Massage was 10 min shorter.", Why::OfOther),
        ("E-stim with heat 15 min was not tolerated.", Why::NotDone),
        (
            "Was given massage and ultrasound 20 min at the other clinic.",
            Why::NotHere,
        ),
        ("Massage and ultrasound, 45 min.", Why::Unclear),
        ("Massage 15-20 min.", Why::Unclear),
        ("Massage 2 x 15 min.", Why::Unclear),
        ("Massage two hours thirty.", Why::Unclear),
        ("Massage 600 min.", Why::Unclear),
        ("Massage 0 min.", Why::Unclear),
    ] {
        assert_eq!(read(words), Err(Some(why)), "{words}");
    }
    for words in ["Massage to the neck.", "30 min of talk.", "Tender."] {
        assert_eq!(read(words), Err(None), "{words}");
    }
}

#[test]
fn so_many_units_are_no_repetition() {
    assert_eq!(times("30 min x2"), ["30 min"]);
    assert_eq!(times("15 min x2"), [""; 0]);
    assert_eq!(times("25' x 2 units"), ["25 min"]);
    assert_eq!(times("call 503-555-0142"), [""; 0]);
}

#[test]
fn hands_are_laid_on_places() {
    assert_eq!(places("97140", "to the right shoulder"), "R shoulder");
    // An exercise is for a place only if its side is said.
    assert_eq!(
        places("97110", "for the lumbar spine and right hip"),
        "R hip"
    );
}
