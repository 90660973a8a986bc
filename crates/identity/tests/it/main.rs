//! Signing in by passkey: what it takes, and what it does not take.

mod claiming;
mod refusing;
mod registering;
mod telling;
mod world;
