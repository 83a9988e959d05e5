# ruff: noqa: E501  prose
"""Twelve short articles of our own, in order: for pages whose paragraphs belong together.

Each is (title, standfirst with {name}, kicker, paragraphs); the prose has speech, brackets, lists, names and numbers.
"""

STORIES = (
    (
        "Keys to the Fourth Floor",
        "Caretakers knew who was poorly. Nobody has replaced what they knew, writes {name}",
        "HOUSING",
        (
            "When the last resident caretaker left Alder Point, the housing association held a small party in the "
            "laundry room. There was a cake in the shape of a bunch of keys. Nobody said what was also true: that the "
            "one person who knew which tenants had not been seen since Friday was about to move to his daughter’s "
            "house in Lincolnshire.",
            "Bernard Tilley had worked there for twenty-six years. He was paid to change light bulbs, to sweep the "
            "stairs and to shout at boys on bicycles. He was not paid to notice that Mrs Okonjo had stopped taking in "
            "her milk, or that the brothers on the second floor had begun to quarrel, but he noticed all the same.",
            "“People think I kept an eye on the building,” he told me. “I didn’t. Buildings look after themselves, by "
            "and large. I kept an eye on the doors. A door tells you everything: how often it opens, who for, and "
            "whether somebody has stopped bothering to shut it.”",
            "Six months after the party, a woman of eighty-one lay on her kitchen floor from a Saturday evening to the "
            "Tuesday after. She recovered, more or less. The review that followed was thorough and kind, and it found "
            "that no agency had failed to do anything that it had been asked to do.",
            "That sentence ought to be carved over somebody’s desk. Every service had kept its promises; the trouble "
            "lay in the promises. Since nobody had ever been asked to notice doors, nobody had stopped noticing them.",
            "What should be done is less plain than what went wrong. To employ caretakers again in all forty blocks "
            "would cost about nine hundred thousand pounds a year, which is rather more than the association spends on "
            "lifts. But there are cheaper ways of paying attention, and two of them are being tried.",
        ),
    ),
    (
        "Nine Minutes in a Lay-by",
        "{name} rides with the night team and finds that the map is wrong",
        "FEATURE",
        (
            "At ten past two in the morning there is exactly one car in the lay-by above Thorncombe, and Denise is in "
            "it, eating soup from a flask. She has nine minutes. The visit before this one ran long because a man who "
            "could not find his teeth would not be put to bed without them; the next one is five miles off, behind a "
            "level crossing.",
            "Her telephone knows none of this. It shows a green line and an arrival time which, she says, was worked "
            "out by somebody who has never met a sheep.",
            "The night team was set up three winters ago as an experiment. Two carers drive a circuit of eleven "
            "villages between ten at night and seven in the morning: turning people in bed, changing them, sitting "
            "for a while with those who wake up frightened. Without it most of the fourteen on tonight’s list would "
            "be in a nursing home, and three of them (Denise counts on her fingers) would be dead.",
            "I had supposed that the work would be sad. It was, for about a quarter of an hour, in a bungalow where a "
            "retired signalman asked the same question eleven times and thanked her for the answer eleven times. For "
            "the rest of the night it was mostly a matter of cold hands, wet gravel and other people’s dogs.",
            "“You get to know the dogs first,” said her colleague Amrit, who used to drive a baker’s van. “Then you "
            "know the back doors. Then, after a year or so, you know who’s lying when they say they are fine.” He has "
            "been bitten four times and regards this as reasonable.",
            "The contract for all this runs out in March. It costs the county two hundred and twelve thousand pounds, "
            "or as much as five places in a home. The people who have to decide have seen the figures. They have also, "
            "I am told, been offered a seat in the car, and one of them has accepted.",
        ),
    ),
    (
        "The Committee That Listened",
        "Twelve residents were asked to write a policy. {name} watched them do it",
        "GOVERNANCE",
        (
            "It began, like most good ideas, as a way of getting out of something. The council had to publish a charging "
            "policy by April, nobody on the committee wished to own it, and a young officer named Farrah Quill "
            "suggested that the people who would be charged might like to write it themselves.",
            "They were chosen by lot. Twelve came, among them a retired bus inspector, two carers, a man who had not "
            "left his flat for a year, and a woman who announced on the first evening that she was there to stop the "
            "whole thing. She ended, as such people often do, by writing most of it.",
            "What struck everybody was how little time they spent on money. For three of their five meetings they "
            "talked about letters: who sends them, how many there are, what a person feels who opens one alone. Could "
            "a bill be explained before it came? Might somebody ring? Why was the largest figure on the page always "
            "the one that mattered least?",
            "Only at the fourth meeting did anyone ask what the council could afford. The treasurer had come prepared "
            "with nineteen slides. He was allowed to show two; then the bus inspector asked him, quite politely, what "
            "he would do if it were his mother, and the rest of the evening went rather better.",
            "I do not want to make too much of it. The policy that came out at the end is perhaps a fifth kinder than "
            "the one it replaced, and about as expensive. Nobody was converted. The woman who had come to stop it "
            "still thinks that charging for care is a scandal, and she may very well be right.",
            "But the complaints have halved. More people pay, and pay sooner, than under the old rules; and when a "
            "neighbouring authority asked for a copy, the residents insisted on taking it there in person, in two "
            "cars, with sandwiches.",
        ),
    ),
    (
        "A Chair by the Window",
        "Is a day centre a building or a habit? {name} on what closing one taught a town",
        "OPINION",
        (
            "There were thirty-one chairs in the long room at Priory Lane, and every one belonged to somebody. Not in "
            "law, of course. In law they belonged to the county, which sold them in a job lot when the centre closed; "
            "but Winifred sat by the window, and Stanley sat where he could see Winifred, and that was that.",
            "I was in favour of the closure. I say so because it is the custom, in articles of this kind, for the "
            "writer to have been right all along. The building was damp. The bus took an hour and ten minutes to "
            "collect eight people. A review (I sat on it) had found that most of those who came would rather have done "
            "something else, if only there had been something else to do.",
            "So we gave them money. Each had a budget, a plan and a person to help with the plan, and for a time it "
            "worked as we had promised. One joined a choir. Two shared a gardener. A man who had made raffia mats for "
            "seventeen years, because there was nothing in the cupboard but raffia, bought a second-hand lathe.",
            "Then Winifred stopped going out. It took us eight months to find out why, and the reason was so small "
            "that it appears in no plan: she had liked being expected. At Priory Lane, if her chair was empty at half "
            "past ten, somebody telephoned. Nobody telephones when you have a budget.",
            "It would be easy to conclude that we should have kept the centre open. I think that would be the wrong "
            "lesson. What was worth keeping was never the damp, nor the raffia, nor even the bus; it was the telephone "
            "call at twenty-five to eleven, which cost eleven pence and which we had entered under “overheads”.",
        ),
    ),
    (
        "What the Pharmacist Saw",
        "Small shops see everybody. {name} asks why nobody asks them",
        "HEALTH",
        (
            "If you want to know how an old town is, do not ask the hospital. Ask the pharmacist. The hospital sees "
            "people when they are ill; the pharmacist sees them on the way there, month after month, and knows to "
            "within a day or two when somebody has begun to lose count of the tablets.",
            "Gwen Prothero has kept the shop in Dyer Street since 1994. She has two assistants, a cat, and a notebook "
            "with a marbled cover in which she writes things down that are nobody’s business. “Mr T.: wrong shoes "
            "again.” “The younger Miss Bell has stopped coming; ask.” “Paid twice, did not notice.”",
            "None of it amounts to a referral. There is a form for referrals, four pages long, and it wants a date of "
            "birth, a diagnosis and consent; what it does not have is a box for shoes.",
            "Last spring the district tried something so simple that it was nearly refused. A social worker came into "
            "the shop every other Thursday, bought a packet of throat sweets, and listened. That was all. In a year "
            "she heard of forty-three people, of whom nineteen were not known to any service and six were in some kind "
            "of danger.",
            "The objections were what you would expect. It was gossip, said the lawyers. It was not evidence, said the "
            "doctors, although one of them had been sending his own mother to Mrs Prothero for years. And it could not "
            "be repeated elsewhere, said the managers, because not every town has a Gwen.",
            "To which she answers that every town has several. “They are in the post office, and the chip shop, and at "
            "the back of the church doing the flowers. You don’t have to train them. You only have to go in twice a "
            "month and be the sort of person they would tell.”",
        ),
    ),
    (
        "Counting What Does Not Happen",
        "{name} argues that prevention will be paid for when somebody dares to guess",
        "FINANCE",
        (
            "A fall that does not happen leaves no mark. Nobody rings for an ambulance, no bone is set, no bed is "
            "filled; and at the end of the year, when the figures are added up, there is a neat column for everything "
            "that went wrong and no column at all for what did not.",
            "This is the oldest difficulty in social care, and it is usually met with a shrug. You cannot count what "
            "is not there. But we count such things every day. An insurer lives by it, and so does anyone who has ever "
            "bought a smoke alarm or paid for a bridge to be painted.",
            "Consider handrails. In Castle Hedley a fitter called Moss puts up about nine hundred of them a year, at "
            "an average cost of £64. If one rail in fifty saves a broken hip, then his wages, his van and his "
            "remarkable collection of drill bits are paid for by the end of January. Does one in fifty do so? The "
            "honest answer is that nobody knows, because nobody has been willing to say a number out loud.",
            "So let me say one. I think that it is more like one in thirty. I have reached this figure by asking Moss, "
            "who has been inside more bathrooms than any professor, and by looking at what became of 200 people who "
            "waited too long for a rail. You may think the method crude. It is; but it is a good deal less crude than "
            "nothing, which is the number we use at present.",
            "There are better ways, and they are neither new nor expensive. Choose two towns. Fit the rails in one of "
            "them this year, in the other the next, and compare. It was done with street lamps in the 1930s, with "
            "school milk in the 1940s, and with hardly anything since.",
            "Somebody will object that this is to experiment upon people. I agree. To leave half of them without a "
            "handrail is an experiment as well; it has been going on for forty years, in every town in England, and no "
            "one has had the courtesy to write down the result.",
        ),
    ),
    (
        "Letters from the Other Side of the Desk",
        "After thirty years as a manager {name} became a client",
        "FIRST PERSON",
        (
            "The first letter told me that I had been allocated. It did not say to whom, or for what, and it was "
            "signed by a team. I had written that letter. Not that very one, naturally, but the pattern it was cut "
            "from; I remembered the afternoon in 1998 when four of us had argued over the second sentence.",
            "My wife had been ill since the autumn. By February I was lifting her four times a day and sleeping, when "
            "I slept, in a chair; so I did what for half of my life I had urged other people to do, and asked for an "
            "assessment.",
            "Let me be fair. The woman who came was excellent. She took off her shoes, she drank the tea, and she "
            "spoke to Margaret first and to me afterwards. When she asked what I did for pleasure I could not think of "
            "an answer, and she had the good sense to leave the box empty and not to fill it in for me.",
            "What followed was nobody’s fault. A panel met and asked for more information. The information had been "
            "given, but upon the wrong form; the right form came in the second week of March, with a covering letter "
            "that called me Mrs Hale. “We note that you have declined respite,” it went on. I had not been offered "
            "any. I read it aloud to Margaret, who laughed for the first time in a month.",
            "In the end we got nine hours a week. They are good hours. A young man named Ciaran comes, and he talks to "
            "my wife about football, of which she knows nothing, as if she were the chairman of a club. I go out and "
            "look at the river. It is not a great deal to ask of a welfare state, and yet I cannot tell you what it "
            "has meant.",
            "So here is what I should like to say to my successors. Read your letters aloud. Read them, if you can, to "
            "somebody who has been up since four. And before you send out another that begins with the word “allocated”, "
            "ring me: I am in on most mornings, and I know where the bodies are buried.",
        ),
    ),
    (
        "The Bus That Waited",
        "A driver with a minute to spare may do more good than a strategy, finds {name}",
        "TRANSPORT",
        (
            "On the 41 from Market Weir there is a rule, which is written down nowhere, that the driver waits. He "
            "waits for the man with the frame, who needs a minute and a half from the bench to the step. He waits for "
            "Mrs Dunne’s shopping. If nobody has seen Mrs Dunne, he sounds the horn.",
            "According to the timetable this is impossible. The 41 has four minutes at the terminus and loses them by "
            "the library; it has been late, by the company’s own count, on two hundred and six days out of the last "
            "three hundred. The fines have been paid. The passengers, when they were asked, gave the service nine out "
            "of ten.",
            "“There are two sorts of late,” says Colin Peart, who has driven it for eleven years. “There’s late because "
            "you were held up, and there’s late because you stopped for somebody. I don’t mind what the computer calls "
            "it. The second sort isn’t late at all.”",
            "Last year the county began to look into isolation. It found that about four thousand people over seventy-"
            "five spoke to nobody on an ordinary day. It commissioned a strategy, a directory and an app; the app was "
            "downloaded by three hundred and twelve people, most of whom turned out to work for the county.",
            "It did not, at first, look at the bus. Then a student on a placement spent a fortnight riding up and down "
            "with a clicker in her pocket, and reported that on the 41 the average passenger over seventy-five spoke "
            "to five other people between the library and the terminus. On the 38, which is never late, it was fewer "
            "than one.",
            "What do you do with a finding like that? You cannot put kindness into a contract. You can, however, put "
            "in seven minutes; and since April, when somebody at last did, the 41 has been on time every day.",
        ),
    ),
    (
        "Who Owns the Diary?",
        "Personal assistants are employed by the people they help. {name} asks what that changes",
        "WORKFORCE",
        (
            "Jodie Marchetti’s employer is nineteen, has a loud laugh, and fired his last assistant for turning down "
            "the music. Before that she worked for an agency, a hospital and, for one long summer, a factory that made "
            "lids. “This is the only boss I’ve had,” she says, “who knows what I do all day.”",
            "There are thought to be about a hundred thousand people like her in England. Nobody is certain, because "
            "nobody registers them, and because a good many would not say that they had a job at all: they are the "
            "neighbour who was in and out anyway, the niece, the friend of a friend who had been a nurse.",
            "They are paid a little more than carers in agencies. They stay much longer, they are ill less often, and "
            "they are a great deal more likely to say that they would recommend the work to somebody they liked. What "
            "they do not have is a pension worth the name, anyone to ask when something goes wrong, or, in nine cases "
            "out of ten, a written contract.",
            "Does that matter? It did to Paul Ashby. When the woman he worked for died, on a Sunday in November, he "
            "lost his job, his keys and his closest friend before lunch. The council stopped the money from the day of "
            "the death, as the rules required; he was owed three weeks, and he paid for the flowers himself.",
            "“You’d get more notice from a paper round,” he said. He was not angry, or not any longer. He had found "
            "somebody else by Christmas.",
            "Some councils now keep a fund for such cases, pay a month’s notice out of it and ask no questions. It is "
            "hardly ever used, which is either a sign that it is not needed or a sign that nobody has heard of it. I "
            "asked Jodie, who has read every leaflet there is. She had not heard of it.",
        ),
    ),
    (
        "Winter, With the Heating On",
        "What one estate learned from a broken boiler, by way of {name}",
        "PRACTICE",
        (
            "The boiler at Lantern Court failed on the second of January, at the beginning of the coldest week for "
            "thirty years. It serves sixty-four flats. By nightfall the manager had found eleven fan heaters, a church "
            "hall and, in a cupboard that nobody had opened since the scheme was built, two hundred grey blankets "
            "stamped CIVIL DEFENCE.",
            "By the weekend something odd had begun to happen. People who had lived side by side for years without "
            "exchanging more than a nod were sitting in the hall in their overcoats, playing whist. A Mr Lund, who was "
            "believed to speak no English, was found to speak it very well and to have a great many opinions.",
            "The boiler was mended on the ninth day. On the tenth, everybody went home; and on the eleventh, at about "
            "three in the afternoon, the hall was full again.",
            "I have thought about this more than about any report that I have read this year. Sixty-four households "
            "had been offered coffee mornings, a newsletter, bingo, tai chi and a befriending scheme with its own "
            "logo. What brought them out was none of these. It was being of use: there were blankets to carry, stairs "
            "to be helped on, and a rota for the urn.",
            "“We’d been done to,” Mr Lund said to me, “for such a long time.” He was wearing one of the blankets.",
            "The association has drawn the right conclusion, or at any rate half of it. There is now a residents’ "
            "committee with a small budget and a large key. There is also, I am sorry to say, a new boiler; but the "
            "committee has asked whether it might be switched off for a week each January, and the board has promised "
            "to consider it.",
        ),
    ),
    (
        "In Praise of the Second Question",
        "Inspectors ask what they are told to ask. {name} would like them to ask once more",
        "REGULATION",
        (
            "Every inspection that I have ever seen turned upon a second question. The first one is on the list. Are "
            "the medicines locked away? They are. Do residents choose when they get up? They do. Then somebody who is "
            "tired, or curious, or merely slow with the pen, asks what happened yesterday, and the whole house tilts.",
            "I learned this from a woman called Irene Stubbs, who inspected homes in three counties before there was a "
            "commission to do it for her. She carried a handbag in which there was nothing but a notebook and a bag of "
            "mint imperials. She would sit down next to the person farthest from the television and say nothing for as "
            "much as ten minutes.",
            "“If you ask them whether they’re happy,” she said, “they’ll tell you yes, because you look as though "
            "you’d like it. Ask them what was for dinner. If they know, it was a good day. If they say ‘the usual’, "
            "have a look in the kitchen.”",
            "No one would be allowed to work like that today, and for good reasons. Two inspectors ought to reach the "
            "same judgement; a provider ought to know beforehand by what it will be judged; a rating that may close a "
            "business should rest on more than mints. I have no quarrel with the list. I only observe that the homes "
            "which came to grief had nearly all, at one time or another, passed it.",
            "What is missing can be put in a line. After each question on the form there should be room for one more, "
            "which is not printed, and which the inspector has to make up.",
        ),
    ),
    (
        "Two Villages and a Bridge",
        "They shared a nurse until a boundary came between them. {name} walks across",
        "POLICY",
        (
            "Upper and Nether Staveley are joined by a bridge of three arches and divided by nearly everything else. "
            "The one belongs to the county, the other, since 2009, to a city twenty-two miles away; the river between "
            "them is in most places shallow enough to walk through.",
            "For thirty years they had the same district nurse. She lived on the bridge, or so people say who were "
            "children then: in truth her cottage stood at the northern end of it, with its washing line in one parish "
            "and its front door in the other. When she retired there were two nurses, then none.",
            "Today a person who falls ill in Nether Staveley is seen within the day. Across the water the wait is "
            "about a week. It is nobody’s decision. The city counts from when a call is made; the county, which has "
            "fewer nurses and more hills, counts from when it is passed on.",
            "The villagers have dealt with this in their own way. There is a telephone in the porch of the Nether "
            "church, put in by the bell-ringers. If you are taken ill in the upper village, you are helped across the "
            "bridge, you sit down in the porch, and you ring from there.",
            "“It is perfectly honest,” the rector insists. “They ask where the patient is, and the patient is here.” "
            "He showed me the visitors’ book, in which over four years one hundred and seventy callers had signed "
            "their names, some of them rather faintly.",
            "Neither authority would talk to me about the porch. A spokesman for the county said that it was committed "
            "to joined-up working with its partners; a spokesman for the city said the same, in the same words, an "
            "hour later. I wrote both answers down on the bridge, where there is a ledge just wide enough for a "
            "notebook and a view of two districts at once.",
        ),
    ),
)
