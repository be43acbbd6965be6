//! The suite is seen to fail: each fault by the case that is about it.

use super::wrong_store::{Fault, WrongStore};
use crate::Case;

/// A wrong name of a case is no failure that is looked for: its message is another.
fn run(case: &str, fault: Fault) {
    let case = Case::ALL.iter().find(|one| one.name == case).expect("a case of this name");
    (case.run)(&WrongStore::new(fault));
}

#[test]
fn a_wrapper_without_a_fault_passes() {
    run("random::neighbours_are_the_same", Fault::None);
    run("refusals::a_batch_is_done_wholly_or_not_at_all", Fault::None);
    run("threads::every_answer_lies_between_batches", Fault::None);
    run("reopen::everything_is_there_again", Fault::None);
}

#[test]
#[should_panic(expected = "min(k, matches)")]
fn a_neighbour_too_few_is_noticed() {
    run("random::neighbours_are_the_same", Fault::DropsTheLastNeighbour);
}

#[test]
#[should_panic(expected = "with Some(")]
fn a_filter_that_is_ignored_is_noticed() {
    run("random::neighbours_are_the_same", Fault::IgnoresTheFilter);
}

#[test]
#[should_panic(expected = "is not allowed")]
fn a_filter_applied_to_the_number_alone_is_noticed() {
    run("nearest::a_filter_never_costs_answers", Fault::TakesOthersThanAllowed);
}

#[test]
#[should_panic(expected = "left == right")]
fn ties_by_row_are_noticed() {
    run("nearest::ties_go_by_id", Fault::BreaksTiesByRow);
}

#[test]
#[should_panic(expected = "instead of")]
fn a_wrong_order_that_is_called_exact_is_noticed() {
    run("random::neighbours_are_the_same", Fault::MissesTheNearest);
}

#[test]
#[should_panic(expected = "records by id")]
fn half_a_batch_is_noticed() {
    run("refusals::a_batch_is_done_wholly_or_not_at_all", Fault::AppliesOneByOne);
}

#[test]
#[should_panic(expected = "half a batch")]
fn half_a_batch_is_noticed_by_a_reader() {
    run("threads::every_answer_lies_between_batches", Fault::AppliesOneByOne);
}

#[test]
#[should_panic(expected = "is not in the library")]
fn a_store_that_forgets_is_noticed() {
    run("reopen::everything_is_there_again", Fault::ForgetsWhenClosed);
}

#[test]
#[should_panic(expected = "left == right")]
fn a_prefix_taken_as_a_pattern_is_noticed() {
    run("paths::ids_are_found_by_their_first_digits", Fault::LooksForOddDigitsInPairs);
}

#[test]
#[should_panic(expected = "left == right")]
fn answers_in_another_order_than_the_queries_are_noticed() {
    run("many::many_are_answered_as_one_by_one", Fault::MixesUpQueries);
}
