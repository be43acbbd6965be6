//! The cases by name.

use crate::Place;

/// One `#[test]` for every case of the suite, in modules named after their topics.
///
/// Takes the path of a function `fn() -> Box<dyn Place>`, and attributes of each test such as
/// `#[ignore]`.
#[macro_export]
macro_rules! store_suite {
    ($new_place:path $(, $(#[$attribute:meta])+)?) => {
        $crate::store_suite!(@with tests [$new_place] [$($(#[$attribute])+)?]);
    };
    (@with $what:ident [$($new_place:path)?] $attributes:tt) => {
        $crate::store_suite! {
            @$what [$($new_place)?] $attributes
            changes {
                nothing_is_there_at_first
                a_photo_seen_before_is_renewed
                classes_stay_until_others_are_named
                a_file_seen_again_has_the_new_stamp
                a_path_moves_to_another_photo
                a_photo_without_files_is_in_no_answer
                failures_come_and_go
                points_are_replaced_by_space
                a_renewed_photo_may_lose_its_whole
                changes_of_a_batch_build_on_each_other
            }
            refusals {
                a_batch_is_done_wholly_or_not_at_all
                points_of_one_space_have_one_length
            }
            filters {
                a_path_is_found_by_any_part_of_it
                a_path_that_is_not_unicode_has_a_text
                a_folder_is_a_whole_name
                names_are_found_by_their_words
                extension_and_format_are_equal_or_not
                a_time_range_has_its_start_and_not_its_end
                a_time_comes_again
                cameras_and_lenses_are_found_by_their_words
                a_class_is_found_by_each_of_its_names
                a_tag_is_found_whole
                a_phrase_stays_inside_one_text
                near_is_a_circle_on_the_earth
                sizes_include_both_ends
                filters_combine
                empty_texts_allow_nothing
                photos_without_files_meet_nothing
            }
            texts {
                stars_stand_for_characters
                one_folding_for_all_texts
                parts_of_unspaced_texts_are_found
            }
            files {
                files_are_asked_one_by_one
            }
            nearest {
                cosines_go_from_1_to_minus_1
                ties_go_by_id
                cosines_of_zero_are_ties
                a_photo_comes_once_with_its_best_part
                a_photo_of_many_parts_leaves_room
                a_filter_never_costs_answers
                spaces_do_not_mix
                queries_have_the_length_of_their_space
                every_kind_of_index_answers
            }
            many {
                many_are_answered_as_one_by_one
                lengths_are_checked_in_all
            }
            showing {
                the_likeliest_come_first
            }
            counted {
                a_photo_counts_once_for_each_value
                values_are_counted_as_their_records_say
                photos_of_a_cell_are_one_cluster
                clusters_are_those_of_their_records
            }
            words {
                masks_say_which_words
                common_words_bring_no_photo
                only_allowed_photos_count
                as_many_words_as_a_mask_has_bits
            }
            random {
                filters_allow_the_same_photos
                neighbours_are_the_same
                embeddings_of_any_length_are_compared
                pages_are_parts_of_one_list
                words_are_held_by_the_same_photos
                classes_are_shown_by_the_same_photos
                batches_mean_the_same
            }
            analyses {
                a_later_version_asks_for_it_again
                embeddings_are_done_by_their_points
                notes_stay_with_the_photo
                lacking_photos_come_in_pages
                names_are_exact
            }
            spaces {
                a_space_is_added_and_filled
                another_length_is_refused
                one_space_is_in_use
                a_deleted_space_is_gone
                the_kind_of_index_is_remembered
            }
            paths {
                files_are_listed_by_folder
                known_files_say_what_came_of_them
                failures_are_sorted
                ids_are_found_by_their_first_digits
                a_prefix_has_a_hundred_answers_at_most
                paths_are_bytes
            }
            places {
                roots_are_remembered_and_forgotten
                places_are_remembered
                excludes_are_remembered
            }
            albums {
                albums_are_remembered_and_forgotten
                albums_are_no_photos
            }
            settings {
                settings_are_remembered_and_taken_back
                settings_are_found_by_how_their_names_begin
            }
            within {
                some_folders_are_a_library_of_their_own
                of_the_rest_little_is_told_from_some_folders
            }
            purge {
                purged_photos_are_gone
                a_purged_photo_comes_back_as_a_new_one
            }
            order {
                the_newest_come_first
                equal_times_go_by_moment_of_adding
                photos_are_counted_by_day
                each_photo_comes_by_id
                each_point_comes_by_photo_and_part
                photos_come_as_they_are_asked_for
            }
            odd {
                every_fact_comes_back
                every_script_is_found
                very_long_texts_are_kept_and_found
                zeros_in_texts_are_kept
                signs_mean_themselves
                a_photo_has_a_thousand_files
                batches_may_be_large
            }
            threads {
                every_answer_lies_between_batches
                writers_may_want_the_same_photos
            }
            reopen {
                everything_is_there_again
            }
            copies {
                a_copy_there_and_back_answers_the_same
                a_copy_is_repeated_and_follows
                a_photo_may_have_been_seen_earlier
            }
        }
    };
    (@tests $new_place:tt $attributes:tt $($topic:ident { $($case:ident)* })*) => {
        $(mod $topic {
            #[allow(unused_imports)]
            use super::*;

            $($crate::store_suite!(@test $new_place $attributes $topic $case);)*
        })*
    };
    (@test [$new_place:path] [$($attribute:tt)*] $topic:ident $case:ident) => {
        #[test]
        $($attribute)*
        fn $case() {
            $crate::cases::$topic::$case(&*$new_place());
        }
    };
    (@table [] [] $($topic:ident { $($case:ident)* })*) => {
        &[$($(Case {
            name: concat!(stringify!($topic), "::", stringify!($case)),
            run: $crate::cases::$topic::$case,
        },)*)*]
    };
}

/// One case of the suite.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its topic and its name: "changes::a_path_moves".
    pub name: &'static str,
    /// Runs it on a place where nothing is yet; panics when the store is wrong.
    pub run: fn(&dyn Place),
}

impl Case {
    /// All of them.
    pub const ALL: &[Self] = store_suite!(@with table [] []);
}

/// Runs every case, each on a new place. Panics at the first that fails.
pub fn run(new_place: &dyn Fn() -> Box<dyn Place>) {
    for case in Case::ALL {
        (case.run)(&*new_place());
    }
}
