//! Words that speak of a code in passing: it was denied, comes next time, is of another day or was not done.

use std::borrow::Cow;

use crate::pattern::{pattern, words};
use crate::text::date;

/// What says so of a code wherever it stands beside one.
const ANYWHERE: &str = r"superbill | none\ (?:was\ )?done | codes\ available | deferred | no\ longer | codes\ we\ use | discuss\w* | declin\w* | refus\w* | authori[sz]ed
    | (?:last|previous|prior|next)\ (?:month|visit|week|wk|time|year|session|appointment|(?:mon|tues|wednes|thurs|fri|satur|sun)day)
    | not\ (?:billed|done|performed|provided|given|indicated|tolerated|used|needed|charged) | instead\ of
    | held\ (?:off|today|due|d/t|because|secondary) | contraindicated | ran\ out\ of\ time | not\ enough\ time | visits\ used | units?\ (?:left|remaining|used|available) | question\ for
    | may\ (?:add|start) | plan(?:s|ned)?\ to";

words!(
    /// What was not done, and why.
    HELD_BACK,
    r"(?ix) (?m:^)\W*(?:hold|d/c(?:'?d)?|discontinued?)[\s:–-]+(?:with\ )?\d{5}
    | (?m:^)\W*held\b[^.;]{0,25}\d{5} | \d{5}\)?[\s:,–-]+on\ hold\b | \b(?:was|were)\ held(?:\s*[.,;)]|\ by\b)
    | \b(?:unable|not\ able)\ to\ [^.;,]{0,30}\d{5}
    | \b(?:did\ not|didn't|never|could\ not|couldn't)\ (?:get|got)\ to\ [^.;,]{0,30}\d{5} | \bno\ time\ (?:left\ )?for\ [^.;,]{0,30}\d{5}
    | (?m:^)\W*(?:cancell?ed|missed|rescheduled|moved|postponed)[\s:–-]+\(?\d{5} | \d{5}\ rescheduled\b | \bbilled\ in\ error\b
    | (?:min\.?|\d{5})\)?\ (?:was\ |were\ )?not\ attempted | \btime\ ran\ out
    | \bmin(?:ute)?s?\.?\)?\ (?:is\ |was\ )?contraindicated\b | \blost\ \d{5} | \bmoved\ to\ (?:mon|tue|wed|thu|fri|sat|sun|next|\d) | \b(?:neither|nor|except)\ (?:for\ )?\(?\d{5} | \bswitched\ from\ \d{5}
    | \bthat\ (?:was|were)\ (?:scheduled|planned) | \b(?:was|were)\ to\ (?:have|get|do)\b"
);

words!(
    /// The same with the end of the sentence.
    HELD_AT_LAST,
    r"(?ix) \d{5}[^.;]{0,25}\bheld\W*$ | \b(?:was|were)\ held\W*$ | \d{5}\ [a-z]+:?\ (?:was\ |were\ )?(?:cancell?ed|not\ held)\W*$
    | \d{5}\)?[\s:,–-]+(?:unable|not\ safe)\b[^.;,\d]{0,25}(?:\b(?:d/t|due|because|secondary|2/2)\b\D*(?:\d{2,3}/\d{2,3})?)?\W*$"
);
words!(
    /// What is planned or wished for, or done at home.
    TO_COME,
    r"(?ix) (?m:^)\W*(?:planned|scheduled)(?:\ (?:for|on)\b[^:;.]{0,30})?[\s\d/:,–-]*\b\d{5} | (?m:^)\W*(?:add|resume|defer)[\s:–-]+(?:with\ )?\d{5}
    | (?m:^)\W*plan\ for\b | (?m:^)\W*(?:poc|plan\ of\ care)\b\s*(?::|includes?|is\b|of\b) | (?m:^)\W*(?:tx\ )?next(?:\ (?:tx|visit|session|time))?\s*:
    | \bwill\ (?:do|use|have|perform)\b | \bresume\b.{0,40}\b(?:when|once|if|after)\b | \bscheduled\ (?:for|on|mon|tue|wed|thu|fri|sat|sun)
    | \bwould\ benefit\ from\ [^.;]{0,30}\d{5} | \bwants?\ to\ try\b | \bwant(?:s|ed)\ (?:\w+\ )?\d{5} | \bto\ be\ done\b
    | \bmin(?:ute)?s?\.?\)?\ (?:daily|nightly|bid|tid|\d(?:-\d)?x\ ?/\ ?(?:day|wk|week|d)\b|per\ (?:day|visit|week)|/\ ?visit) | \bmin(?:ute)?s?/(?:visit|day|mo)
    | (?m:^)\W*(?:waitlist\w*|gift\ card|booked)\b[^.;\d]{0,20}\d{5} | \bto\ (?:start|begin)\ (?:when|once)\b
    | (?m:^)\W*starting\ (?:on\ )?(?:\d{1,2}/\d|next\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day) | (?m:^)\W*(?:pt|patient)\ to\ do\b | \bhome\ program\ is\b | (?m:^)\W*hep[\s:–-]+\d{5}.*\b(?:daily|a\ day|per\ day|x/day|bid|at\ home)"
);

words!(
    /// What payers, their rules and orders say.
    OF_PAYERS,
    r"(?ix) (?m:^)\W*(?:prior\ )?(?:auth\w*|approv\w+|script|referral|order|md\ order)\b[^.;\d]{0,30}(?:rec'?d|received|covers?|request\w*|pending|:|\#|reads?|asks?|letter)
    | \b(?:covers?|pays)\s+(?:only\s+)?(?:for\s+)?\(?\d{5} | \bcall(?:ed|ing)?\ (?:the\ )?(?:insur\w*|payer|carrier)\b | \bauth\w*\ request
    | (?m:^)\W*(?:medicare|cms|ncci|insurer|insurance)\ (?:requires?|needs|says|allows?|pays|covers?|will|won't)\b | (?m:^)\W*per\ (?:medicare|cms|ncci)\b
    | \bmax\ \d+\ min | \b8[\ -]min(?:ute)?\ rule | \bto\ (?:bill|be\ billed)\b"
);

words!(
    /// What was before, or elsewhere.
    EARLIER,
    r"(?ix) \byesterday\b | \bsee\ (?:their|(?:the\ )?(?:pt|ot|slp|lmt|dc)(?:'s)?)\ notes?\b | (?m:^)\W*(?:in\ )?(?:prior|previous)\ (?:episode|tx|treatment|therapy|clinic) | \bother\ clinic\b
    | \b(?:pt|patient)\ (?:reports|said|says|states)\ \d{5} | (?m:^)\W*earlier\ (?:this|in\ the)\ (?:week|month)"
);

words!(
    /// What says so in a sentence.
    IN_SENTENCE,
    &format!(
        r"(?ix)
      \$\d | (?m:^)continues?\ (?:with\ )?\d{{5}} | \bcorrect(?:ed)?\ (?:\d{{5}}|.{{0,12}}\bclaim) | \blimits?\ \S+\ to\b
      | \bmax(?:imum)?\.?\ (?:of\ )?\d+\ units | \bunits?\ per\b
      | \d{{5}}[\ :,)–—-]+(?:n/a|none|not\ applicable|held|on\ hold)\W*$ | (?m:^)\W*\d{{5}}\ (?:is|=)\ [a-z] | \d{{5}}\ or\ \d{{5}} | \d{{5}}\ (?:requires?|needs)\ (?:an?\ |the\ )?modifiers? | \bno\ charge | \bcan(?:not|'t)\ be\b
      | \b(?: {ANYWHERE} | paid | bundled | eob | fees? | skipped | omitted | explain\w*\ (?:that|what|why) | (?:if|for)\ (?:commercial|medicare|medicaid) | either
        | (?:another|each|every)\ (?:month|visit|week|time|year|session|appointment)
        | (?:was|were)\ not | wasn't | weren't
        | rather\ than | non-?billable | (?:has|had|have)\ been\ (?:tried|used|helpful) | tried\ (?:at|before|in\ the\ past) | elsewhere | withheld | put\ off
        | left\ out | vs\.? | versus | billed\ (?:through|to\ date) | to\ date | so\ far | ago | remain\w* | authori[sz]\w*
        | approved | per\ (?:visit|week) | (?:will|would|may|might|could|should)\ (?:be\ )?(?:\w+\ )?(?:add|start|begin|try|continue|progress|need|see|trial|introduce|resume|added|started|billed|discuss)\w*
        | (?:is|are)\ to\ (?:begin|start|be|follow) | to\ be\ (?:added|started|begun|billed) | consider\w* | recommend\w* | if\ .{{0,60}}\ persists? | at\ re-?evaluation
        | when\ (?:the|he|she|pain|able) | progress\ to | trial\ of | question\w* | asked | ask )\b"
    )
);
words!(
    /// What says so directly behind a code that begins its line.
    BEHIND_CODE,
    &format!(
        r"(?ix)^[\s,.:;-]* (?:was|were|is|are|has|have|had|will|would|may|might|can|could|should|must|vs\.?|versus|denied|paid|rejected
          |or|cannot|can't|unable|not\ safe|bundled|skipped|omitted|authori[sz]ed|requires?|needs|no\ charge)\b
      | ^[\s:,–—-]+ (?:n/a|none|not\ applicable|held|on\ hold)\W*$
      | ^\s*x\ ?\d+,?\ (?:visits?\ )?(?:approved|authori[sz]ed|requested|pending)\b
      | ^\s*[a-z]+:?\ (?:was\ |were\ )?(?:cancell?ed|not\ held)\W*$
      | ^[\s:-]* (?: \$\d | =\s*[a-z] | \(?no\ charge )
      | \b(?: {ANYWHERE} )\b"
    )
);
words!(
    /// The words of a payer that refused a code, wherever in the sentence they stand.
    REFUSED,
    r"(?i)\b(?:denied|denials?|rejected|unpaid|overpaid)\b"
);
words!(
    /// A rule about a code or a plan, even with minutes: `97140 cannot be billed with 97530 in the same 15 minutes`,
    /// `97110 will be added for 15 min`.
    FORBIDDEN,
    r"(?i)^[ \t]*(?:(?:requires?|needs)(?: an?| the)? modifiers?|was (?:billed|charged) by|cannot|can't|can not|(?:may|must|should|will|would|might|could)(?: not| be)?|(?:is |are )?to be)\b"
);
pattern!(
    NEGATED,
    r"(?i)\b(?:no|not|without|never|nor|neither|previously|formerly)\s+(?:[\w-]+\s+){0,3}$"
);
pattern!(
    /// The day of which a sentence speaks: `On 11/13 97124 was done`, `she had 97124 on 11/13`.
    ON_DAY,
    r"(?imx)
      (?: ^ | \b(?:did|had|received|performed|done|given|billed|provided)\b[^.;\n]{0,40}[\ \t] | \bmin(?:ute)?s?\.?[\ \t]+ )
      on[\ \t]+ (?P<day> (?P<short>\d{1,2}/\d{1,2})\b.* | [a-z]{3,9}\.?[\ \t]+\d{1,2}\b.* )"
);
pattern!(
    /// The same in the middle of a sentence: `better since on 11/13 we did 97110`.
    ON_DAY_DONE,
    r"(?ix)
      \bon[\ \t]+ (?P<day> (?P<short>\d{1,2}/\d{1,2}) (?:/\d{2,4})? | \d{4}-\d{2}-\d{2} ) ,?[\ \t]+
      (?: (?:we|i|he|she|they|(?:the[\ \t]+)?(?:pt|patient|client|therapist))[\ \t]+ )? (?:also[\ \t]+)?
      (?: did | had | received | got | performed | provided | gave | billed | tried | used | was | were )\b"
);
words!(TODAY, r"(?i)\b(?:today|this visit|this session)\b");

pattern!(
    /// When something was that a sentence tells before it comes to the treatment: `Fell last week, 97116 12 min`.
    HISTORY,
    r"(?i)\b(?:last|previous|prior|past)[ \t]+[a-z]+|\byesterday\b|\bago\b"
);

/// The words before the clause of a code without when they were, as far as they only tell what was before.
pub fn without_history(before: &str) -> Cow<'_, str> {
    HISTORY.replace_all(before, "")
}

/// Whether the words before the clause of a code say no more than when that was: `Last visit, 97110 25 min`.
pub fn is_only_when(before: &str) -> bool {
    HISTORY.is_match(before) && LITTLE.is_match(&HISTORY.replace_all(before, ""))
}

words!(
    LITTLE,
    r"(?i)^\W*(?:(?:in|at|on|during|over|since|from|the|her|his|their|my|our)\b\W*)*$"
);
words!(
    /// What leads to all that follows: `If pain persists, 97014 15 min`, `At the next visit, 97112 15 min`.
    LEADS_IN,
    r"(?i)^\W*(?:if|when|once|after|until|unless|as soon as|at|in|on|for|next|last|auth\w*|approv\w+|script|referral|order|insurance|payer|benefits?|tomorrow|later|then|per|plans?|planned|planning|will|would|to|may|might|could|should|goals?|recommend\w*|consider)\b"
);

/// Whether the words before a clause say when, or on what condition, that comes about.
pub fn leads_in(before: &str) -> bool {
    LEADS_IN.is_match(before)
}

words!(
    /// A line that ends by taking back what it says: `97140 15 min not performed`.
    TAKEN_BACK,
    r"(?i)(?:^|[,;(–-]|\bmin(?:ute)?s?\.?\)?|\d)\s*(?:was |were |pt |patient |client )?(?:(?:not (?:done|performed|given|provided|billed|tolerated|attempted|indicated|addressed|completed)|(?:offered[;,]? )?declined|(?:from \d\S* (?:was|were) )?(?:denied|rejected)|refused|deferred|cancell?ed|skipped|omitted|withheld|on hold|contraindicated|discontinued)(?: today)?(?:\s*[(,;–-]\D*|\s+(?:d/t|due|because|2/2|secondary|per|as of|since|from|over)\b.*)?|offered|(?:planned |scheduled |due )?(?:for |at )?(?:the )?next (?:visit|session|time|week|appointment)|(?:at|from|on) (?:the |her |his )?(?:last|previous|prior) (?:visit|session|appointment)|planned|scheduled|tomorrow)(?: today)?[.;)]*\s*$|^[\s,:–-]*(?:(?:planned|scheduled|due) (?:for )?)?(?:(?:at |for )?(?:the )?next (?:visit|session|time|week|appointment)|planned|scheduled|tomorrow)[\s,:–-]+\d+ ?(?:'|’|m|min|mins|minutes)\.?\s*$"
);

words!(
    /// `10 min held`, `held, usually 8 min`; a plank is held for some time.
    HELD,
    r"(?i)(?:^\W*(?:x ?)?(?:\d+ ?(?:'|m|min|mins|minutes)\b\.?)?[\s,:–-]*|^\D*\d{1,3} ?min(?:ute)?s?\.?\)?\s+(?:was |were )?)held(?: today)?(?:\s*[(,;.–-].*|\s+(?:d/t|due|because|2/2|secondary|per|as|since)\b.*)?$"
);

words!(
    /// No minutes in a list of all that may be given: `97129 | 0 | not addressed`, `97150 Group 0`, `97018 – Paraffin: n/a, open cut`.
    NOTHING,
    r"(?i)^[\s|:,–-]*(?:[^:\d,;.]*:\s+(?:n/a|not today|held(?: today)?|on hold|no (?:order|referral|auth\w*)(?: yet)?)\s*(?:[,;(.–-]\D*)?$|0\s*(?:\||$|not\b)|(?:group|individual|concurrent|co-?treatment)\W+0\s*(?:\||$|not\b|min(?:ute)?s?\W*$))"
);

words!(
    /// `12 min withheld by RN`, `12 min if tolerated`, `12 min was given by nursing`. Behind a second figure it may be of that one:
    /// `15 min, 10 min last visit`.
    NOT_BY_US,
    r"(?i)^\D*\d{1,3} ?min(?:ute)?s?\.?\)?,?\s+(?:was |were |is )?(?:withheld\b.*|not appropriate\b.*|(?:done |given |performed )?(?:yesterday|\(?last (?:visit|session|time)\)?)|prn|if (?:tolerated|able)|(?:billed|charged) in error\b.*|to (?:begin|start) (?:when |once |on |next |at |in |mon|tue|wed|thu|fri|sat|sun|\d).*|(?:done|given|performed|provided|completed) by (?:the )?(?:nurs\w+|rn|lpn|cna|aides?|spouse|wife|husband|family|caregiver)\b.*)[.;)]*\s*$"
);

words!(
    /// `declined, then agreed`
    CAME_ROUND,
    r"(?i)\b(?:agreed|accepted|consented|then (?:did|completed|tolerated))\b"
);

pattern!(
    /// A part of the body that the patient wanted left alone: `full body except abdomen (client declined)`.
    SPARED,
    r"(?i)\b(?:except|excluding|minus|no|not|without|avoid(?:ed|ing)?)\b[^,;:(\d]{1,40}\((?:pt |patient |client )?(?:declined|refused|deferred)\b[^)]*\)"
);

/// Whether words end by taking back what they say of treatment: `15 min, patient declined`.
pub fn takes_back(words: &str) -> bool {
    let cell = words.trim_start_matches(['|', ' ', '\t']);
    let is_taken = TAKEN_BACK.is_match(cell) && TAKEN_BACK.is_match(&SPARED.replace_all(cell, ""));
    (is_taken || NOTHING.is_match(words) || NOT_BY_US.is_match(words) || HELD.is_match(words))
        && !CAME_ROUND.is_match(words)
}

/// Whether words leave open who gave the treatment, and whether today: `OT saw him first for 30 min`, `Protocol week 6:`.
pub fn leaves_open(words: &str) -> bool {
    words!(
        OPEN,
        r"(?i)^\W*protocol,? (?:for )?(?:weeks?|wks?|phase)\b|^\W*(?:the )?(?:slp|speech \w+|pt|ot|lmt|dc) (?:saw|treated|had) (?:him|her|them|pt|patient|client)\b[^.;]*\b(?:first|before|earlier)\b|^\W*(?:the )?(?:slp|speech(?: \w+)?|ot|lmt|dc|chiropractor) (?:saw|treated|did|gave|performed|provided|adjusted|worked w(?:ith|/))[^;]*\b(?:first|before|earlier|prior|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|^\W*the (?:pt|ot|slp|lmt|dc|chiropractor) billed\b|\bbilled by (?:the )?(?:pt|ot|slp|speech|lmt|massage|dc|chiropractor)\b|(?:\d{5}\)?|\bmin(?:ute)?s?\.?\)?),? (?:is to|are to|will) (?:follow|start|begin|come)\b"
    );
    OPEN.is_match(words)
}

/// Whether words say how much of what was planned was done: `Planned 97110 30 min, only 18 min completed`.
pub fn is_cut_short(words: &str) -> bool {
    words!(
        CUT_SHORT,
        r"(?i)\bonly (?:(?:did|completed|tolerated|got|managed) )?\d+ ?(?:'|’|min)"
    );
    CUT_SHORT.is_match(words)
}

/// Whether the patient's words or the assessment say what is needed or wished for: `Needs 97530 20 min for lifting`.
pub fn is_of_need(words: &str) -> bool {
    words!(
        NEED,
        r"(?i)\b(?:needs?|needed|requires?|asks?|asked|wants?|wishes|necessary|necessity|indicated|warranted|appropriate|candidate|goals?|benefits?|per session)\b|/ ?session\b"
    );
    NEED.is_match(words)
}

/// Whether words about a block tell it apart from other treatment: `separate from 97530 10 min`, `97124 15 min by the LMT`.
pub fn tells_apart(words: &str) -> bool {
    words!(
        APART,
        r"(?i)\b(?:distinct|separate\w*|different|apart|unrelated)\b|\bat home\b|\bby (?:the )?(?:pt|ot|slp|lmt|dc|chiropractor)\b"
    );
    APART.is_match(words)
}

/// Whether words end with the patient's refusal: `8 min, pt refused`.
pub fn is_refused_by_patient(words: &str) -> bool {
    words!(
        BY_PATIENT,
        r"(?i)[,;–-]\s*(?:but )?(?:pt|patient|client|she|he|they) (?:declined|refused)(?: (?:it|this|today))?\W*$"
    );
    BY_PATIENT.is_match(words)
}

/// Whether the words before a code say that it was offered.
pub fn is_offered(before: &str) -> bool {
    words!(OFFERED, r"(?i)\boffered\b");
    OFFERED.is_match(before)
}

pattern!(
    /// What was before is only what this is like: `same as last visit`.
    COMPARED,
    r"(?i)\b(?:as|than|(?:progress|advanc|upgrad|increas)\w*\s+from)\s+(?:at\s+|in\s+|on\s+|the\s+)?(?:yesterday|(?:last|previous|prior)\s+(?:visit|session|time|week|wk|appointment|tx|treatment))"
);

/// Whether words speak of treatment that was not given at this visit: denied, planned, of another day, declined.
pub fn is_in_passing(words: &str) -> bool {
    // Each by itself: what one automaton has to keep in mind of all of them is their product.
    let says_so = |words: &str| {
        HELD_BACK.is_match(words)
            || HELD_AT_LAST.is_match(words)
            || TO_COME.is_match(words)
            || OF_PAYERS.is_match(words)
            || EARLIER.is_match(words)
            || IN_SENTENCE.is_match(words)
    };
    is_refused(words) || says_so(words) && says_so(&COMPARED.replace_all(words, ""))
}

/// Words without the price of a charge, which by itself is said of no treatment, unless they speak of what it would cost.
pub fn without_prices(words: &str) -> Cow<'_, str> {
    words!(
        COSTS,
        r"(?i)\b(?:estimate[ds]?|quot(?:e[ds]?|ing)|pric(?:e[ds]?|ing)|costs?|packages?|rates?|offers?|specials?|balance|owes?|booked|gift|purchas\w*|needed|available|covered|allowed|suggested|referred|menu|appeal|refund|credit)\b|\bx[ ]?\d{1,2}[ \t]+\$"
    );
    if COSTS.is_match(words) {
        return Cow::Borrowed(words);
    }
    pattern!(
        PRICE,
        r"(?i)(?:\b(?:fees?|copay)[ \t]*[:=]?[ \t]*\$?|[@=]?[ \t]*\$)[ \t]?\d[\d.,]*(?:[ \t]?/[ \t]?unit)?"
    );
    PRICE.replace_all(words, "")
}

/// Whether what stands behind a code that begins its line speaks of it in passing.
pub fn is_in_passing_behind(words: &str) -> bool {
    is_refused(words) || BEHIND_CODE.is_match(words)
}

words!(
    /// What leads the words about what was before.
    HISTORY_LABEL,
    r"(?i)^\W*(?:history|hx|pmh|(?:past|prior|previous)[ \t]+(?:medical[ \t]+history|treatments?|therapy|care|interventions?))[ \t]*:"
);

/// Whether a line tells the history.
pub fn is_history(line: &str) -> bool {
    HISTORY_LABEL.is_match(line)
}

pattern!(
    /// What a patient denies, and no payer: `denied pain`, `pt denied any`.
    SYMPTOM_DENIED,
    r"(?i)\b(?:pt|patient|client|he|she|they)\s+(?:also\s+)?denie[ds]\b|\bdenied\s+(?:(?:any|having|new|more|further|an?|other|adverse|recent|increase[ds]?|worse\w*|in|of|or)\s+)*(?:pain|symptoms?|sx|dizz\w+|numb\w+|tingl\w+|sob|shortness|discomfort|increases?|soreness|falls?|fever|nausea|changes?|difficult\w+|issues?|effects?|response|reactions?|radicul\w+|weakness|red flags?)\b"
);

/// Whether words say that a payer refused something.
pub fn is_refused(words: &str) -> bool {
    REFUSED.is_match(words) && REFUSED.is_match(&SYMPTOM_DENIED.replace_all(words, ""))
}

/// Whether what stands behind a code says when it cannot be billed, or that it is to come.
pub fn is_rule(behind: &str) -> bool {
    FORBIDDEN.is_match(behind)
}

/// Whether the words before a code say that it was not done. `No pain during 97110` says nothing of it.
pub fn is_negated(before: &str) -> bool {
    words!(
        DURING,
        r"(?i)\b(?:during|in|to|with|w/|following|after|throughout|for|cues?|needs?)\s"
    );
    let negated = NEGATED.find(before);
    negated.is_some_and(|found| !DURING.is_match(found.as_str()))
}

/// Whether words speak of what was done on another day than that of the visit.
pub fn is_of_another_day(words: &str, today: jiff::civil::Date) -> bool {
    let on = ON_DAY.captures(words).or_else(|| {
        ON_DAY_DONE
            .captures(words)
            .filter(|_| !TODAY.is_match(words))
    });
    let dated = on.as_ref().and_then(|on| on.name("day"));
    if let Some(found) = date::at_start(dated.map_or(words, |day| day.as_str())) {
        return found.day.is_some_and(|day| day != today);
    }
    pattern!(LABEL, r"^\W*(?P<short>\d{1,2}/\d{1,2})[ \t]*:");
    // `Thursday: 15 min of 97535`
    pattern!(
        WEEKDAY,
        r"(?i)^\W*(?:(?:on|for)[ \t]+)?(?P<day>mon|tues|wednes|thurs|fri|satur|sun)day[ \t]*:"
    );
    words!(
        BESIDE_TODAY,
        r"(?i)^\W*(?:tomorrow|yesterday|next (?:visit|time|session|week))[ \t]*:"
    );
    if BESIDE_TODAY.is_match(words) {
        return true;
    }
    if let Some(found) = WEEKDAY.captures(words) {
        let said = found["day"][..3].to_lowercase();
        return said != date::weekday(today);
    }
    let on = on.or_else(|| LABEL.captures(words));
    let short = on.and_then(|on| on.name("short").map(|short| short.as_str().to_owned()));
    short.is_some_and(|short| {
        let figures = short.split('/').map(str::parse::<i8>);
        !figures.eq([Ok(today.month()), Ok(today.day())])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_in_passing() {
        for words in [
            "97124 was denied",
            "may add 97112",
            "97110 was discussed",
            "Yesterday 97110 25 min",
            "last Friday 97110 25 min",
            "97110 to be added",
            "did not get to 97530 (15 min) today",
            "no time for 97140 (15 min)",
            "Cancelled: 97140 30 min",
            "97116 unable to do d/t dizziness",
            "ther act 97530 on hold until cleared",
            "Prior auth pending for 97113 x 12",
            "Waitlist: 97113 45 min",
            "Gait (97116): N/A",
        ] {
            assert!(is_in_passing(words), "{words}");
        }
        for words in ["97110 25 min", "Ther ex (97110) 25 min, better than Friday"] {
            assert!(!is_in_passing(words), "{words}");
        }
        for words in [
            " 15 min not performed",
            " 15 min not completed",
            " 15 min was billed in error on 10/29",
            " 15 min to start when cleared",
            " 15 min, patient declined.",
            "not done today",
            " next visit 15 min",
            " 15 min, planned for next visit",
            "\t15\tPlanned",
            " | 0 | not addressed",
            " | Not addressed today",
            " Group 0",
            "-GO – Paraffin: n/a, open cut",
            " – Iontophoresis: no order yet",
            " – Paraffin: held",
        ] {
            assert!(takes_back(words), "{words}");
        }
        for words in [
            " 25 min, ice declined",
            " 15 min, not painful",
            " 15 min; hot pack not given.",
            " 15 min, recheck next visit",
            " 15 min planned sequence",
            " 60 min Swedish, full body except abdomen (client declined).",
            " 45 min back, no feet (declined)",
            " 15 min not completed until pain subsided",
            " 0 min",
            " Group 10",
            " – Paraffin: 10 min, no cut",
        ] {
            assert!(!takes_back(words), "{words}");
        }
        for behind in [
            " was held",
            ": rejected",
            " - not tolerated",
            " = exercise",
            " $40",
            ": none",
            " - held",
        ] {
            assert!(is_in_passing_behind(behind), "{behind}");
        }
        for behind in ["", " held plank", " bridges, clams", " - discomfort less"] {
            assert!(!is_in_passing_behind(behind), "{behind}");
        }
        assert!(is_negated("no ") && is_negated("without any ") && !is_negated("nor-"));
        assert!(is_rule(" cannot be billed") && !is_rule(" can be done"));
        assert!(is_rule(" will be added for 15 min") && !is_rule(" was added for 15 min"));
    }

    #[test]
    fn days_that_are_spoken_of() {
        let today = jiff::civil::date(2026, 11, 20);
        for words in [
            "On 11/13 97124 25 min was done",
            "11/13/2026: 97124 25 min",
            "Slept badly\nOn 11/13 she had 97124 25 min",
            "She had 97124 25 min on 11/13",
            "97124 25 min on 11/13",
            "Better since on 11/13 we did 97110 for 20 minutes",
            "Sore, on 11/13/2026 the patient received 97124 25 min",
            "Sore, on 2026-11-13 we did 97124 25 min",
        ] {
            assert!(is_of_another_day(words, today), "{words}");
        }
        for words in [
            "On 11/20 97124 25 min was done",
            "On 11/20/2026 we did 97124 25 min",
            "Fell on 11/13, 97116 12 min",
            "Fell on 11/13 and we did 97116 12 min",
            "Better, as on 11/13 we did too much; today 97110 20 min",
            "97124 25 min",
        ] {
            assert!(!is_of_another_day(words, today), "{words}");
        }
    }
}
