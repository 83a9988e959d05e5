"""Text of our own for damaged pages: paragraphs that can stand in any order, with what makes order hard.

Quotations that run over sentences, brackets, names in mid sentence, numbers, short paragraphs, long sentences.
"""

PARAGRAPHS = (
    "Every Tuesday the lift at Marlow Court breaks down, and every Tuesday somebody on the fourth floor misses lunch. "
    "Nobody planned it that way. The contract for the lift is held by one department, the contract for the lunches by "
    "another, and the tenant who is hungry belongs, as far as anyone can tell, to neither of them.",
    "I asked the manager of the scheme what she would change first. She thought about it for a long time, longer than "
    "the question deserved, and then said that she would like to answer her own telephone. It rings in an office "
    "forty miles away, where a patient young man writes everything down and promises that somebody will call back.",
    "“We used to know them all,” said Hassan Whitby, who drove the minibus for nineteen years. “You knew who would be "
    "late and who would be cross about it. Now there is a tablet on the dashboard, and it tells me a postcode.”",
    "There is nothing wrong with a tablet. The trouble begins when the person who chose it, paid for it and taught the "
    "drivers to use it has never once sat in the minibus between half past eight and ten o’clock on a wet morning.",
    "Some of this can be measured. In the first six months after the change the number of missed visits fell by a "
    "third (from 212 to 140, if the council’s own figures are right), while complaints about visits that were too "
    "short almost doubled. Both of these facts were reported to the committee; only one of them was in the summary.",
    "A visit can be on time and still be useless. It can be too short, it can come from a stranger, and it can come at "
    "an hour when nobody in their right mind would want to be washed.",
    "What would a better contract look like? It would pay for the week and not for the quarter of an hour. It would "
    "let the people who do the work decide, together with the people they do it for, what the week ought to contain. "
    "It would also be rather shorter than the present one, which runs to eighty pages and does not mention kindness.",
    "Providers say they would welcome it. So, more surprisingly, do two of the three accountants I spoke to, although "
    "the third reminded me that a contract without a unit is a contract nobody can audit.",
    "He has a point. Public money has to be followed wherever it goes, and those who spend it cannot simply ask to be "
    "trusted. But there is more than one way of following money, and counting minutes is probably the worst of them.",
    "In Fellbridge they tried something else. Four small teams were given a street map, a budget and a telephone, and "
    "were told to keep everybody in their patch out of hospital for as long as was sensible. They met on Mondays. They "
    "were allowed to be wrong, provided that they wrote down why they had thought they were right.",
    "The results were not miraculous. Two of the teams spent less than before, one spent the same, and one, in the "
    "hillier part of town, spent a good deal more because it had found eleven people whom nobody had ever visited.",
    "“If you go looking for need, you will find it,” the director told me, “and then you have to decide whether you "
    "are pleased or sorry that you looked.” She was pleased. Her treasurer, a dry and decent man called Oakley, was "
    "sorry until the winter, when the hospital had its quietest January since the records began.",
    "None of the workers I met wanted to go back. They complained about the paperwork, as workers do everywhere, and "
    "about the parking; but they talked about the people on their patch as neighbours and not as cases.",
    "It is easy to be sentimental about this. Neighbours can be unkind, small teams can be cliques, and a budget that "
    "is held by four friends can be spent on four friends’ favourite ideas. Somebody has to look in from outside, and "
    "to do so often enough to be recognised when she comes through the door.",
    "That is why the inspectors matter. They came twice in the first year, unannounced both times, and stayed for a "
    "week. Their report is worth reading for its tone alone: it is curious, exact and, in places, almost funny.",
    "Will it spread? Probably not by itself. Good ideas in this field have a way of staying where they were born, like "
    "those wild orchids that grow in one quarry and can be moved to no other.",
    "The honest answer is that we don’t know, and that we have stopped asking. Research money has gone elsewhere; the "
    "last proper trial was finished nine years ago, and its authors, when I found them, had moved on to other things.",
    "Meanwhile the lift at Marlow Court has been repaired. A notice in the hall says so, and gives the number of an "
    "office in another county which anybody may ring if it should break down again.",
    "I rang it. A voice thanked me for my patience before I had shown any, and I was told that my call was important. "
    "After eleven minutes I was asked to describe the fault. There is no fault, I said; I only wanted to know whether "
    "anyone was there. “That,” said the voice, “is not one of the options.”",
    "My grandmother, who lived to be ninety-seven in a house without a telephone, would have understood the joke. She "
    "was visited every day by someone who knew her name, and she never in her life filled in a form.",
    "She was also cold, often hungry and once, for most of a week, lying on the kitchen floor. We should not pretend "
    "that there was a golden age. There were simply other people in the room, and sometimes there were not.",
    "Three things follow. First, count what matters to the person at the end of the visit, even if it is hard to "
    "count. Second, give the money to those who are close enough to see what it does. Third, send somebody to look.",
    "Everything else is arrangement. It may be done by a council, by a charity or by a co-operative of retired bus "
    "drivers, and I have seen all three do it well. I have also seen all three do it badly, generally in the same year "
    "and for the same reason: nobody had been asked.",
    "On my way home I stopped at the fourth floor. Mrs Pell had saved me a piece of the cake that came with Tuesday’s "
    "lunch, and we ate it by the window, from which one can see, on a clear day, the roof of the county hall.",
)

TITLES = (
    "The Lift at Marlow Court",
    "Who Counts the Minutes?",
    "Four Teams and a Street Map",
    "Is Anyone There?",
    "A Piece of Tuesday’s Cake",
    "What the Inspectors Saw",
)
PEOPLE = ("Miriam Farrow", "Desmond Achebe", "Ruth Kettley", "Piotr Lomax", "Shirin Vale", "Tom Garrity")
STANDFIRSTS = (
    "Care is bought by the quarter of an hour. It could be bought by the week, argues {name}",
    "A broken lift has something to teach those who write contracts, says {name}",
    "{name} visits a town that gave its workers a budget and a telephone",
    "We measure visits because we can. {name} asks what we ought to measure",
)
BIOS = (
    "{name} is a former director of adult services and an adviser to the Fellbridge Trust",
    "{name} manages the reablement team at Oxmoor District Council.",
    "{name} teaches social policy at the University of Wexmouth and writes in a personal capacity.",
    "The author chairs the partnership board at Oxmoor. Email editor@example.org",
)
MAGAZINES = (
    ("CAREINTHESHIRES", "Care in the Shires", "CITS"),
    ("OXMOOR REVIEW", "Oxmoor Review", "OR"),
    ("THE ALMONER", "The Almoner", "TA"),
    ("PRACTICETODAY", "Practice Today", "PT"),
)
STAFF = (
    "Editor",
    "Anna Priddy",
    "anna@example.org",
    "Deputy Editor",
    "Will Tranter",
    "will@example.org",
    "Design",
    "Studio Nine",
    "Advertising Sales",
    "Dee Marchant",
    "01632 960 001",
    "Publisher",
    "Joan Idris",
    "Printed by Hallam Press",
    "ISSN 0000 0000",
    "Subscriptions",
    "www.example.org",
)
CAPTIONS = (
    "Residents at the opening of the new garden",
    "PHOTO: Jo Marsden",
    "Out and about: the minibus on its morning round",
    "Advertisement: train with us this autumn",
)
