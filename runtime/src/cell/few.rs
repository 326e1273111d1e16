//! A map for what is nearly always short, and now and then very long.

use std::{collections::HashMap, hash::Hash, mem};

/// From here on a search through a list takes longer than a hash.
const LONG: usize = 32;

/// A list while it is short, so that an actor with one link pays for one; a hash map once it is long, so that a supervisor of a hundred
/// thousand does not search through them.
pub(crate) enum Few<K, V> {
    List(Vec<(K, V)>),
    Map(HashMap<K, V>),
}

impl<K: Copy + Eq + Hash, V> Few<K, V> {
    pub(crate) fn new() -> Self {
        Self::List(Vec::new())
    }

    /// Just this one.
    pub(crate) fn one(key: K, value: V) -> Self {
        Self::List(vec![(key, value)])
    }

    /// Adds an entry, unless there is one with this key.
    pub(crate) fn add(&mut self, key: K, value: V) {
        match self {
            Self::List(list) if list.iter().any(|(known, _)| *known == key) => {}
            Self::List(list) if list.len() < LONG => list.push((key, value)),
            Self::List(list) => {
                let mut map: HashMap<_, _> = mem::take(list).into_iter().collect();
                map.insert(key, value);
                *self = Self::Map(map);
            }
            Self::Map(map) => _ = map.entry(key).or_insert(value),
        }
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        match self {
            Self::List(list) => {
                list.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
            }
            Self::Map(map) => map.get(&key),
        }
    }

    pub(crate) fn take(&mut self, key: K) -> Option<V> {
        match self {
            Self::List(list) => {
                let at = list.iter().position(|(known, _)| *known == key)?;
                Some(list.swap_remove(at).1)
            }
            Self::Map(map) => map.remove(&key),
        }
    }

    pub(crate) fn retain(&mut self, mut keeps: impl FnMut(K, &V) -> bool) {
        match self {
            Self::List(list) => list.retain(|(key, value)| keeps(*key, value)),
            Self::Map(map) => map.retain(|key, value| keeps(*key, value)),
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<(K, V)>
    where
        V: Clone,
    {
        match self {
            Self::List(list) => list.clone(),
            Self::Map(map) => map.iter().map(|(key, value)| (*key, value.clone())).collect(),
        }
    }

    /// Whether one more makes it grow.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::List(list) => list.len() == list.capacity(),
            Self::Map(map) => map.len() == map.capacity(),
        }
    }

    /// Calls `f` with each entry.
    pub(crate) fn drain(self, mut f: impl FnMut(K, V)) {
        match self {
            Self::List(list) => list.into_iter().for_each(|(key, value)| f(key, value)),
            Self::Map(map) => map.into_iter().for_each(|(key, value)| f(key, value)),
        }
    }
}
