//! What holds for the product as a whole, tested from outside its rooms.
#![allow(
    clippy::disallowed_methods,
    reason = "tests may ask the machine for the time, the environment and randomness"
)]

mod house;
