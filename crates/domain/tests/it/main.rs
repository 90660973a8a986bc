//! The rules R1–R17, each sentence of them as a table of outcomes.

mod called_from;
mod r01_hosts;
mod r01_r02_people;
mod r03_claims;
mod r03_impersonation;
mod r03_issuers;
mod r03_passkeys;
mod r03_provisioning;
mod r03_r09_clients;
mod r03_r16_staff;
mod r04_cases;
mod r04_history;
mod r05_r07_teams_and_closing;
mod r06_self_assignment;
mod r08_requests;
mod r09_r12_grants;
mod r09_r17_widening;
mod r13_extension;
mod r14_r15_listing_and_block;
mod r16_sessions;
mod r16_sessions_at_a_time;
mod r17_routes;
mod refusals;
mod values;
mod world;
