//! Saying what goes wrong again and again, so that whoever reads the log finds it and everything else.

use std::fmt::Display;

/// Something that is tried until it works. It is news when it goes wrong for the first time, when it goes wrong in another way,
/// and ever more seldom after that.
#[derive(Debug, Default)]
pub struct Complaint {
    said: String,
    times: u64,
}

impl Complaint {
    /// It has gone wrong. How often it has by now, if that is to be said.
    pub fn wrong(&mut self, why: &dyn Display) -> Option<u64> {
        let why = why.to_string();
        self.times += 1;
        let is_another = why != self.said;
        self.said = why;
        (is_another || self.times.is_power_of_two()).then_some(self.times)
    }

    /// It works. How often it had gone wrong before, if it had.
    pub fn works(&mut self) -> Option<u64> {
        let before = std::mem::take(self);
        (before.times > 0).then_some(before.times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_is_said_ever_more_seldom_and_what_is_new_at_once() {
        let mut complaint = Complaint::default();
        assert_eq!(complaint.works(), None);
        let said: Vec<_> = (0..100).filter_map(|_| complaint.wrong(&"away")).collect();
        assert_eq!(said, [1, 2, 4, 8, 16, 32, 64]);
        assert_eq!(complaint.wrong(&"starting"), Some(101));
        assert_eq!(complaint.wrong(&"starting"), None);
        assert_eq!(complaint.works(), Some(102));
        assert_eq!(complaint.works(), None);
        assert_eq!(complaint.wrong(&"away"), Some(1));
    }
}
