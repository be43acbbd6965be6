//! Many photos in groups of those that are alike.

use seer_images::{ImageError, Stop};

use super::Look;
use super::candidates::candidates;

/// How far the grouping is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// Pairs that may be alike are looked for: so many parts of the work are done, of how many.
    Looking(u64, u64),
    /// These are compared: so many photos are done, of how many.
    Comparing(u64, u64),
}

/// Groups of at least two, by their places in the list: the first one, and what is alike it. Earlier
/// photos are the better ones: each that no group has yet takes all later ones that are copies of
/// it, and those that are of one burst with it or with one of these.
///
/// # Errors
/// `Stopped` soon after `stop` is set.
pub(crate) fn groups(
    looks: &[Look],
    stop: &Stop,
    watch: &mut dyn FnMut(Step),
) -> Result<Vec<Vec<usize>>, ImageError> {
    let pairs = candidates(looks, stop, &mut |done, of| watch(Step::Looking(done, of)))?;
    let mut near = vec![Vec::new(); looks.len()];
    for (a, b) in pairs {
        near[a as usize].push(b as usize);
        near[b as usize].push(a as usize);
    }
    let mut is_taken = vec![false; looks.len()];
    let mut groups = Vec::new();
    for first in 0..looks.len() {
        if first % 256 == 0 {
            stop.check()?;
            watch(Step::Comparing(first as u64, looks.len() as u64));
        }
        if is_taken[first] {
            continue;
        }
        is_taken[first] = true;
        let group = group_of(first, looks, &near, &mut is_taken);
        if group.len() > 1 {
            groups.push(group);
        }
    }
    Ok(groups)
}

fn group_of(
    first: usize,
    looks: &[Look],
    near: &[Vec<usize>],
    is_taken: &mut [bool],
) -> Vec<usize> {
    let mut group = vec![first];
    let mut followed = 0;
    while let Some(&member) = group.get(followed) {
        for &other in &near[member] {
            let (a, b) = (&looks[member], &looks[other]);
            let may_join = !is_taken[other] && (followed == 0 || a.is_one_burst(b));
            if may_join && a.compared(b).is_some() {
                is_taken[other] = true;
                group.push(other);
            }
        }
        followed += 1;
    }
    group
}
