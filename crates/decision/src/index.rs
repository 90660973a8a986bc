//! A multimap: which sessions belong to a person, a case, an org.

use std::hash::Hash;

use countersign_domain::{IdMap, IdSet};

#[derive(Clone, Debug)]
pub(crate) struct Index<K, V>(IdMap<K, IdSet<V>>);

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Self(IdMap::default())
    }
}

impl<K: Eq + Hash, V: Eq + Hash> PartialEq for Index<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Eq + Hash, V: Copy + Eq + Hash> Index<K, V> {
    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.0.entry(key).or_default().insert(value);
    }

    pub(crate) fn remove(&mut self, key: &K, value: V) {
        if let Some(values) = self.0.get_mut(key) {
            values.remove(&value);
            if values.is_empty() {
                self.0.remove(key);
            }
        }
    }

    pub(crate) fn of(&self, key: &K) -> Vec<V> {
        self.0
            .get(key)
            .map(|values| values.iter().copied().collect())
            .unwrap_or_default()
    }
}
