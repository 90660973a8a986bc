//! What every implementation of the store must do, as tests: `conformance_tests!` makes one named
//! test per case. Whatever goes wrong panics, so this is for tests only, and behind a feature.

pub mod appending;
pub mod called_from;
pub mod cancelling;
pub mod clients;
pub mod faults;
pub mod fence;
pub mod history;
pub mod hosts;
pub mod identity;
pub mod kept;
pub mod leases;
pub mod listing;
pub mod live;
pub mod loading;
pub mod lookback;
pub mod noting;
pub mod openid;
pub mod passkeys;
pub mod people;
pub mod recording;
pub mod running;
pub mod sharing;
pub mod staff;
pub mod whereabouts;

mod chance;
mod clock;
mod faulty;
mod log_by_chance;
mod script;
mod world;

pub use clock::ManualClock;
pub use faulty::{Fails, Faulty};
pub use world::{Live, OPERATOR, Refused, World, line, request, secret};

use std::{future::Future, sync::Arc};

use crate::Store;

/// One database, which may be opened several times.
pub trait Backend: Send + Sync + 'static {
    /// The implementation under test.
    type Store: Store;

    /// Opens a handle on the database, creating it the first time.
    fn open(&self, clock: Arc<ManualClock>) -> impl Future<Output = Self::Store> + Send;
}

/// Makes a test of every case; the expression makes a [`Backend`] on an empty database.
#[macro_export]
macro_rules! conformance_tests {
    ($backend:expr) => {
        $crate::conformance_tests! { @each $backend;
            appending: [
                positions_are_gapless_under_concurrent_writers,
                a_moved_case_conflicts,
                a_moved_org_conflicts,
                a_moved_person_conflicts,
                a_stream_taken_for_new_conflicts,
                a_stream_that_was_not_named_is_refused,
                slugs_addresses_and_case_numbers_are_unique,
                what_fails_changes_nothing,
                time_never_goes_back,
                operators_have_a_stream_of_their_own,
                barriers_are_found,
            ],
            called_from: [
                what_is_done_says_from_where,
                each_request_says_from_where,
            ],
            loading: [
                a_case_brings_everyone_it_mentions,
                every_key_finds_its_thing,
                a_key_that_names_nothing_loads_nothing,
                reachable_cases_of_an_org_are_found,
                cases_with_sessions_of_an_org_are_found,
                sessions_of_a_subject_are_found,
                sessions_of_an_agent_are_found,
                cases_are_found_by_many_numbers,
                a_credential_brings_its_owner,
                versions_cover_the_slice,
                the_directory_holds_orgs_and_agents,
                the_tail_pages,
                waiting_ends_when_there_is_more,
            ],
            listing: [
                viewers_list_their_own_cases,
                status_narrows_the_list,
                reachable_cases_are_listed,
                cursors_page_through,
                case_numbers_are_handed_out_once,
                running_sessions_are_listed,
                directories_page_through,
            ],
            history: [snapshots_equal_a_fold_of_all_events],
            hosts: [
                a_host_name_is_one_orgs_alone,
                of_two_orgs_that_take_a_name_at_once_one_gets_it,
            ],
            lookback: [
                a_request_and_its_outcome_are_one_row,
                pages_are_the_filter_applied_to_the_whole_log,
                pages_are_exact_while_others_record_and_index,
                indexing_comes_to_an_end,
                a_log_far_ahead_of_its_index_is_told_in_full,
                a_search_goes_on_where_a_page_stopped,
                what_concerned_an_agent_is_found_by_them,
                a_day_begins_and_ends_where_it_says,
                orgs_do_not_see_each_others_history,
                a_page_says_as_of_when_it_is,
            ],
            live: [
                what_is_live_equals_a_fold_of_all_events,
                what_is_live_is_of_one_moment,
                nothing_is_live_in_an_empty_store,
                a_session_has_its_tokens,
                an_ended_session_is_as_it_was,
                the_tail_names_the_case_of_a_session,
            ],
            recording: [
                every_orgs_log_is_gapless_and_hashed,
                requests_and_outcomes_stand_on_the_log,
                outcomes_are_recorded_after_the_end,
                a_large_batch_keeps_its_order,
                an_unknown_session_records_nothing,
                activity_is_remembered,
                waiting_for_entries_ends_when_there_is_one,
            ],
            noting: [
                a_note_stands_on_the_log_and_nowhere_else,
                times_go_on_from_a_note,
                notes_take_their_places_among_others,
                a_note_wakes_who_follows_the_log,
                one_is_told_whose_session_ended,
            ],
            running: [
                running_sessions_are_found,
                starts_of_one_agent_are_judged_one_after_another,
                starts_at_once_do_not_exceed_the_limit,
            ],
            fence: [
                a_live_session_passes,
                an_ended_session_is_over,
                a_revoked_grant_is_over,
                a_grant_is_over_at_its_expiry,
                an_extension_lengthens_a_live_session,
                a_later_grant_revives_nothing,
                the_absolute_limit_holds,
                the_idle_limit_holds,
                an_agent_off_the_team_is_stopped,
                a_deactivated_agent_is_stopped,
                a_deactivated_subject_is_stopped,
                a_blocked_org_is_stopped,
                a_closed_case_is_stopped,
                withdrawn_self_assignment_is_stopped,
                a_lost_lease_records_nothing,
                store_time_judges,
            ],
            leases: [
                epochs_rise,
                renewal_counts_and_acknowledges,
                renewal_behind_the_barrier_is_refused,
                an_ended_lease_is_lost,
                an_old_epoch_ends_nothing,
                a_late_lease_replaces_no_newer_one,
                a_renewed_lease_is_not_ended_for_silence,
            ],
            clients: [
                a_client_is_found_by_its_id,
                an_access_token_is_ended_by_its_client,
                an_access_token_runs_out_at_its_end,
                what_may_be_used_once_is_used_once,
            ],
            identity: [
                credentials_are_found_by_hash,
                a_credential_runs_out_at_its_expiry,
                a_revoked_credential_is_spent,
                credentials_of_an_org_are_listed,
                credentials_page_through,
                a_login_link_is_good_once,
                a_login_link_used_twice_at_once_lets_one_in,
                only_good_login_links_sign_in,
                browser_sessions_go_idle,
                operators_browsers_go_idle,
                browser_sessions_reach_their_limit,
                signing_keys_are_published_until_they_expire,
            ],
            kept: [
                an_answer_is_kept_with_its_events,
                what_fails_keeps_no_answer,
                of_calls_at_once_one_acts,
            ],
            passkeys: [
                a_passkey_signs_its_owner_in,
                a_passkey_is_used_as_it_was_seen,
                a_handle_is_never_free_again,
                what_is_removed_or_refused_lets_nobody_in,
                credentials_wait_until_somebody_decides,
                claims_are_kept_as_the_domain_folds_them,
                keyholders_of_an_org_are_found,
                a_ceremony_is_taken_once_and_in_time,
            ],
            openid: [
                a_domain_finds_its_orgs,
                whom_a_provider_knows_comes_in,
                keyholders_come_with_what_providers_know_them_by,
            ],
            staff: [
                an_agent_comes_in_by_what_a_provider_knows,
                an_operator_is_somebody,
            ],
            people: [
                people_are_found_as_a_directory_asks,
                a_changed_address_is_unique,
                whoever_is_removed_is_in_no_list,
                a_directorys_credential_is_the_orgs,
            ],
            cancelling: [
                a_cancelled_append_is_whole_or_absent,
                a_cancelled_batch_is_whole_or_absent,
                cancelled_reads_leave_nothing_behind,
            ],
            faults: [
                failed_and_not_persisted,
                failed_but_persisted,
                failed_records,
                failed_notes,
                unreachable,
            ],
            whereabouts: [the_last_request_of_a_session_is_found],
            sharing: [
                reopening_keeps_everything,
                two_handles_see_each_others_writes,
                two_handles_write_in_turn,
                a_handle_notices_the_entries_of_another,
                a_busy_handle_obeys_what_another_takes_away,
                nothing_is_recorded_behind_a_revocation,
                of_two_that_claim_the_addresses_one_does,
            ],
        }
    };
    (@each $backend:expr; $($module:ident: [$($case:ident),* $(,)?]),* $(,)?) => {
        $(mod $module {
            #[allow(unused_imports)]
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                $crate::conformance::$module::$case(&$backend).await;
            })*
        })*
    };
}
