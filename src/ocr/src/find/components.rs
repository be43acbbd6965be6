//! Regions of pixels that hang together, and the holes in them.
//!
//! Rows are cut into runs of equal pixels, and runs that touch are joined: pixels of text across
//! corners too, other pixels along sides only. A region is the outline of joined pixels of text, or
//! of a hole, which is joined other pixels that do not reach the edge. (As in Suzuki and Abe:
//! Topological structural analysis of digitized binary images, 1985, without the nesting.)

/// A pixel: column, row.
pub(super) type Point = [i32; 2];

/// Most runs that are looked at: a map of noise has no text in it.
const MOST_RUNS: usize = 1 << 20;

/// Which pixels are above `least`, each spread to its right and lower neighbours.
pub(super) fn mask(values: &[f32], width: usize, least: f32) -> Vec<bool> {
    let mut mask = vec![false; values.len()];
    let height = values.len() / width.max(1);
    for y in 0..height {
        for x in 0..width {
            if values[y * width + x] > least {
                for (y, x) in [(y, x), (y, x + 1), (y + 1, x), (y + 1, x + 1)] {
                    if y < height && x < width {
                        mask[y * width + x] = true;
                    }
                }
            }
        }
    }
    mask
}

/// Equal pixels of a row side by side.
#[derive(Clone, Copy)]
struct Run {
    row: usize,
    start: usize,
    end: usize,
    text: bool,
}

/// Points of every outline: all that its convex hull needs.
pub(super) fn regions(mask: &[bool], width: usize) -> Vec<Vec<Point>> {
    let height = mask.len() / width.max(1);
    let runs = runs(mask, width);
    let Some(parents) = joined(&runs) else { return Vec::new() };
    let mut open = vec![false; runs.len()]; // reaches the edge
    for (number, run) in runs.iter().enumerate() {
        let edge = run.row == 0 || run.row + 1 == height || run.start == 0 || run.end == width;
        open[parents[number]] |= !run.text && edge;
    }
    let mut places = vec![usize::MAX; runs.len()];
    let mut out: Vec<Vec<Point>> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let root = parents[number];
        if !run.text && open[root] {
            continue;
        }
        if places[root] == usize::MAX {
            places[root] = out.len();
            out.push(Vec::new());
        }
        let points = &mut out[places[root]];
        let (row, start, end) = (run.row as i32, run.start as i32, run.end as i32);
        if run.text {
            points.extend([[start, row], [end - 1, row]]);
        } else {
            points.extend([[start - 1, row], [end, row]]);
            for beside in [run.row - 1, run.row + 1] {
                let text = |x: &usize| mask[beside * width + x];
                let row = beside as i32;
                points.extend((run.start..run.end).find(text).map(|x| [x as i32, row]));
                points.extend((run.start..run.end).rev().find(text).map(|x| [x as i32, row]));
            }
        }
    }
    out
}

fn runs(mask: &[bool], width: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, pixels) in mask.chunks_exact(width.max(1)).enumerate() {
        let mut start = 0;
        for run in pixels.chunk_by(|a, b| a == b) {
            runs.push(Run { row, start, end: start + run.len(), text: run[0] });
            start += run.len();
        }
    }
    runs
}

/// For each run the first one it hangs together with; nothing when there are too many.
fn joined(runs: &[Run]) -> Option<Vec<usize>> {
    if runs.len() > MOST_RUNS {
        return None;
    }
    let mut parents: Vec<usize> = (0..runs.len()).collect();
    let mut upper = 0;
    for (number, run) in runs.iter().enumerate() {
        // Runs of the row above that end left of this one touch no later one either.
        while runs[upper].row + 1 < run.row
            || (runs[upper].row < run.row && runs[upper].end < run.start)
        {
            upper += 1;
        }
        let above = runs[upper..number].iter().take_while(|other| other.row < run.row);
        let near = above.enumerate().take_while(|(_, other)| other.start <= run.end);
        for (place, other) in near {
            let touches = match run.text {
                true => other.start <= run.end && other.end >= run.start,
                false => other.start < run.end && other.end > run.start,
            };
            if other.text == run.text && touches {
                join(&mut parents, upper + place, number);
            }
        }
    }
    for number in 0..parents.len() {
        parents[number] = parents[parents[number]];
    }
    Some(parents)
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    let (first, last) = (a.min(b), a.max(b));
    parents[last] = first;
}

fn root(parents: &mut [usize], mut place: usize) -> usize {
    while parents[place] != place {
        parents[place] = parents[parents[place]];
        place = parents[place];
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> Vec<Vec<Point>> {
        let width = rows[0].len();
        let mask: Vec<bool> = rows.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect();
        let mut regions = regions(&mask, width);
        regions.iter_mut().for_each(|points| {
            points.sort_unstable();
            points.dedup();
        });
        regions
    }

    #[test]
    fn text_hangs_together_across_corners() {
        let found = of(&["#....", ".#..#", "..#.#"]);
        assert_eq!(found, [vec![[0, 0], [1, 1], [2, 2]], vec![[4, 1], [4, 2]]]);
        // Two arms that meet below.
        let found = of(&["#.#", "#.#", "###"]);
        assert_eq!(found, [vec![[0, 0], [0, 1], [0, 2], [2, 0], [2, 1], [2, 2]]]);
    }

    #[test]
    fn a_hole_is_a_region_of_the_pixels_around_it() {
        let found = of(&[".....", ".###.", ".#.#.", ".###.", "....."]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], [[1, 2], [2, 1], [2, 3], [3, 2]]);
        // Open to the edge across a side: no hole. Across a corner: a hole.
        assert_eq!(of(&["###", "#.#", "#.#"]).len(), 1);
        assert_eq!(of(&["##.", "#.#", "###"]).len(), 2);
    }

    #[test]
    fn pixels_spread_right_and_down() {
        let mask = mask(&[0.0, 0.0, 1.0, 1.0, 0.0, 0.0], 3, 0.5);
        assert_eq!(mask, [false, false, true, true, true, true]);
        assert!(regions(&[], 0).is_empty());
    }
}
