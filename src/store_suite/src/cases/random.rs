//! Random libraries, batches, filters and queries beside the plain store.

use seer_store::{Analysis, Filter, Point, Store, TimeOrder};
use seer_types::ModelFingerprint;

use super::Both;
use crate::Place;
use crate::compare::{check_cosines, check_nearest, check_same, found, neighbours, ok};
use crate::make::{A, B, embedding, ids, photo};
use crate::random::{ANALYSES, CLASSES, DIM_A, DIM_B, PHOTOS, VERSIONS};
use crate::random::{
    LEAVES, Random, random_batch, random_embedding, random_filter, random_leaf, random_library,
};

fn filled(place: &dyn Place, photos: u32, random: &mut Random) -> Both {
    let both = Both::new(place);
    for batch in random_library(photos, random).batches {
        assert!(both.apply(&batch, "a random library"));
    }
    both
}

fn filter(round: u64, random: &mut Random) -> Filter {
    if round < 10 * LEAVES { random_leaf(round / 10, random) } else { random_filter(3, random) }
}

/// Thousands of filters give the same photos, whichever way they are asked for.
pub fn filters_allow_the_same_photos(place: &dyn Place) {
    const SEED: u64 = 7;
    let random = &mut Random::new(SEED);
    let both = filled(place, 300, random);
    let mut total = 0;
    let (mut filters, mut any) = (Vec::new(), Vec::new());
    for round in 0..2000 {
        let filter = filter(round, random);
        let right = found(&both.plain, &filter);
        assert_eq!(found(&*both.store, &filter), right, "{filter:?}, seed {SEED}, round {round}");
        total += right.len();
        any.push(!right.is_empty());
        filters.push(filter);
    }
    assert_eq!(ok(both.store.allows_any(&filters)), any, "seed {SEED}");
    assert!(total > 20_000, "the filters allow too little to say anything: {total}");
}

/// With and without filters: always min(k, matches), and the right ones.
pub fn neighbours_are_the_same(place: &dyn Place) {
    const SEED: u64 = 11;
    let random = &mut Random::new(SEED);
    let both = filled(place, 300, random);
    for round in 0..600 {
        let told = format!("seed {SEED}, round {round}");
        let (model, dim) = random.pick(&[(A, DIM_A), (B, DIM_B)]);
        let query = random_embedding(model, dim, random);
        let filter = (round % 4 != 0).then(|| filter(round, random));
        let k = if random.chance(50) { usize::MAX } else { random.below(30) as usize };
        check_nearest(&*both.store, &both.plain, &query, k, filter.as_ref(), &told);
        if round % 10 == 0 {
            check_cosines(&*both.store, &both.plain, &query, &ids(0..305), &told);
        }
    }
}

/// Embeddings as long as those of models, of small numbers too, and very short ones.
pub fn embeddings_of_any_length_are_compared(place: &dyn Place) {
    const SEED: u64 = 37;
    let random = &mut Random::new(SEED);
    let both = Both::new(place);
    for dim in [1, 3, 512, 768, 1152] {
        let model = ModelFingerprint(std::array::from_fn(|_| (dim % 251) as u8));
        let direction = |random: &mut Random| {
            let smaller = [1.0, 1e-2, 1e-4, 1e-6];
            let one = random_embedding(model, dim, random);
            let values = one.values().iter().map(|value| value * random.pick(&smaller));
            embedding(model, &values.collect::<Vec<f32>>())
        };
        for n in 0..60 {
            let points = vec![Point::whole(direction(random))];
            assert!(both.apply(&[photo(n, &format!("/{n}.jpg"), points)], "an embedding"));
        }
        for round in 0..20 {
            let told = format!("{dim} numbers, seed {SEED}, round {round}");
            let query = direction(random);
            check_nearest(&*both.store, &both.plain, &query, 25, None, &told);
            check_cosines(&*both.store, &both.plain, &query, &ids(0..60), &told);
        }
    }
    check_same(&*both.store, &both.plain, &[], "all lengths");
}

/// The first k of more neighbours are the k neighbours, so that pages neither overlap nor miss.
pub fn pages_are_parts_of_one_list(place: &dyn Place) {
    const SEED: u64 = 13;
    let random = &mut Random::new(SEED);
    let both = filled(place, 60, random);
    for round in 0..6 {
        let query = random_embedding(A, DIM_A, random);
        let filter = (round > 0).then(|| random_leaf(round + 2, random));
        let all = neighbours(&*both.store, &query, usize::MAX, filter.as_ref()).neighbours;
        let allowed = filter.as_ref().map(|filter| ok(both.store.allow(filter)));
        let newest = ok(both.store.newest(usize::MAX, allowed.as_ref()));
        let mut oldest =
            ok(both.store.by_time(TimeOrder::OldestFirst, usize::MAX, allowed.as_ref()));
        oldest.reverse();
        assert_eq!(oldest, newest, "{filter:?}, seed {SEED}");
        let day_counts = ok(both.store.day_counts(allowed.as_ref()));
        let counted: u64 = day_counts.days.values().sum();
        assert_eq!(counted + day_counts.undated, newest.len() as u64, "{filter:?}, seed {SEED}");
        for k in 0..=60 {
            let page = ok(both.store.nearest(&query, k, allowed.as_ref())).neighbours;
            assert_eq!(page, all[..k.min(all.len())], "{filter:?}, seed {SEED}, k {k}");
            let page = ok(both.store.newest(k, allowed.as_ref()));
            assert_eq!(page, newest[..k.min(newest.len())], "{filter:?}, seed {SEED}, k {k}");
        }
    }
}

/// Words in random libraries under random filters.
pub fn words_are_held_by_the_same_photos(place: &dyn Place) {
    const SEED: u64 = 17;
    const WORDS: [&str; 10] =
        ["beach", "dog", "zurich", "2019", "nothing", "on the", "iphone", "海", "…", "BeachParty"];
    let random = &mut Random::new(SEED);
    let both = filled(place, 300, random);
    for round in 0..300 {
        let words: Vec<String> =
            (0..random.below(33)).map(|_| random.pick(&WORDS).to_owned()).collect();
        let filter = (round % 3 != 0).then(|| filter(round, random));
        let most = random.pick(&[0, 1, 20, 60, u64::MAX]);
        let having = |store: &dyn Store| {
            let allowed = filter.as_ref().map(|filter| ok(store.allow(filter)));
            ok(store.having(&words, allowed.as_ref(), most))
        };
        let told = format!("{words:?}, {filter:?}, most {most}, seed {SEED}, round {round}");
        assert_eq!(having(&*both.store), having(&both.plain), "{told}");
    }
}

/// Classes in random libraries under random filters.
pub fn classes_are_shown_by_the_same_photos(place: &dyn Place) {
    const SEED: u64 = 23;
    let random = &mut Random::new(SEED);
    let both = filled(place, 300, random);
    for round in 0..100 {
        let classes: Vec<String> =
            (0..random.below(6)).map(|_| random.pick(&CLASSES).to_owned()).collect();
        let filter = (round % 3 != 0).then(|| filter(round, random));
        let most = random.pick(&[0, 1, 20, usize::MAX]);
        let showing = |store: &dyn Store| {
            let allowed = filter.as_ref().map(|filter| ok(store.allow(filter)));
            ok(store.showing(&classes, allowed.as_ref(), most))
        };
        let told = format!("{classes:?}, {filter:?}, most {most}, seed {SEED}, round {round}");
        assert_eq!(showing(&*both.store), showing(&both.plain), "{told}");
    }
}

fn analyses() -> Vec<Analysis> {
    let named = |name: &'static str| {
        (0..=VERSIONS).map(|version| Analysis::Named { name: name.into(), version })
    };
    ANALYSES.into_iter().flat_map(named).collect()
}

/// Random batches, some of them senseless, with purges, new and dropped spaces and reopening.
pub fn batches_mean_the_same(place: &dyn Place) {
    const SEED: u64 = 19;
    let random = &mut Random::new(SEED);
    let mut both = Both::new(place);
    let mut refused = 0;
    for round in 0..150 {
        let told = format!("seed {SEED}, round {round}");
        let batch = random_batch(random);
        refused += u32::from(!both.apply(&batch, &told));
        both = event(place, both, random);
        check_same(&*both.store, &both.plain, &analyses(), &format!("{told}, after {batch:?}"));
        check_answers(&both, random, &told);
    }
    assert!((15..135).contains(&refused), "{refused} batches were refused");
}

/// What happens to a library besides batches, now and then.
fn event(place: &dyn Place, both: Both, random: &mut Random) -> Both {
    let each = |act: &dyn Fn(&dyn Store)| [&*both.store, &both.plain].map(act);
    match random.below(30) {
        0 => assert_eq!(ok(both.store.purge()), ok(both.plain.purge()), "purged"),
        1 => ok(both.store.maintain(&mut |_, _| true)),
        2 => drop(each(&|store| ok(store.delete_space(B)))),
        3 | 4 => {
            // Points that came first may have given it another length.
            let [added, right] = [&*both.store, &both.plain]
                .map(|store| store.add_space(B, "b", DIM_B).map_err(|error| error.kind()));
            assert_eq!(added, right, "a space that is added");
            if added.is_ok() {
                let _ = each(&|store| ok(store.use_space(B)));
            }
        }
        5 => {
            let Both { store, plain } = both;
            drop(store);
            return Both { store: place.open(), plain };
        }
        _ => {}
    }
    both
}

fn check_answers(both: &Both, random: &mut Random, told: &str) {
    let filter = random_filter(2, random);
    assert_eq!(found(&*both.store, &filter), found(&both.plain, &filter), "{filter:?}, {told}");
    let query = random_embedding(A, DIM_A, random);
    check_nearest(&*both.store, &both.plain, &query, 7, None, told);
    check_nearest(&*both.store, &both.plain, &query, 99, Some(&filter), told);
    check_cosines(&*both.store, &both.plain, &query, &ids(0..PHOTOS), told);
}
