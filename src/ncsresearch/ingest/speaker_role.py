"""Who asks, who answers, and what is no speaker at all, by the words of a label and by what is said under it."""

import re

import pandas as pd

ASKING = """interviewer(in)? | befragende(r)? | int | iv | i | researcher | moderator(in)? |
facilitator | interviewer's? question | q | enqu[eê]t(eur|rice) | intervieweu(r|se) | entrevistador(a|es)? | intervistat(ore|rice) |
interviewster | intervjuare | intervjuer | haastattelija | ankieter(ka)? | badacz(ka)? | prowadz[aą]c[yae] | tazatel(ka)? | görüşmeci |
araştırmacı | ερευν[ηή]τ(ής|ρια) | συνεντευκτ(ής|ρια) | интервьюер | исследователь(ница)? | модератор | дослідни(к|ця) | інтерв'юер |
المحاور(ة)? | الباحث(ة)? | מראיין(ת)? | 采访者 | 访谈者 | 访问者 | 主持人 | 研究者 | 聞き手 | インタビュアー | 면접자 | 연구자"""
ANSWERING = """respondent | participant | interviewee | r | p | a | speaker[ _]? | person | (fe)?male | (wo)?man | befragte(r)? | teilnehmer(in)? | r[ée]pondant(e)? |
enqu[eê]t[ée](e)? | entrevistad[oa] | participante | intervistat[oa] | respondente | badan[ya] | respondent(ka)? | респондент(ка)? |
информант(ка)? | συμμετέχ(ων|ουσα) | المشارك(ة)? | المبحوث(ة)? | 受访者 | 被访者 | 参与者 | 話し手 | 참여자"""
UNKNOWN = r"(unidentified|unknown|several|all|various|speaker \?|\?+|inaudible)( (speakers?|voices?|people))?"
HEADINGS = """tel | telephone | telefon | t[ée]l[ée]phone | tel[ée]fono | phone | mobile | mob | fax | e-?mail | mail | web | website | www | url | address |
adresse | date | datum | fecha | time | venue | place | location | ref | reference | subject | betreff | re | to | from | cc | bcc | sent | von |
an | page | note | notes | nb | present | apologies | attendees | chair | agenda | item | action | actions | decision | decisions | source |
figure | table | example"""


def _words(listed: str) -> str:
    return "|".join(word.strip() for word in listed.split("|"))


INTERVIEWER = re.compile(rf"({_words(ASKING)})\.?\s*\d*\.?", re.IGNORECASE)
ANYBODY = re.compile(rf"({_words(ANSWERING)})\s*\d*|[mf]\d*|speaker [a-z]", re.IGNORECASE)
GUESSED = re.compile(r"speaker|person|a\d", re.IGNORECASE)
NOBODY = re.compile(UNKNOWN, re.IGNORECASE)
NO_SPEAKER = re.compile(f"({_words(HEADINGS)})", re.IGNORECASE)
MINUTES = re.compile("apologies|agenda|actions?|decisions?", re.IGNORECASE)
QUESTION = re.compile(r"[?？؟՞\u037e]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);|か。")
LEAST_QUESTIONS = 3


def is_numbered(label: str) -> bool:
    """Whether a label numbers the people of one transcript: R1, Respondent 2; a tool's "Speaker 1" may be anybody."""
    return bool(re.fullmatch(r"\D+\d", label) and ANYBODY.fullmatch(label)) and not GUESSED.match(label)


def role_of(label: str) -> str:
    """Return the role that a label's own words give: interviewer, unknown (a voice nobody knows), or respondent."""
    if INTERVIEWER.fullmatch(label):
        return "interviewer"
    return "unknown" if NOBODY.fullmatch(label) else "respondent"


def who_asks(spoken: pd.Series) -> str:
    """Return the label of who asks, where no label says so: three questions, in most turns, and few from anybody else.

    spoken  the words of each turn, with its speaker's label as index
    """
    asks = spoken.str.contains(QUESTION).groupby(level=0).agg(["sum", "mean"])
    asking = asks[asks["sum"].ge(LEAST_QUESTIONS) & asks["mean"].gt(0.5)]
    others = asks.drop(asking.index)
    return asking.index[0] if len(asking) == 1 and len(others) and others["mean"].lt(0.34).all() else ""


def is_conversation(spoken: pd.Series) -> bool:
    """Whether turns under labels that could be anything are speech: somebody asks, and all who speak say words.

    A letter ("Tel: 1234"), minutes ("Action: ...") and a list of fields have labels that come round, too.
    """
    says_words = spoken.str.contains(r"[^\W\d_]", regex=True).groupby(level=0).any()
    return bool(says_words.all() and spoken.str.contains(QUESTION).any())
