"""Titles, ranks, roles and the words organisations are named with: this project's own lists."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HONORIFICS: Final = _words(
    "Mr Mrs Ms Miss Mx Dr Sir Dame Lord Lady Baroness Baron Prof Rev Hon"
    " Mr. Mrs. Ms. Dr. Prof. Rev. Hon. St. St"
)
"""Titles that are no role; "Sir", "Dame" and peers' titles are kept in the name."""

KEPT_HONORIFICS: Final = _words("Sir Dame Lord Lady Baroness Baron")
"""Titles that the name is given with."""

MALE: Final = _words("Mr Mr. Sir Lord Baron")
FEMALE: Final = _words("Mrs Ms Miss Dame Lady Baroness Mrs. Ms.")

RANKS: Final = _words(
    "Commissioner Commander Superintendent Inspector Sergeant Constable Officer Detective Chief"
    " DAC DCI DCS DS DI DC PC PS AC Cdr Supt Ch Det Insp Sgt DSU T/DCS Cmdr Lieutenant Colonel"
    " General Captain Major Corporal Admiral Marshal Sheriff Ranger Agent"
    " Secretary Minister Chancellor President Chairman Chairwoman Chair Chairperson Mayor Mayoress"
    " Governor Senator Congressman Congresswoman Representative Councillor Cllr Leader Speaker"
    " Director Manager Head Deputy Assistant Ambassador Judge Justice Magistrate Coroner Attorney"
    " Prosecutor Professor Doctor Bishop Archbishop Rabbi Imam Father Pastor Reverend Pope"
    " Prince Princess King Queen Duke Duchess Earl Spokesman Spokeswoman Spokesperson Adviser"
    " Advisor Strategist Editor Reporter Correspondent Columnist Author Candidate Nominee MP AM"
    " Sen. Rep. Gov. Gen. Lt. Col. Sgt. Capt. Cmdr. Insp. Supt. Det. Vice Firefighter Solicitor"
    " Barrister Treasurer Coordinator Organiser Organizer Lead Executive CEO Ombudsman Rapporteur"
)
"""Capitalised words that end or make up a role before a name."""

ROLE_HEADS: Final = _words(
    "commissioner commander superintendent inspector sergeant constable officer detective chief"
    " lieutenant colonel general captain major secretary minister chancellor president chairman"
    " chairwoman chair chairperson mayor governor senator congressman congresswoman representative"
    " councillor leader speaker director manager head deputy ambassador judge magistrate coroner"
    " attorney prosecutor lawyer solicitor barrister professor lecturer researcher scientist fellow"
    " analyst expert economist historian doctor physician nurse paramedic bishop archbishop rabbi"
    " imam pastor priest vicar spokesman spokeswoman spokesperson adviser advisor strategist aide"
    " consultant editor reporter correspondent journalist columnist author writer broadcaster"
    " candidate nominee frontrunner mp founder co-founder owner executive boss coordinator"
    " organiser organizer campaigner activist member delegate resident neighbour neighbor witness"
    " teacher headteacher student engineer operator trustee treasurer partner principal dean"
    " provost curator firefighter pilot driver baker shopkeeper trader businessman businesswoman"
    " actor actress singer musician artist player coach veteran farmer mother father brother"
    " sister son daughter wife husband widow friend colleague lawmaker pollster publisher"
    " producer presenter anchor host moderator politician legislator treasurer architect"
)
"""Nouns that head a role, in lower case."""

ORGANISATION_WORDS: Final = _words(
    "Police Federation Group Authority Committee Council Party Service Services Met Department"
    " Office Ministry University College School Union Association Institute Agency Unit Command"
    " Board Company Inc Ltd Limited PLC News Times Post Guardian Journal Foundation Trust Society"
    " Commission Court Parliament Assembly Congress Senate House Constabulary Force Forces Bureau"
    " Centre Center Campaign Network Coalition Alliance Church Hospital Bank Corporation Yard"
    " Taskforce Squad Team Directorate Branch League Club Charity Partnership Organisation"
    " Organization Caucus Fund Project Initiative Operators Press Media Television Radio Magazine"
    " Street Ltd. Inc. Partners Associates Brigade Ambulance Fire Army Navy Guard Watch"
)
"""Words that show that a capitalised phrase names an organisation."""

GENERIC: Final = _words(
    "spokesman spokeswoman spokesperson spokesmen spokespeople official officer officers officials"
    " member resident witness source aide lawyer friend colleague student teacher activist"
    " candidate veteran man woman police reporter expert analyst critic supporter voter"
)
"""Roles that many may hold: "the spokesman" is not the one person who is called so elsewhere."""

MALE_NAMES: Final = _words(
    "Adam Adrian Alan Albert Alexander Andrew Andy Anthony Ben Benjamin Bernard Bill Bob Brian"
    " Charles Chris Christopher Colin Craig Daniel Darren Dave David Derek Dominic Donald Douglas"
    " Duncan Edward Eric Frank Fred Gareth Gary Geoffrey George Gordon Graham Greg Harry Henry"
    " Hugh Ian Jack James Jason Jeff Jeremy Jim Joe John Jonathan Joseph Keith Ken Kenneth Kevin"
    " Larry Len Leonard Liam Luke Malcolm Marcus Mark Martin Matt Matthew Michael Mike Mohammed"
    " Neil Nicholas Nick Nigel Oliver Oscar Patrick Paul Peter Philip Ralph Raymond Richard Rob"
    " Robert Roger Ronald Roy Russell Ryan Sadiq Sam Samuel Scott Sean Simon Stephen Steve Steven"
    " Stuart Ted Terry Thomas Tim Timothy Tom Tony Trevor Victor Walter William"
)
FEMALE_NAMES: Final = _words(
    "Abigail Alice Alison Amanda Amy Andrea Angela Ann Anna Anne Barbara Beth Carol Caroline"
    " Catherine Charlotte Christine Claire Clare Cressida Deborah Diana Diane Donna Dorothy"
    " Elizabeth Ellen Emily Emma Fiona Frances Gillian Grace Hannah Harriet Hazel Heather Helen"
    " Hilary Hillary Jacqueline Jane Janet Jean Jennifer Jessica Joan Joanna Joanne Judith Judy"
    " Julia Julie Karen Kate Katherine Kathleen Laura Linda Lisa Louise Lucy Lynn Lynne Margaret"
    " Maria Marie Mary Maureen Megan Melissa Michelle Nancy Natalie Nicola Olivia Pamela Patricia"
    " Paula Priti Rachel Rebecca Rosemary Ruth Sally Samantha Sandra Sara Sarah Sharon Sheila"
    " Sophie Stephanie Susan Teresa Theresa Tracy Valerie Vanessa Victoria Wendy Yvette Yvonne"
)
"""Given names that tell "he" from "she"; a name that is in neither list tells nothing."""
