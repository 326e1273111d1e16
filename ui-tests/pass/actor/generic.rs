//! Generic actors: the bounds are on the impl block.

use ghostlight::prelude::*;
use std::{collections::HashMap, fmt::Debug, hash::Hash};

#[actor]
struct Cache<K, V> {
    entries: HashMap<K, V>,
}

#[handlers(derive(Debug))]
impl<K, V> Cache<K, V>
where
    K: Hash + Eq + Send + Debug,
    V: Clone + Send + Debug,
{
    #[init]
    fn new(entries: HashMap<K, V>) -> Self {
        Self { entries }
    }

    #[call]
    fn get(&self, key: K) -> Option<V> {
        self.entries.get(&key).cloned()
    }

    #[call]
    async fn get_all(&mut self, reply: ReplyTo<Vec<V>>) {
        reply.send(self.entries.values().cloned().collect());
    }

    #[cast]
    fn put(&mut self, key: K, value: V) {
        self.entries.insert(key, value);
    }

    #[info]
    fn evict(&mut self, keys: Vec<K>) {
        self.entries.retain(|key, _| !keys.contains(key));
    }

    #[info]
    fn clear(&mut self) {
        self.entries.clear();
    }

    #[handle_continue]
    fn load(&mut self, entries: HashMap<K, V>) {
        self.entries.extend(entries);
    }

    #[terminate]
    fn close(&mut self) {}
}

/// Bounds on the struct, a default, a constant.
#[actor]
struct Ring<T: Send = u8, const N: usize = 2>
where
    T: Copy,
{
    items: [T; N],
}

#[handlers]
impl<T: Send + Copy + PartialEq, const N: usize> Ring<T, N> {
    #[init]
    async fn new(items: [T; N]) -> Self {
        Self { items }
    }

    #[call]
    fn all(&self) -> [T; N] {
        self.items
    }

    #[call]
    fn contains(&self, item: T, ctx: &mut Ctx<Self>) -> (bool, RingRef<T, N>) {
        (self.items.contains(&item), ctx.me())
    }
}

/// The parameter is in no message.
#[actor]
struct Quiet<T>(T);

#[handlers]
impl<T: ToString + Send> Quiet<T> {
    #[call]
    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// An actor with arguments.
#[actor]
struct Fixed<T>(T);

#[handlers]
impl Fixed<u8> {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cache = Cache::start(HashMap::from([("a", 1)])).await.unwrap();
    cache.put("b", 2).await.unwrap();
    assert_eq!(cache.get("b").await.unwrap(), Some(2));
    cache.info(vec!["a"]).await.unwrap();
    assert_eq!(cache.get_all().await.unwrap(), [2]);
    cache.info(CacheInfo::Clear).await.unwrap();
    assert_eq!(cache.get("b").await.unwrap(), None);
    let ring: RingRef = Ring::start([1, 2]).await.unwrap();
    assert_eq!(ring.all().await.unwrap(), [1, 2]);
    assert_eq!(ring.contains(3).await.unwrap(), (false, ring));
    assert_eq!(ghostlight::spawn(Quiet(5)).unwrap().show().await.unwrap(), "5");
    assert_eq!(ghostlight::spawn(Fixed(5)).unwrap().get().await.unwrap(), 5);
}
