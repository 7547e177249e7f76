"""Who asks, who answers, and what is no speaker at all, by the words of a label and by what is said under it."""

import re
from collections.abc import Collection

import pandas as pd

ASKING = """interviewer(in)? | befragende(r)? | int | iv | i | researcher | moderator(in)? | co-?[ ]?(facilitator|moderator|interviewer) | note[ -]?taker |
facilitator | interviewer's? question | q | enqu[eê]t(eur|rice) | intervieweu(r|se) | mod[ée]rat(eur|rice) | chercheu(r|se) | entrevistador(a|es)? |
moderador(a)? | investigador(a)? | pesquisador(a)? | intervistat(ore|rice) | moderat(ore|rice) | ricercat(ore|rice) | forscher(in)? |
interviewster | onderzoek(er|ster) | gespreksleider | intervjuare | intervjuer | forsk(er|are) | haastattelija | tutkija | ankieter(ka)? | badacz(ka)? |
prowadz[aą]c[yae] | moderatorka | tazatel(ka)? | kérdező | görüşmeci | araştırmacı | pewawancara | peneliti | ερευν[ηή]τ(ής|ρια) | συνεντευκτ(ής|ρια) |
интервьюер | исследователь(ница)? | модератор | ведущ(ий|ая) | дослідни(к|ця) | інтерв'юер | المحاور(ة)? | الباحث(ة)? | מראיי(ן|נת) | חוקר(ת)? |
采访者 | 採訪者 | 访谈者 | 訪談者 | 访问者 | 訪問者 | 主持人 | 研究者 | 面接者 | 聞き手 | インタビュアー | 면접자 | 면담자 | 연구자"""
ANSWERING = """respondent | resp | participant | interviewee | r | p | a | b | speaker[ _]? | person | (fe)?male([ ](voice|speaker))? | (wo)?man | befragte(r)? | teilnehmer(in)? |
r[ée]pondant(e)? | enqu[eê]t[ée](e)? | entrevistad[oa] | participante | intervistat[oa] | respondente | badan[ya] | respondent(ka)? | респондент(ка)? |
информант(ка)? | συμμετέχ(ων|ουσα) | المشارك(ة)? | المبحوث(ة)? | 受访者 | 被访者 | 参与者 | 話し手 | 참여자"""
UNKNOWN = (
    r"(unidentified|unknown|several|all|various|speaker \?|\?+|inaudible)( (speakers?|voices?|people|participants))?|both|every(one|body)|together|"
    r"interpreter|translator|dolmetscher(in)?|interpr[eè]te|int[eé]rprete|tolk|t[łl]umacz(ka)?|переводчи(к|ца)"
)
JOINED = re.compile(r"\s*[/&+]\s*|,\s+|\s+(?:and|und|et|y|e|en|og|och|i|и)\s+")
HEADINGS = """tel | telephone | telefon | t[ée]l[ée]phone | tel[ée]fono | phone | mobile | mob | fax | e-?mail | mail | web | website | www | url | address |
adresse | date | datum | fecha | time | venue | place | location | ref | reference | subject | betreff | re | to | from | cc | bcc | sent | von |
an | page | note | notes | nb | present | apologies | attendees | chair | agenda | item | action | actions | decision | decisions | source |
figure | table | example | https? | ftp | observations? | summary | quote | nota bene | p\.[ ]?s\.? | e\.g\.? | i\.e\.? | honestly | really | actually | seriously |
frankly | basically | literally | for (example|instance) | in (fact|short|other words) | that is | zum beispiel | par exemple | por ejemplo |
first(ly)? | second(ly)? | third(ly)? | finally | remember | anyway | (mon|tues|wednes|thurs|satur)day |
(the|our|their|this|these|that|those|there)[ ].+ |
(my|and|but|because|so|then|if|when|what|where|why|how|which|who|not|just|even|also|only|at|in|on|by|with|without|from|since|until)[ ](?-i:[a-z]).*"""
# who somebody is to a service or a family: a label that other interviews have, too
ROLES = """clients? | users? | carers? | caregivers? | patients? | residents? | tenants? | customers? | members? | volunteers? | students? | pupils? |
learners? | workers? | advis[eo]rs? | managers? | officers? | leaders? | coordinators? | assistants? | practitioners? |
professionals? | providers? | representatives? | staff | team | nurses? | doctors? | gp | therapists? | counsellors? | teachers? | tutors? | mentors? |
wom[ae]n | m[ae]n | (fe)?males? | boys? | girls? | child(ren)? | adults? | persons? | people | group | interviewees? | respondents? | participants? | informants? |
parents? | mother | mum | mam | father | dad | wife | husband | spouse | partner | son | daughter | sister | brother | aunt | uncle | grand(mother|father|parent|son|daughter) |
gran | grann?y | grandm?a | grandad | relatives? | famil(y|ies) | friends? | neighbours? | patient(e|in)? | klient(in)? | client[eë] | cliënt | angehörige[rn]? | pflegekraft |
usag(er|ère) | aidante? | paciente | usuari[oa] | cuidador(a)? | utente | mantelzorger"""


def _words(listed: str) -> str:
    return "|".join(word.strip() for word in listed.split("|"))


# Interviewer 2, Interviewer #1, Interviewer-1, Interviewer A, Interviewer Jo, Entrevistador/a
WHICH = r"\.?(\s*[#№-]?\s*\d+\.?)?"
FORMS = r"(?<=\w{5})([/·*_]\w{1,4})?(\s+(?!(notes?|comments?|observations?|remarks?|and|und|et)\b)\w[\w.'’-]*){0,2}"
INTERVIEWER = re.compile(rf"({_words(ASKING)})({WHICH}|{FORMS})", re.IGNORECASE)
ANYBODY = re.compile(rf"({_words(ANSWERING)})\.?\s*\d*|[mf]\d*|s|speaker [a-z]", re.IGNORECASE)
ROLE = rf"(?!(?:my|your|his|her|its|our|their)\b)([^'’\n]*[ -])?({_words(ROLES)})(['’]s? ({_words(ROLES)}))?"
GUESSED = re.compile(r"speaker|person|a\d", re.IGNORECASE)
NOBODY = re.compile(UNKNOWN, re.IGNORECASE)
NO_SPEAKER = re.compile(f"({_words(HEADINGS)})", re.IGNORECASE)
MINUTES = re.compile("apologies|agenda|actions?|decisions?", re.IGNORECASE)
QUESTION = re.compile(r"[?？؟՞\u037e]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);|か。")
LEAST_QUESTIONS = 3


def is_role(label: str) -> bool:
    """Whether a label is a role or a group and no name: Carer, Service user, Client's mother."""
    return bool(re.fullmatch(ROLE, label, re.IGNORECASE))


def is_numbered(label: str) -> bool:
    """Whether a label numbers the people of one transcript: R1, Female voice; a tool's "Speaker 1" may be anybody."""
    numbered = re.fullmatch(r"\D+\d|(fe)?male\b.*", label, re.IGNORECASE) and ANYBODY.fullmatch(label)
    return bool(numbered) and not GUESSED.match(label)


def tells_apart(label: str) -> bool:
    """Whether a label tells the people of one transcript apart, by a number or a role."""
    return is_numbered(label) or (is_role(label) and not ANYBODY.fullmatch(label))


def is_joint(label: str, labels: Collection[str]) -> bool:
    """Whether a label is of several people at once: "P1 and P2", "Ana & Bob", where these speak too or are numbered."""
    parts = JOINED.split(label)
    return len(parts) > 1 and ("&" in label or all(each in labels or is_numbered(each) for each in parts))


def role_of(label: str) -> str:
    """Return the role that a label's own words give: interviewer, unknown (a voice nobody knows), or respondent."""
    if INTERVIEWER.fullmatch(label):
        return "interviewer"
    return "unknown" if NOBODY.fullmatch(label) else "respondent"


def who_asks(spoken: pd.Series) -> str:
    """Return the label of who asks, where no label says so: three questions, in most turns, and few from anybody else; or in each of two and more, and none else.

    spoken  the words of each turn, with its speaker's label as index
    """
    asks = spoken.str.contains(QUESTION).groupby(level=0).agg(["sum", "mean"])
    asking = asks[asks["sum"].ge(LEAST_QUESTIONS) & asks["mean"].gt(0.5)]
    if asking.empty:
        alone = asks["sum"].eq(asks["sum"].sum()) & asks["sum"].gt(1) & asks["mean"].eq(1)
        asking = asks[alone & ~asks.index.map(is_numbered).astype(bool)]
    others = asks.drop(asking.index)
    return asking.index[0] if len(asking) == 1 and len(others) and others["mean"].lt(0.34).all() else ""


def is_conversation(spoken: pd.Series) -> bool:
    """Whether turns under labels that could be anything are speech: somebody asks, and all who speak say words.

    A letter ("Tel: 1234"), minutes ("Action: ...") and a list of fields have labels that come round, too.
    """
    says_words = spoken.str.contains(r"[^\W\d_]", regex=True).groupby(level=0).any()
    return bool(says_words.all() and spoken.str.contains(QUESTION).any())
