"""One note at a time."""

from __future__ import annotations

import dataclasses
import datetime
import json
import threading
import warnings

import pytest
import soapstone


def test_a_finding_says_what_the_program_says(bare, program, tmp_path):
    note = tmp_path / "a.soap"
    text = f"payer: medicare\nvisit: 2026-05-07\n{bare}"
    note.write_text(text)
    done = program("check", str(note), "--output-format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    told = json.loads(done.stdout)
    found = soapstone.check(text)
    assert [f.rule for f in found] == [f["rule"] for f in told]
    for finding, entry in zip(found, told, strict=True):
        del entry["path"]
        assert json.loads(json.dumps(dataclasses.asdict(finding))) == entry
        assert "zanzibar" not in str(finding)
    inverted = next(f for f in found if f.rule == "inverted-range")
    assert inverted.severity == "error"
    assert (inverted.start, inverted.end) == (soapstone.Place(6, 16), soapstone.Place(6, 27))
    assert inverted.fixes[0].edits[0].text == "13:05-13:35"


def test_payer_and_date_hold_where_the_note_is_silent(bare):
    day = datetime.date(2026, 5, 7)
    visit = soapstone.claim(bare, payer="Medicare Part B", date=day).visits[0]
    assert (visit.payer, visit.date) == ("medicare", day)
    for same in ("05/07/2026", datetime.datetime(2026, 5, 7, 9, 30)):
        assert soapstone.claim(bare, "medicare", date=same).visits[0] == visit
    own = f"payer: auto\nvisit: 2026-05-09\n{bare}"
    visit = soapstone.claim(own, payer="medicare", date=day).visits[0]
    assert (visit.payer, visit.date) == ("auto", datetime.date(2026, 5, 9))
    rules = {f.rule for f in soapstone.check(bare, payer="medicare")}
    assert "medicare-excluded" in rules
    assert "medicare-excluded" not in {f.rule for f in soapstone.check(bare, payer="auto")}


def test_a_claim_has_its_lines_and_ways_to_share():
    text = "visit: 2026-11-20\npayer: medicare\n97110-GP shoulder 20 min\n97140 lumbar 20 min\n97012? 10 min\n"
    claim = soapstone.claim(f"patient: 7\n{text}")
    visit = claim.visits[0]
    assert (claim.patient, visit.counting, visit.timed_minutes, visit.timed_units) == ("7", "cms", 40, 3)
    assert {"97110": 2, "97140": 1} in visit.allocations and {"97110": 1, "97140": 2} in visit.allocations
    first = visit.lines[0]
    assert (first.code, first.modifiers, first.minutes, first.proposed) == ("97110", ("GP",), 20, False)
    assert [line.proposed for line in visit.lines] == [False, False, True]
    assert {d.plan for d in visit.disciplines} >= {"GP"}
    assert soapstone.claim("S: x\n") == soapstone.Claim(None, ())


def test_a_text_becomes_a_note():
    told = "Manual therapy 97140 to cervical spine for 15 minutes.\n"
    note = soapstone.import_note(told, payer="Medicare", date="2026-11-20")
    assert note.text.startswith("payer: Medicare\n\nvisit: 2026-11-20\n")
    assert note.rows[0].kind == "block" and "97140" in note.rows[0].what
    assert note.summary.startswith("1 block recognized")
    # What came out is a note, and goes in again as it is.
    assert soapstone.import_note(note.text).text == note.text


def test_codes_and_pages():
    found = soapstone.codes("97140")
    assert [(code.code, code.kind, code.billable) for code in found] == [("97140", "procedure", True)]
    assert "15-minute units" in found[0].description
    back = soapstone.codes("low back pain", limit=3)
    assert [code.kind for code in back] == ["diagnosis"] * 3
    assert any(code.code.startswith("M54.5") for code in back)
    assert soapstone.codes("59")[0].kind == "modifier"
    assert soapstone.codes("zanzibar") == []
    assert soapstone.explain("Under-Eight-Minutes").startswith("# under-eight-minutes")
    with pytest.raises(KeyError, match="no rule"):
        soapstone.explain("zanzibar")
    assert len(soapstone.rules()) > 60
    assert all(soapstone.explain(rule) for rule in soapstone.rules())


def test_settings_hold_and_what_is_wrong_in_them_is_said_once(bare, tmp_path):
    settings = tmp_path / "soapstone.toml"
    settings.write_text('[rules]\ninverted-range = "off"\n')
    assert "inverted-range" not in {f.rule for f in soapstone.check(bare, config=settings)}
    # Settings that were changed hold from then on.
    settings.write_text('payer = "auto"\nzanzibar = 1\n')
    with pytest.warns(soapstone.SoapstoneWarning, match="soapstone.toml:2: .*zanzibar") as warned:
        assert soapstone.claim(bare, config=str(settings)).visits[0].payer == "auto"
    assert len(warned) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "inverted-range" in {f.rule for f in soapstone.check(bare, config=settings)}
    with pytest.raises(FileNotFoundError):
        soapstone.check(bare, config=tmp_path / "none.toml")


def test_an_error_holds_no_words_of_the_note():
    for ask, sentence in [
        (lambda: soapstone.check("S: x\n", date="zanzibar"), "date could not be read"),
        (lambda: soapstone.import_note("%PDF-1.7 zanzibar"), "could not be imported: it is a PDF"),
        (lambda: soapstone.import_note("Patient: Ann Zanzibar\nPatient: Bo Other\n"), "more than one patient"),
    ]:
        with pytest.raises(soapstone.NoteError, match=sentence) as raised:
            ask()
        assert "zanzibar" not in str(raised.value).lower()
    with pytest.raises(TypeError):
        soapstone.check(b"S: x\n")


def test_any_text_is_a_note():
    for text in ("", "\n", "\ufeffvisit: 2026-11-20\n97124 20 min\n", "\0\r\r\n\u2028", "97140 " * 500):
        assert isinstance(soapstone.check(text), list)
        assert isinstance(soapstone.claim(text), soapstone.Claim)
        assert isinstance(soapstone.import_note(text.replace("\0", "")).text, str)


def test_others_work_while_a_note_is_judged():
    visit = "visit: 2026-{:02}-{:02}\n97124 lumbar 10:00-10:07\nS: Stiff in the morning.\n\n"
    chart = "".join(visit.format(1 + n // 28 % 12, 1 + n % 28) for n in range(300))
    soapstone.check("")
    done = threading.Event()

    def judge():
        soapstone._soapstone.Checker().check(chart, None, None)
        done.set()

    thread = threading.Thread(target=judge)
    thread.start()
    steps = 0
    while not done.is_set():
        steps += 1
    thread.join()
    # With Python's lock held all along, none would be made.
    assert steps > 1000
