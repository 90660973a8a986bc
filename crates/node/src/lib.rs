//! The running process: it follows the tail, swaps the live view, drives its lease, and batches
//! what it records.

mod barrier;
mod clock;
mod desk;
mod follower;
mod held;
mod indexer;
mod keeper;
mod news;
mod node;
mod recorder;
mod start;
mod store_clock;

pub use barrier::Effective;
pub use clock::{BootClock, Clocks};
pub use desk::Desk;
pub use news::{About, News};
pub use node::{Node, NodeConfig, NotServing, StartError};
pub use recorder::{Durable, RecordError, Recorder};
pub use start::Start;

// What is recorded, and why the store may refuse it.
pub use countersign_store::Fence;
