"""The words that attribute: verbs of saying, pronouns, nouns for people who speak.

Lists of this project's own, written for British and American news and police prose. A verb
that is missing costs a feature, not a quotation.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRONG_CUES: Final = _words(
    "said says say saying told tells tell telling added adds adding wrote writes write writing"
    " tweeted tweets asked asks stated states explained explains replied replies responded"
    " responds noted notes continued continues declared concluded concludes argued argues"
    " insisted insists warned warns announced remarked commented comments recalled recalls"
    " exclaimed joked quipped admitted admits claimed claims acknowledged asserted shouted"
    " yelled chanted reads read posted testified answered answers observed reiterated stressed"
    " emphasised emphasized conceded countered retorted mused lamented boasted interjected"
    " opined predicted emailed urged cautioned repeated stating explaining noting"
    " arguing insisting replying remarking declaring concluding commenting"
)
"""Verbs whose object is what was said."""

WEAK_CUES: Final = _words(
    "called calls calling described describes describing dubbed branded labelled labeled"
    " labeling condemned condemns condemning condemn reported reports reporting suggested"
    " suggests suggesting promised promises pledged vowed vows vowing pledging promising"
    " referred refers referring accused accuses accusing blamed criticised criticized"
    " criticising criticizing slammed blasted mocked mocking praised praising denounced"
    " denouncing dismissed dismissing cited cites citing quoted quotes quoting believes"
    " believe believed thinks think thought felt feel feels hailed pointed points pointing"
    " questioned questioning questions demanded demands demanding denied denies deny denying"
    " complained complains agreed agrees assured assures proclaimed revealed reveals confirmed"
    " confirms confirming indicated indicates maintained maintains expressed expresses issued"
    " speaking spoke speaks talked talks talking characterized characterised portrayed cast"
    " alleged alleges advised appealed pleaded swore joking acknowledging admitting claiming"
    " attacked attacking attacks bragged ridiculed apologised apologized thanked thanks thanking"
    " declares announcing warning predicting urging wondered mentioned defended defending decried"
    " touted implored implied recounted shot titled headlined entitled termed considers"
    " considered saw sees vow argue argues go goes went insist claim suggest warn note"
    " shows showed found learned contends contended charged concern fears feared fearing hopes"
    " hoped hoping recommended reflected heard"
)
"""Verbs and participles that often carry words of somebody's, but need not."""

PREPOSITION_CUES: Final = _words("according per")
"""Words that name a source: "according to", "per"."""

SUBJECT_PRONOUNS: Final = _words("he she they we i it who which")
"""Pronouns that can be the one who speaks."""

OBJECT_PRONOUNS: Final = _words("him his her hers their them our my me us its")
"""Pronouns that rarely are."""

ROLE_NOUNS: Final = _words(
    "spokesman spokeswoman spokesperson spokespeople spokesmen official officials police officer"
    " officers commissioner commander superintendent inspector constable sergeant detective"
    " detectives chief chiefs deputy mayor minister ministers secretary president senator"
    " senators governor congressman congresswoman representative candidate candidates nominee"
    " leader leaders chairman chairwoman chair director manager adviser advisers advisor"
    " advisors aide aides source sources critic critics supporter supporters opponent opponents"
    " lawyer lawyers attorney attorneys prosecutor prosecutors judge judges court jury witness"
    " witnesses victim victims resident residents neighbour neighbours neighbor neighbors"
    " campaign campaigner campaigners activist activists protester protesters protestors"
    " organiser organisers organizer organizers expert experts analyst analysts professor"
    " researcher researchers scientist scientists economist economists historian author authors"
    " writer writers editor editors columnist reporter reporters journalist journalists"
    " newspaper paper magazine website statement report letter email memo document lawsuit"
    " complaint editorial article headline poll survey study ad advert advertisement narrator"
    " tweet post release transcript force department agency committee board council commission"
    " union federation association group groups organisation organization charity company firm"
    " government administration ministry office party team network channel outlet tabloid"
    " publication strategist strategists operative operatives consultant donor donors voter"
    " voters pollster businessman businesswoman mogul billionaire tycoon executive executives"
    " owner founder member members delegate delegates lawmaker lawmakers legislator politician"
    " politicians republicans democrats republican democrat conservatives liberals man woman boy"
    " girl men women father mother son daughter brother sister husband wife widow friend friends"
    " colleague colleagues family parents relative relatives student students teacher teachers"
    " pastor priest bishop rabbi imam veteran veterans soldier general doctor doctors physician"
    " nurse paramedic firefighter crowd audience people someone somebody caller host moderator"
    " anchor presenter actor actress singer coach player employee employees staffer staffers"
    " worker workers insider insiders user commentator commentators pundit pundits observers"
    " speaker speakers panel scholar scholars another others one some many authorities"
    " investigators regulators frontrunner front-runner incumbent contender rival rivals"
    " campaigns hearing notice order ruling sign signs slogan banner message video clip passage"
    " caption note piece column story blog"
)
"""Nouns that stand for somebody, or for a text, that speaks."""

DETERMINERS: Final = _words(
    "the a an his her their its our my this that these those one another some many several two"
    " three four both no"
)
"""Words that open a noun phrase."""

SPEAKING_ROLES: Final = _words(
    "spokesman spokeswoman spokesperson spokesmen spokespeople official officials police source"
    " sources aide aides adviser advisers strategist commissioner mayor president senator governor"
    " chief commander superintendent secretary minister author resident residents witness analyst"
    " lawyer attorney professor prosecutors crowd protesters campaign critics supporters"
)
"""Nouns whose business is to speak."""

TEXTS: Final = _words(
    "statement report letter email memo document lawsuit complaint editorial article headline poll"
    " survey study ad advert advertisement tweet post release transcript hearing notice order"
    " ruling sign signs slogan banner message video clip passage caption note piece column story"
    " blog website newspaper paper magazine publication outlet narrator"
)
"""Nouns for what is read rather than heard."""
