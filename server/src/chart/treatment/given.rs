//! Whether words about treatment say that it was given at this visit: not what is planned, declined, done at home, by
//! somebody else or on another day.
//!
//! What stands before a treatment and directly behind it speaks of it. Behind a comma or a `with` other things begin, and
//! only words that are nothing but `declined` or `next visit` still take it back: `15 min, ice declined` does not.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::chart::passing;
use crate::pattern::{pattern, words};
use crate::reference::regions;
use crate::text::Span;
use crate::text::date;

/// Why a sentence with a time or a technique stays prose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It comes another day, or came.
    NotToday,
    /// It was declined, or not done.
    NotDone,
    /// The patient did it, or is to do it at home.
    AtHome,
    /// Somebody else gave it, or it is a price, a form, a limit.
    NotHere,
    /// Its time is how long something else took or lasted.
    OfOther,
    /// Nothing says which time is whose.
    Unclear,
}

words!(
    NOT_TODAY,
    r"(?ix)\b(?:
        will|would|shall|should|could|can|may|might|plan(?:s|ned|ning)?|upcoming|schedul\w*|resched\w*|recommend\w*|suggest\w*|consider\w*|advis\w*
        |to\ (?:be|do|add|try|start|begin|follow|go)|if|whether|needs?|goals?|aims?|previous\w*|prior|last|ago|yesterday|usually|typical\w*|every|each|tomorrow|future|ever
        |next\ (?:(?:few|couple|two|three|four|five|six|\d)\ (?:of\ )?)?(?:visit|time|session|week|month|year|appointment|treatment|tx|one|few|mon|tues|wednes|thurs|fri)\w*
        |in\ (?:the\ past|(?:19|20)\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|back\ in|earlier|formerly|originally|at\ (?:the\ )?(?:first|initial|last|previous)\b|first\ visit
        |(?:visits?|weeks?|days?|months?)\ before|since|as\ of|this\ am|had\ (?:been|had)|once|when|before\ adding|later|following\ (?:visit|session|week|appointment)
        |orders?|ordered|prescri\w*|referr\w*|authori[sz]\w*|approved|eligible|covers|booked|offered|inquir\w*|wonder\w*|curious|interested|regarding|concerning|encourag\w*|urged|remind\w*|counsel\w*|looking\ ahead|wish\w*|hop(?:es?|ed|ing)|request\w*|wants?|intend\w*|return\ (?:visit|in|on|for|if|next)|frequency|allow\w*|anticipat\w*|expect\w*
        |target|stg|ltg|poc|rx|script|propos(?:ed|als?)|slated|for\ (?:mon|tues|wednes|thurs|fri|satur|sun)day|docket|agenda|lined\ up|penciled\ in|at\ (?:the|her|his|their)\ follow[- ]up|start\ of\ care|going\ forward|moving\ forward|used\ to|gonna|let\ us|initial\ (?:visit|eval\w*)|eval\ day|baseline|provided\ that|as\ long\ as|assuming|unless|before\ coming|(?:increased|decreased|reduced|cut|shortened|extended|changed|up|down)\ from|work(?:ing)?\ up|build(?:ing)?\ up|compared\ (?:with|to)|options?|before\ this|next\ (?:we|i|on)|pending|due\ (?:for|on|in\ (?:an?|one|two|three|four|five|six|\d+))|booking
        )\b
        | ^(?:\W*(?:and|then|we|i)\ )?\W*(?:add|resume|begin|start|progress|continue|cont|try|trial|initiate|introduce|stop|hold|held|holding|saving|give|missed|unbilled|about\ to|next\ *:)(?:\b|\W)
        | ^\W*protocol\b\W*(?:for\ )?(?:weeks?|wks?|phase)\b | ^\W*(?:weeks?|wks?|months?|phases?|stages?)\ ?\d[-–\d\ ]*: | ^\W*to\ (?:progress|advance)\b | ['’]ll\b | ['’]d\ (?:like|love|want|prefer|rather)\b | \blet['’]s\b | \b(?:long|short)[-\ ]term\ ?: | \b\d\ ?x\ ?/ | \b(?:x|in)\ ?\d+\ ?(?:wks?|weeks?|visits|months?)\b | \bable\ to\b"
);
words!(
    NOT_DONE,
    r"(?ix)\b(?:not|nor|never|unable|declin\w*|refus\w*|defer\w*|omit\w*|skip\w*|cancel\w*|avoid\w*|withheld|held\ (?:off|today)|stopped|contraindicat\w*|dropped|postpon\w*|opted|waits|pass(?:ed|es)\ on|(?:g[ai]ve|gives|given|giving)\ up|(?:called|calls)\ off|(?:put|puts|putting)\ off|set\ aside|bumped\ to
        |instead|left\ (?:out|off|over|unused)|no|none|discontinu\w*|d/c|dc['’]d|ran\ (?:out|over)|attempt\w*|intended|too\ (?:\w+)\ (?:for|to)|(?:non-?)?complian\w*|\d+\ of\ \d+\ min\w*|rather|moved|saved|abort\w*|terminat\w*|interrupted
        |unsuccessful\w*|tbd|prn|as\ able|on\ hold|in\ (?:lieu|place)\ of|cut\ out|cut$|left\ before|(?:had\ to|chose\ to|wanted\ to)\ (?:leave|go|rest|stop)|no[- ]?show(?:ed|s)?|insufficient|n/a|was\ to|were\ to|opposed\ to)\b | n['’]t\b | ❌ | ✗ | ~~"
);
words!(
    AT_HOME,
    r"(?ix)\b(?:home|homework|hep|at\ work|own|daily|weekly|hourly|nightly|nights?|tonight|weekends?|weekdays?|before\ (?:bed|work|school|sleep)|when\ (?:he|she|they)\ (?:wakes?|gets?|comes?)|evenings?|mornings?|bedtime|twice|times\ (?:a|per|each)|per\ (?:day|week)|(?:a|the)\ (?:day|week)|bid|tid|qid|x\ \d+\ days
        |taught|teach|educated|instructed\ (?:\w+\ )?to|shown|self[- ]?(?:massag\w*|stretch\w*|mobili\w*|release[ds]?|myofascial|administer\w*|treat(?:s|ed|ment)|appl(?:y|ie[sd])|adjust\w*)|e-?mail\w*
        |(?:husband|wife|spouse|partner|friend|mother|father|daughter|son|caregiver)
        |by\ (?:him|her|them)sel(?:f|ves)|(?:by|on)\ (?:his|her|their)\ own|tolerance
        |reports?|reported|states?|stated|says|said|tells|told|asked|elsewhere|keeps?\ (?:up|doing)|logg?(?:ed|s)?
        |(?:he|she|they|patient|pt|client)\ (?:can\ )?(?:sits?|sat|stood|stands?|walks|drives|drove|sleeps?|slept|lies))\b
        | \b(?:he|she|they)(?:['’]s|\ is|\ are|['’]re)\ (?:doing|stretching|massaging|rolling|using|practicing|exercising)\b
        | ^\W*(?:instructed\ in\ self|sits?|sat|sitting|stood|stands?|standing|walks|drives|drove|sleeps?|slept|lies)\b
        | /\ ?(?:day|d|wk|week)\b"
);
words!(
    /// The patient alone, where it stands before the treatment; behind it it says how well: `15 min, independently`.
    ALONE,
    r"(?i)\b(?:independent(?:ly)?|alone)\b"
);
words!(
    /// Who else may give treatment.
    OTHERS,
    r"(?ix)\b(?:aunt|uncle|sister|brother|mom|mum|dad|grand\w+|niece|nephew|cousin|neighbou?r|room-?mate|co-?worker|boyfriend|girlfriend|fianc\w+|nurs(?:es?|ing)|trainer|coach|teacher|instructor|surgeon|physician|doctor|chiropractor
          |acupuncturist|colleague|student|aide|tech|staff|speech\ (?:therapist|pathologist)|slp|psychologist|urgent\ care|emergency\ (?:room|department)|hospital|physio\w*|another\ \w+|other\ (?:therapist|clinic|provider|place|lmt|pt|ot|dc)|(?:her|his|their)\ (?:pt|ot|dc|lmt|physical\ therapist|massage\ therapist|occupational\ therapist)|ot|pt\ appointment)
          \ (?:had\ |has\ |also\ |who\ |in\ (?:the\ )?\w+\ |co-?treated\ and\ )*(?:gave|gives|led|leads|ran|guided|walked|applied|used|completed|assisted|administered|did|does|doing|performed|performs|provided|rubs?|rubbed|massages|massaged|helps|helped|stretched|stretches|got|had|received|included)\b
      | \b(?:by|from|with|at)\ (?:an?\ |the\ |her\ |his\ |their\ |my\ )?(?:another\ \w+|other\ \w+|(?:the\ )?(?:gym|spa|hospital|er|urgent\ care|emergency\ (?:room|department)|class|pool)\b|chiropractor|trainer|nurs(?:es?|ing)|sister|mom|student)
      | \b(?:before|after)\ (?:me|us)\b | \b(?:slp|speech\ (?:therapy|therapist|pathologist))\ (?:treated|saw|worked)\b
      | \b(?:another|other)\ (?:patient|client|person)\b | \bbefore\ i\ (?:came|arrived|got)\b | \bclass\b | \bgym\b | \bspa\b | ^\W*(?:he|she|they)\ (?:got|bought|booked)\b | ^\W*(?:another|her|his|their)\ [A-Z] | \bsupervised\ (?:a\ |the\ )?student | \bobserved\b
      | \b(?:physical|occupational|speech)\ therapy\ (?:on|at|in)\b
      | \b(?:hospital|home\ health|rehab|snf|school|inpatient|outside|former)\ (?:pt|ot|lmt|dc|therapists?|aides?|nurses?|chiropractors?)\b
      | \bat\ (?:the\ |an?\ |her\ |his\ |their\ )?(?:[\w'’-]+\ ){0,2}(?:center|club|resort|studio|park|school|church|hotel|beach|retreat|cruise|race|marathon|practice|airport)\b"
);
pattern!(
    /// Who did something, where an article or a `her` begins the sentence: `The yoga teacher led`.
    SUBJECT,
    r"(?ix)^\W*(?:the|an?|her|his|their|our|my)\ (?:(?:treating|licensed|same|undersigned|supervising|physical|occupational|massage)\ )*
      (?P<who>[\w'’\ -]{2,40}?)\ (?:then\ |also\ |had\ |has\ )?(?:gave|did|led|provided|performed|ran|guided|took|walked|applied|helped|completed|administered|rubbed|massaged|stretched|received|got|had)\b"
);
words!(
    /// Less time than was planned: which of the two is written is not said.
    LESS_TIME,
    r"(?i)\b(?:shorten\w*|limited to|cut (?:short|to))\b"
);
words!(
    /// Who gives or gets treatment here.
    HERE,
    r"(?i)^(?:patient|pt|client|therapist|clinician|provider|practitioner|author|writer|session|treatments?|visit|tx|interventions?|child|resident|individual|member|pta|cota|ota|ot|lmt|dc|assistant)\b"
);
words!(
    /// Papers and prices that name treatment.
    PAPERS,
    r"(?ix)\b(?:sample\ (?:note|text|wording)|templates?|wording|brochure|handout|sheets?|printed|wrote|link|video|youtube|poster|policy|fees?|prices?|costs?|memberships?|(?:an|the)\ ad|ads|advertis\w*|subscriptions?|benefits?|certificates?|gift|packages?|purchas\w*|redeem\w*|copied|carried\ forward|coupon|voucher|deposit|menu|quoted?
      |(?:per|from|see)\ (?:the\ )?(?:last|prior|previous|\S*\d/\d\S*)\ (?:note|visit)|documentation|chart\ review|phone\ call|commut\w*|travel\w*|increments?)\b | \$\d"
);
words!(
    /// Minutes of something else than of the treatment: `rest 10 minutes after massage`.
    OTHER_TIME,
    r"(?i)\b(?:rested|resting\s+(?:for|x|about|\d)|wait(?:ed|ing)|arriv\w*|late|min(?:ute)?s? (?:shorter|longer)|before (?:pain|fatigue|symptoms)|returned|began \w+ minutes into|only \d+ min(?:utes)? left|talk\w*|spent talking)\b|^\W*rest\b"
);
words!(
    /// What tells a time from the technique behind it: `10 minutes before massage`.
    APART,
    r"(?i)\b(?:before|after|prior to|between|until|into|following|since|past|later)\b"
);
words!(
    /// What tells a technique from the time behind it: `massage helped for 2 hours`.
    EFFECT,
    r"(?i)\b(?:helps?|helped|lasts?|reliev\w*|relief|eas(?:es|ed)|felt|feels|began|started hurting|hurts?|aches?|bothers?|worsen\w*|aggravat\w*|provok\w*|makes?)\b"
);
words!(LASTED, r"(?i)\b(?:lasted|lasting)\b");
words!(
    /// What lasts when treatment is over: `relief from massage lasted 2 hours`.
    OUTCOME,
    r"(?i)\b(?:relief|effects?|benefits?|soreness|pain|results?|improvement|looseness|better|changes?)\b"
);
words!(
    /// What says directly behind a treatment that it was only meant to be: `massage 30 min was to follow`.
    MEANT,
    r"(?i)^\W*(?:(?:was|were|is|are|had|has)\s+(?:to|supposed|meant|going)|to\s+(?:start|begin|be|follow|resume|commence|come))\b"
);
pattern!(
    /// What somebody does again and again: `client rolls and stretches`, `uses a roller`.
    HABIT,
    r"(?ix)(?: ^ | [.;:,] | \b(?:and|but|who|which)\b )\W*
      (?: (?:the\ )?(?:pt|patient|client|she|he)\ (?:(?:still|also|now|usually|just|only|even|often|always)\ )?(?P<verb>[a-z]{3,}s)
        | does|uses|wears|has|gets|takes|goes|keeps|likes|enjoys|prefers|practices|swims|walks|runs|rolls|attends|sees|spends|rides|plays )\b"
);
words!(
    /// What a clinician writes of today as if it were now: `pt performs ther ex 15 min`.
    AS_OF_NOW,
    r"(?i)^(?:performs|completes|receives|tolerates|participates|engages|demonstrates|presents|arrives|requires|responds|has|was|is|does)$"
);
words!(
    /// What says what something is or holds, directly before the treatment: `the next step is`, `the package includes one`.
    CALLED,
    r"(?i)\b(?:is|are|includes?|covers?|costs?|requires?|remains?)\s+(?:(?:a|an|one|two|the|for|of|to|on|about|up|only|just|still|also|another|more|her|his|their)\s+)*$"
);
words!(
    /// What such words may be about so that they still say what was done: `today's treatment is`.
    OF_TODAY,
    r"(?i)\b(?:today|session|visit|treatment|tx|now)\b"
);
pattern!(
    /// What is said of treatment as such: `ther ex 20 min is needed`; what is not so is `is done`, `is tolerated well`.
    IN_GENERAL,
    r"(?i)^\s*(?:is|are|remains?|seems?|looks?|appears?|sounds?|works?|helps?|makes?|gives?|suits?)\s+(?P<what>[\w-]+)"
);
words!(
    OF_GIVEN,
    r"(?i)^(?:given|done|performed|provided|completed?|applied|rendered|tolerated|well|billed|being|documented|charged)$"
);
words!(
    /// What leaves out the treatment that stands directly behind it.
    WITHOUT,
    r"(?i)\b(?:without|instead of|rather than|except(?: for)?|excluding|minus|versus|unlike|for lack of)\s+(?:(?:the|a|an|any|his|her|their|our|planned|usual)\s+)*$"
);
words!(
    /// What begins with a verb of the treatment: `…, was not appropriate given the bruising`.
    OF_TREATMENT,
    r"(?i)^\W*(?:was|were|is|are|has been|had to be|to be)\s+(?:not|never|declin\w*|refus\w*|defer\w*|skipp\w*|omit\w*|held|cancel\w*|withheld|dropped|postpon\w*|stopped before|planned|scheduled|left out)\b"
);
pattern!(
    /// Where the words about a treatment end and others begin.
    AFTER,
    r"(?x)[,;:.(–—]|\s-\s|\b(?i:in\ order|with|when|while|then|after|and|but|because|since|as|to|which|who|pt|patient|client|she|he|they)\b"
);
pattern!(
    /// Words that leave a treatment as it is though they have a word of those above.
    ASIDE,
    r"(?ix)\b(?: as\ (?:planned|ordered|prescribed|requested|discussed|tolerated|indicated|scheduled|above|before|usual|recommended) (?:\ (?:by|in|per)\ [^,.;:]*)?
      | (?:as\ )?(?:per|towards?|following|according\ to|to\ meet|in\ line\ with)\ (?:the\ |her\ |his\ |their\ |today['’]s\ )?(?:md\ |physician\ |dr\.?\ \w+\ |doctor['’]s\ )?(?:plan(?:\ of\ care)?|poc|protocol|orders?|referral|prescription|goals?(?:\ \#?\d)?)
      | place\ and\ hold\w* | (?:(?:progress|advanc|upgrad)\w*\ from|(?:same|better|more|less|fewer)\ (?:as|than)|compared\ (?:with|to))\ (?:at\ |on\ |the\ )?(?:last|previous|prior)\ (?:visit|session|time|tx|treatment) | prior\ to\ (?:the\ |an?\ |his\ |her\ |their\ )?\w+ | orders?\ on\ file | goals?\ \#?\d+ | no\ home\ program\ changes | (?:not|no\ more)\ (?:painful|as\ \w+\ as\b)
      | next\ (?:\d+|\w+ty|\w+teen|ten|eight|twelve|five)\ min\w* )"
);
pattern!(
    /// The name of a treatment that has a word of those above in it.
    NAME,
    r"(?i)\bhome management\b"
);
pattern!(
    /// What comes before the treatment and only says in which circumstances it was given.
    CIRCUMSTANCE,
    r"(?i)^\W*(?:because|although|though|even though|while|despite|due to|given|unlike|not as|no longer|without|as (?:she|he|they|the|her|his|discussed|before|usual|last|planned|requested)|since (?:she|he|they|the|her|his))\b[^,;:]*,"
);
pattern!(
    /// How often: a plan, or what is done at home, wherever in its sentence it stands.
    OFTEN,
    r"(?ix)\b(?:\d\ ?x\ ?/\ ?(?:w(?:ee)?k|d(?:ay)?|mo(?:nth)?)|\d\ (?:x|times)\ (?:a|per)\ (?:day|week|month)|(?:once|twice|three\ times)\ (?:a|per|each|every)\ (?:day|week|month)|x\ ?\d+\ ?(?:wks?|weeks?|visits|months?|days|sessions))\b"
);
words!(
    /// Another sentence begins in words without stops.
    GOES_ON,
    r"(?i)\b(?:plan|will|continue|return (?:visit|in|on|for|if|next|\d)|follow|recommend\w*|next)\b"
);
words!(
    /// Words that by themselves take back what stands before them.
    TAKE_BACK,
    r"(?ix)^\W*(?:(?:pt|patient|client|she|he|they|we|it|this|but|and|was|were|is|are|has|have|had|been|be|to|at|on|for|with|the|an?|his|her|their|own|all|does|did|done|performed|given|by)\ +)*
      (?: not\ (?:yet\ )?(?:done|given|performed|provided|billed|started|completed|indicated|tolerated|appropriate|needed|medically\ necessary|received|charged|possible)
        | (?:did|could|would|can)(?:\ not|n['’]t)\ (?:do|get|have|finish|complete|want|tolerate|receive|start)(?:\ (?:it|this|that|them))?
        | declin\w* | refus\w* | defer\w* | omit\w* | skip\w* | cancel\w* | withheld | held | fell\ (?:ill|sick|asleep) | (?:felt|got)\ (?:ill|sick|faint|unwell) | walked\ out | called\ away | had\ to\ (?:leave|stop|go) | hold | contraindicat\w* | discontinu\w* | abort\w* | terminat\w* | dropped | postpon\w* | resched\w* | asleep | moved
        | none | n/a | no[- ]?show(?:ed)? | (?:clinic|office|gym|pool)\ (?:was\ )?closed | precautions? | see\ plan | left\ early | planned | scheduled | recommended | pending(?:\ \w+)? | ordered | prescribed | tbd | prn | as\ (?:needed|able) | needed | unable | (?:too|very)\ (?:sore|tired|weak|dizzy|painful) | unbilled | wasted | unsuccessful\w* | (?:\w+\ )?broken
        | determined | (?:called|put)\ off | passed\ on | given\ up | bumped | set\ aside
        | next\ (?:visit|time|session|week|appointment|treatment|tx|month) | tomorrow | later | in\ the\ future | yesterday | last\ (?:visit|time|session|week|month|treatment|\w+day) | tonight | this\ (?:evening|morning)
        | home | hep | homework | gym | daily | weekly | nightly | b\.?i\.?d\.? | t\.?i\.?d\.? | q\.?i\.?d\.? | qd | self | alone\ at\ home
        | (?:each|every)\ \w+ | before\ bed | spouse | husband | wife | caregiver | mother | friend
        | (?:done|given|performed|added|started|provided|billed|resumed|tried|continued)\ (?:next|at|when|once|later|tomorrow|if|on\ \w+day)\b.*
        | will\ (?:be\ (?:done|given|performed|added|started|provided|billed|resumed|tried)\b.* | (?:do|give|start|resume|perform|try|add|revisit|reassess|reconsider|decide)(?:\ (?:it|this|that))?(?:\ (?:next|tomorrow|later|on|at|when|once|if)\b.*)?) )
      (?:\ +(?:today|yet|now|currently|instead|by\ (?:the\ )?(?:pt|patient|client)|at\ this\ time|for\ now|for\ today|this\ (?:visit|session|time)|x\ ?\d+|due|for|started|until\b.*|till\b.*|at\ home|in\ \d.*|of\ time.*))*\W*$
      | ^\W*able\W*$"
);
pattern!(
    WEEKDAY,
    r"(?i)(?:\b(?:on|for|by|last|this past|next|until)[ ]+|^\W*)(?P<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*\b"
);
pattern!(
    /// A day of a month, in figures or with its name.
    DAY,
    r"(?i)(?:\bon[ ]+(?:the )?|\b(?:visit|session|note|appointment|treatment|eval|evaluation)[ ]+(?:of[ ]+|from[ ]+|\()?|^\W*)(?:(?P<month>\d{1,2})/(?P<day>\d{1,2})\b)|(?:\b(?:on|of|from|for|since|until)[ ]+(?:the )?|^\W*)(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ ]+(?P<of_name>\d{1,2})|(?:\b(?:on|of|from|for|since|until)[ ]+(?:the )?|^\W*the )(?:(?:\d{1,2}(?:st|nd|rd|th)|(?:(?:twenty|thirty)-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|\w{3,5}teenth|twentieth|thirtieth)\b)"
);
words!(
    /// A part of a clause that speaks of what is to come, behind treatment that was given: `…, will add ultrasound 8 min`.
    TO_COME,
    r"(?i)^\W*(?:and |but |then |we |i |she |he |they |pt |patient |client )*(?:will|plans? to|planning|to add|to try|may|might|next (?:visit|time|session|week)|home|hep|recommend\w*|consider\w*)\b"
);

/// Whether a part of a sentence only speaks of what is to come.
pub fn is_to_come(words: &str) -> bool {
    TO_COME.is_match(words)
}

/// Whether the words between a time and the technique behind it tell them apart, or leave the technique out.
pub fn are_apart(between: &str) -> bool {
    APART.is_match(between) || WITHOUT.is_match(between)
}

/// Whether the words between a technique and the time behind it speak of its effect; `lead` stands before them.
pub fn are_of_effect(lead: &str, between: &str) -> bool {
    EFFECT.is_match(between) || LASTED.is_match(between) && OUTCOME.is_match(lead)
}

/// Whether words hold any that say of something that it was not done.
pub fn may_be_declined(words: &str) -> bool {
    NOT_DONE.is_match(words)
}

/// Judges the words about a treatment; `core` is where its technique and its time stand, `today` the day of the visit.
///
/// # Errors
///
/// Why it was not given here and now.
pub fn judge(words: &str, core: Span, today: Option<Date>) -> Result<(), Why> {
    let words: &str = &without_asides(words, core);
    let rest = &words[core.end..];
    let end = AFTER.find(rest).map_or(rest.len(), |found| found.start());
    let (lead, about) = (&words[..core.start], &words[..core.end + end]);
    let tail = &rest[end..];
    for (pattern, why) in [
        (&NOT_DONE, Why::NotDone),
        (&NOT_TODAY, Why::NotToday),
        (&AT_HOME, Why::AtHome),
        (&OTHERS, Why::NotHere),
        (&PAPERS, Why::NotHere),
        (&LESS_TIME, Why::Unclear),
        (&OTHER_TIME, Why::OfOther),
    ] {
        if pattern.is_match(about) {
            return Err(why);
        }
    }
    let by_other = SUBJECT.captures(lead);
    if by_other.is_some_and(|found| !HERE.is_match(&found["who"])) {
        return Err(Why::NotHere);
    }
    if ALONE.is_match(lead) || is_habit(lead) {
        return Err(Why::AtHome);
    }
    words!(
        UNATTENDED,
        r"(?i)\bwhile (?:i|the therapist|the clinician)\b[^.;]*\b(?:(?:some|any)(?:body|one) else|another (?:patient|client|person))\b"
    );
    if UNATTENDED.is_match(rest) {
        return Err(Why::NotHere);
    }
    if MEANT.is_match(rest) || WITHOUT.is_match(lead) {
        return Err(Why::NotDone);
    }
    if is_in_general(lead, rest) {
        return Err(Why::NotToday);
    }
    if is_of_another_day(about, today) || passing::is_in_passing(about) {
        return Err(Why::NotToday);
    }
    let often = OFTEN.find(words).filter(|found| {
        let between = words.get(core.end..found.start()).unwrap_or_default();
        !GOES_ON.is_match(between)
    });
    if often.is_some() {
        return Err(Why::NotToday);
    }
    judge_tail(tail, today)
}

/// Whether the words before a treatment tell what somebody does again and again.
fn is_habit(lead: &str) -> bool {
    HABIT.captures_iter(lead).any(|found| {
        let verb = found.name("verb");
        verb.is_none_or(|verb| !AS_OF_NOW.is_match(verb.as_str()))
    })
}

/// Whether the words around a treatment speak of it as such, and not of this visit.
fn is_in_general(lead: &str, rest: &str) -> bool {
    let said = IN_GENERAL.captures(rest);
    let of_given = |found: &regex::Captures<'_>| OF_GIVEN.is_match(&found["what"]);
    CALLED.is_match(lead) && !OF_TODAY.is_match(lead) || said.is_some_and(|said| !of_given(&said))
}

/// Judges what stands behind the words about a treatment, part by part.
fn judge_tail(tail: &str, today: Option<Date>) -> Result<(), Why> {
    if tail.contains(['❌', '✗']) || tail.contains("~~") {
        return Err(Why::NotDone);
    }
    for part in AFTER.split(tail) {
        let part = without_places(part);
        if TAKE_BACK.is_match(&part) || OF_TREATMENT.is_match(&part) {
            return Err(Why::NotDone);
        }
        let is_day = |pattern: &regex::Regex| {
            let found = pattern.find(&part);
            found.is_some_and(|found| {
                part[..found.start()].trim().is_empty()
                    && part[found.end()..].trim_matches([' ', '.', ')']).is_empty()
            })
        };
        if (is_day(&WEEKDAY) || is_day(&DAY)) && is_of_another_day(&part, today) {
            return Err(Why::NotToday);
        }
    }
    Ok(())
}

pattern!(LAST, r"(?i)\blast\s+$");
words!(
    IN_MINUTES,
    r"(?i)^(?:\d+|[a-z]+(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)[ -]?min"
);
words!(SEEN_BY, r"(?i)\bseen by\b");
words!(BEFORE_THERAPY, r"(?i)^prior to (?:the )?(?:pt|ot|slp)$");

/// The words with blanks in the place of those that say nothing of whether the treatment was given.
fn without_asides(words: &str, core: Span) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(words);
    let circumstance = CIRCUMSTANCE.find(words);
    let circumstance = circumstance.filter(|found| found.end() <= core.start);
    let asides = ASIDE.find_iter(words).filter(|found| {
        // `Seen by LMT for massage 30 min prior to PT`
        let by_other =
            SEEN_BY.is_match(&words[..found.start()]) && BEFORE_THERAPY.is_match(found.as_str());
        // Words of the treatment itself are none.
        !by_other && (found.end() <= core.start || core.end <= found.start())
    });
    // `spent the last ten minutes on massage`: of this visit.
    if let Some(last) = LAST.find(&words[..core.start])
        && IN_MINUTES.is_match(&words[core.start..])
    {
        let blanks = " ".repeat(last.len());
        out.to_mut().replace_range(last.range(), &blanks);
    }
    let names = NAME.find_iter(words);
    for found in circumstance.into_iter().chain(asides).chain(names) {
        let blanks = " ".repeat(found.len());
        out.to_mut().replace_range(found.range(), &blanks);
    }
    out
}

/// The words without the places they name: `to the lumbar, at home` is `at home`.
fn without_places(words: &str) -> String {
    pattern!(
        FILLERS,
        r"(?i)\b(?:the|his|her|their|left|right|bilateral|both|sides?|muscles?|area|region|spine|low|upper)\b"
    );
    let mut out = words.to_owned();
    for region in regions::find_in(words).into_iter().rev() {
        out.replace_range(region.range, "");
    }
    FILLERS.replace_all(&out, "").into_owned()
}

/// Whether words name a day that is not that of the visit.
fn is_of_another_day(words: &str, today: Option<Date>) -> bool {
    if let Some(found) = WEEKDAY.captures(words) {
        let said = found["day"].to_lowercase();
        let own = today.map(date::weekday);
        // `Sun salutations`, `Mon cheri`: a name is whole or short with its dot.
        let whole = found[0].trim().rsplit(' ').next().unwrap_or_default();
        let is_name = whole.to_lowercase().ends_with("day") || whole.len() <= 5;
        if is_name && own != Some(said.as_str()) {
            return true;
        }
    }
    words!(
        BEFORE_DAY,
        r"(?i)(?:^|\(|\b(?:on|for|of|from|appointment|visit|session|note|dated|seen|scheduled|evaluation|eval|treatment))\W*$"
    );
    let full = date::find_in(words, 0);
    if !full.is_empty() {
        let of_visit = full
            .iter()
            .find(|found| BEFORE_DAY.is_match(&words[..found.span.start]));
        return of_visit
            .and_then(|found| found.day)
            .is_some_and(|day| Some(day) != today);
    }
    DAY.captures(words).is_some_and(|found| {
        let figure = |name: &str| found.name(name)?.as_str().parse::<i8>().ok();
        let month = figure("month").or_else(|| {
            let name = found.name("name")?.as_str().to_lowercase();
            let names = [
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
            ];
            i8::try_from(names.iter().position(|known| *known == name)? + 1).ok()
        });
        let day = figure("day").or_else(|| figure("of_name"));
        let own = today.map(|today| (Some(today.month()), Some(today.day())));
        own != Some((month, day))
    })
}
