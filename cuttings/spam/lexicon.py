"""The words that the rules know: trades, praise, places, people. Common knowledge, kept as plain lists.

A list here is evidence, never a verdict: a care provider may write 'agency', a reader may be called 'Rose'.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# Words of things that are sold under comments: goods, services, trades, gambling, pills, rankings.
TRADE = frozenset(
    """
    accident accommodation accounting acne ads advert advertising affiliate agencies agency airport alarm amazon
    android anxiety apartment apartments app appliance appliances apps architect attorney attorneys auto automotive
    backlink backlinks backpack bag bags bankruptcy bargain barrister basement bathroom batteries battery beauty bed
    bedding bet betting bike bingo bitcoin blinds bonus bookmaker boots botox bouquet boutique brand branding bra
    bracelet broker brokers builder builders business buy buying cabinet camera camping car cards careers carpenter
    carpet carpets cars cartridge cartridges casino casinos catering cbd cellulite certification chair chairs charger
    cheap cheapest chiropractor cigarette cigarettes cigars classifieds cleaner cleaners cleaning clinic clinics
    clothes clothing coach coaching coffee coins college commission consultancy consultant consultants consulting
    contractor contractors converter converters cooker cosmetic cosmetics costume coupon coupons course courses
    credit crypto cruise cruises curtains custom cv dating debt decor deals degree degrees delivery dental dentist
    dentists deposit designer designers detox diabetes diet dieting diets directory discount discounts dissertation
    divorce doors domain download downloads dresses drainage driveway drone drugs earrings ebay ebook ecommerce
    electrician electricians electronics email engagement epoxy equipment erectile escort escorts essay essays estate
    estates exterminator eyelash fashion fat fence fencing finance financial fireplace fireplaces fitness flats
    flights floor flooring florist flower flowers followers forex fragrance franchise free freight fridge furniture
    gadgets gambling gaming garage garcinia generator gifts girls glass glasses gold golf google guaranteed guide guru
    gutter gutters gym hack hacks hair hairdresser handbag handbags heating herbal hire hiring holiday holidays
    homepage homes hosting hotel hotels hvac implants incontinence inflatable injury insulation insurance interiors
    invest investing investment investments invoice invitations iphone irons jacket jackets jersey jerseys jewellery
    jewelry jobs joinery kitchen kitchens landscaping lamps laptop laptops laser lawn lawyer lawyers leads leather
    led lender lending letting lettings licence license lighting limo limousine lingerie loan loans locksmith
    locksmiths logistics logo loft lottery magnets makeup manufacturer manufacturers market marketer marketers
    marketing massage mattress mattresses medication meds mlm mobile models mortgage mortgages movers movie movies mp3
    muscle nail nails necklace nutrition nursery office oils online outlet outlets package packages painkillers painter
    painters painting paintball parking parts party password passport patio paving payday pawn pension perfume pest
    pharmacies pharmacy phone phones photographer photographers photography physio piercing pill pills plumber
    plumbers plumbing poker porn porno portable prescription price prices printable printer printers printing product
    products profit promo promotion promotional properties property protein provider providers psychic puppies
    purchase ranking rankings realtor recipe recipes recruitment refinance rehab reiki remedies remedy remodeling
    removal removals rent rental rentals repair repairs replica resort resorts restaurant restaurants resume resumes
    retail review reviews ringtone ringtones roofer roofers roofing roulette salon scaffolding scrap seo serp servicing
    sex sexy shelving shipping shirt shirts shoes shop shopping shops signage skincare slimming slots smartphone
    sneakers soccer software solar solicitor solicitors sofa sofas spa spam specials specialist sportsbook spy steroid
    steroids stocks storage store stores streaming stripper sunglasses supplement supplements supplier suppliers
    supplies supply surgeon surgery surveillance surveys swimming tablet tablets tattoo tattoos taxi taxis
    template templates testosterone theme themes ticket tickets tile tiles tinnitus toner tours towing toys trader
    traders trading trainer trainers training translation transport travel treadmill treatment treatments truck trucks
    tuition tutor tutoring tutors tv ugg uggs underwear upholstery vacation vacations vacuum valium van vape vaping
    venue vets viagra video videos villa villas vpn wallpaper warranty watches web webcam webdesign webinar wedding
    weddings weightloss weight wholesale wholesaler wigs window windows wine wordpress workout worktops xanax yoga
    youtube
    backlinking blackjack bodybuilding boilers bookkeeping cialis clenbuterol counterfeit cryptocurrency dumpsters
    electrolysis enlargement facelift fatburner foreclosure gifts hcg hemorrhoids herpes hgh hypnosis ivf ketamine keto
    klonopin levitra lipo liposuction meth nootropic opiates oxycontin phentermine propecia raspberry rakeback
    rhinoplasty scholarship scholarships snoring sportswear subwoofer tadalafil timeshare tramadol whitening
    ambien ativan hydrocodone vicodin
    fiverr instagram tiktok facebook linkbuilding pagerank crm saas telemarketing workwear
    supervisor supervision certified licensed lcsw lpc lmft therapist therapists counselling counseling counsellor
    psychotherapist psychotherapy nurse nursing carer homecare caregivers agency staffing stairlift stairlifts scooter
    scooters wheelchair wheelchairs hoist hoists mobility adapted bathrooms wetroom wetrooms recliner recliners
    equity annuity annuities probate wills conveyancing compensation claims
    """.split()
)
# Words of TRADE that a reader's own description of himself holds as well ('Care agency manager', 'Van driver'):
# alone they say little, beside another they say what is sold.
MILD = frozenset(
    """
    agency training trainer carer nurse nursing supervisor supervision therapist therapists counsellor counselling
    homecare mobility wheelchair business coach college consultant course diet email facebook guide google jobs market
    mobile movie office phone provider providers review reviews software solicitor student supplier surgery theme travel
    tv van video web weight wine yoga certified licensed psychotherapist specialist windows android iphone free
    """.split()
)
PUSH = frozenset(
    """
    affordable authentic best bonus buy buying cheap cheapest cheaper cost custom deals discount discounted download
    exclusive fast find free genuine hire hot instant local lowest luxury near new nearest official online order
    original pro professional promo quality quick rent sale top under unlimited unique used vintage wholesale your
    """.split()
)
SELF = frozenset(
    """
    a am anon anonymous another angry annoyed author boy bloke bob bored carer citizen client concerned confused
    curious customer dad dan daughter dude employee ex exhausted father fed former frustrated girl granddad grandma guy
    he her him his husband i in-law interested just lady luddite mad man manager me member mother mr mrs ms mum my
    myself name newbie nobody noob nurse old one ordinary parent pensioner person reader resident retired sad sceptic
    she sister so social some somebody someone son student survivor taxpayer teacher the tired user victim visitor
    volunteer voter we who wife woman worker wondering worried y young
    """.split()
)
ASKING = frozenset(
    "can't cant could did do does doesn't don't dont has have how i'm is isn't it not should was what what's when where "
    "why will would wow you your you're help please".split()
)
FUNCTION = frozenset(
    """
    a about above after again against all also although always am an and any are as at be because been before being
    below between both but by can could did do does doing down during each else even ever every few for from further get
    had has have having he her here hers him his how i if in into is it its itself just like may me might more most much
    must my no nor not now of off on once one only or other our out over own perhaps quite rather really same she
    should since so some still such than that the their them then there these they this those though through to too
    under until up upon us very was we were what when where which while who whom whose why will with within without
    would yes yet you your
    """.split()
)
# What praise is made of when it is about nothing: the words that fit below any page on earth.
PRAISE = frozenset(
    """
    absolutely admin admire advice agree amazing amazed appreciate appreciated article articles author awesome beautiful
    best blog blogger blogging blogs bookmark bookmarked brilliant cheers comment comments completely congrats content
    continue cool definitely design detail details easy enjoy enjoyable enjoyed excellent explained fabulous fan
    fantastic fascinating favorite favourite finally find found future glad good great greetings guide happy hello help
    helped helpful helps hey hi hope hopefully idea ideas impressed impressive incredible info informative information
    informations insight insightful interesting internet issue job keep knowledge learn learned learnt looking lot lots
    love loved lovely magnificent many marvellous marvelous nice nicely outstanding page paragraph perfect perfectly
    piece please pleased points post posted posting posts pretty quality read reader readers reading regards remarkable
    right share shared sharing site stuff subject sure superb thank thankful thanks thanx think thx time topic topics
    totally truly tutorial tutorials understand update updates useful valuable visit visiting visitors wait want web
    webpage weblog website well wonderful work works worth wow write writer writers writing writeup written wrote year
    """.split()
)
PLACES = frozenset(
    """
    usa uk us london manchester birmingham leeds liverpool glasgow edinburgh cardiff belfast bristol sheffield essex kent
    surrey sussex yorkshire scotland wales ireland dublin england britain america europe asia africa australia sydney
    melbourne perth brisbane canada toronto vancouver montreal india delhi mumbai bangalore chennai pakistan lahore
    karachi dubai china beijing shanghai hongkong singapore malaysia thailand bangkok bali indonesia jakarta philippines
    manila vietnam japan tokyo korea turkey istanbul israel egypt kenya nigeria lagos russia moscow ukraine poland
    warsaw germany berlin munich france paris italy rome milan spain madrid barcelona portugal lisbon netherlands
    amsterdam greece athens york brooklyn manhattan jersey texas houston dallas austin california angeles francisco
    vegas nevada florida miami orlando tampa chicago boston seattle denver colorado atlanta georgia carolina ohio
    michigan detroit arizona phoenix utah oregon washington virginia maryland delaware massachusetts minnesota tennessee
    nashville alabama louisiana orleans missouri mexico brazil argentina
    """.split()
)
SHORTENERS = frozenset(
    """
    adf.ly bit.do bit.ly bitly.com buff.ly cli.gs cutt.ly dlvr.it goo.gl is.gd j.mp lnkd.in ow.ly ouo.io rb.gy rebrand.ly
    s.id shorturl.at shorte.st snip.ly snurl.com su.pr t.co t.ly tiny.cc tiny.one tinyurl.com tr.im v.gd x.co
    """.split()
)
# Where people of all sorts have pages: a link there says nothing about who links.
KNOWN_HOSTS = (
    "wikipedia.org wikimedia.org youtube.com youtu.be twitter.com x.com linkedin.com github.com stackoverflow.com "
    "medium.com bbc.co.uk bbc.com theguardian.com guardian.co.uk gov.uk nhs.uk ac.uk parliament.uk org.uk gov.wales "
    "gov.scot google.com google.co.uk flickr.com msdn.com microsoft.com apple.com mozilla.org edu reddit.com "
    "communitycare.co.uk scie.org.uk independent.co.uk telegraph.co.uk dailymail.co.uk bmj.com doi.org archive.org"
).split()
ODD_ENDINGS = frozenset("biz bid cc cf click club cn cyou ga gq icu info link loan ml mobi online pw ru site store su tk top "
                        "vip win work ws xyz".split())  # fmt: skip

# The words that hold a language together, enough to tell which one a sentence is in.
LANGUAGES = {
    "en": "the of and to in is that it you for was with this have are not be on as but they from or an by your my me so "
    "can will just what about if there would which their has been do we how i a at all",
    "fr": "le la les des une est et pour dans que qui sur avec pas vous nous ce cette sont je il mais ou du au plus très "
    "c'est j'ai mon bien tout",
    "de": "der die das und ist nicht ein eine ich sie mit auf für den dem zu auch wie wir aber noch nur oder wenn sich es "
    "von hier sehr",
    "es": "el los las una que es por con para no del se su como más pero muy este esta gracias lo al hay yo tu mi son",
    "pt": "o os as uma que é não com para por do da em se mais como mas muito este esta você eu meu minha foi um ou tem",
    "it": "il lo gli una che è non con per di del della sono questo questa anche come più ma molto ho mi si da nel",
    "nl": "het een en van ik is dat niet op te zijn voor met maar ook je wel nog naar bij wat als heb deze",
    "pl": "i w nie na się jest do to że z jak ale co za po tak od o czy dla jej przez które jedno bardzo",
    "id": "yang dan di ini itu untuk dengan dari tidak ada saya bisa juga ke pada akan atau kalau sudah nya aja gan",
    "tr": "ve bir bu için çok ile da de ne ben en gibi daha var ama kadar olarak teşekkürler güzel",
    "ro": "și în de la cu este un pe nu care din o mai pentru sunt dar ca se am",
    "sv": "och att det som en på är av för med inte jag har om ett men den så till",
    "cy": "yn y yr a'r i'r mae ac ar am wedi bod ei o'r gan nid roedd hyn gyda ond oedd eu",
    "vi": "và của là có không cho một được với này các những tôi bạn",
}
LANGUAGE_WORDS = {language: frozenset(words.split()) for language, words in LANGUAGES.items()}


@cache
def people() -> frozenset[str]:
    """First names of some forty languages, in lower case without accents."""
    text = (files("cuttings.spam") / "people.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


@cache
def _english() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    frequencies: dict[str, float] = get_frequency_dict("en", wordlist="best")
    return frequencies


def commonness(word: str) -> float:
    """How common a lower-case word is in English: 0 unknown, 3 once in a million, 6 once in a thousand."""
    from math import log10

    frequency = _english().get(word)
    return max(0.0, log10(frequency) + 9) if frequency else 0.0
