//! Words before the name of a place.

/// What a word says of what follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Lead {
    /// Nothing.
    None,
    /// May be a place: "photos of lisbon".
    Weak,
    /// Mostly a place or a time: "in lisbon".
    Strong,
}

/// Keys of English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and Russian.
const STRONG: &str = "in at near from around through outside inside towards toward across visiting \
    downtown bei nach aus nahe rund durch dans pres chez vers depuis hacia cerca desde nel nella \
    nello nell nei negli presso vicino verso dal dalla dall em perto nabij rond vanuit naar \
    w we z ze do kolo в во из около под у на im en à";
const WEAK: &str = "of to de di da do dos das du des d del della dell von vom van on over to by via \
    a au aux al alla all ad no na nas nos ao aos te uit bij um zu zum zur auf sur sul sulla по от and und et";
/// They may stand between a preposition and the name.
const ARTICLES: &str = "the der die das den dem la le les l el los las il lo i gli o os as het de old \
    greater central northern southern eastern western north south east west city town ville ciudad \
    citta cidade stadt";

/// Between the names of a list.
const CONJUNCTIONS: &str = "and or und oder et ou y e o u ed oppure en of i lub и или";

/// What is in these is named behind them: "a glass of bordeaux".
const VESSELS: &str = "glass bottle cup bowl plate slice piece box pack glas flasche tasse verre \
    bouteille copa vaso botella bicchiere bottiglia copo garrafa fles kop";

pub(crate) fn is_vessel(key: &str) -> bool {
    VESSELS.split_ascii_whitespace().any(|word| word == key)
}

pub(crate) fn is_conjunction(key: &str) -> bool {
    CONJUNCTIONS.split_ascii_whitespace().any(|word| word == key)
}

/// What the word with this key says.
pub(crate) fn lead(key: &str) -> Lead {
    let among = |words: &str| words.split_ascii_whitespace().any(|word| word == key);
    match key {
        _ if among(STRONG) => Lead::Strong,
        _ if among(WEAK) => Lead::Weak,
        _ => Lead::None,
    }
}

pub(crate) fn is_article(key: &str) -> bool {
    ARTICLES.split_ascii_whitespace().any(|word| word == key)
}

/// What stands directly before or behind a name in a script without blanks.
pub(crate) fn unspaced_lead(before: &str, behind: &str) -> Lead {
    const BEFORE: [&str; 8] = ["在", "于", "於", "到", "去", "从", "從", "ที่"];
    const BEHIND: [&str; 12] =
        ["で", "に", "の", "から", "へ", "的", "에서", "에", "의", "로", "附近", "旅行"];
    if BEFORE.iter().any(|word| before.ends_with(word))
        || BEHIND.iter().any(|word| behind.starts_with(word))
    {
        return Lead::Strong;
    }
    Lead::None
}
