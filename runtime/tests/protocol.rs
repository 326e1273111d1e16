//! Interfaces that several actors speak.

use ghostlight::{ActorRef, prelude::*};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};

/// Keeps values.
#[protocol]
pub trait Store {
    /// The value of `key`.
    #[call]
    fn get(&self, key: String) -> Option<u64>;

    /// Keeps `value`, and gives the one there was.
    #[call(timeout = "1s")]
    fn put(&mut self, key: String, value: u64) -> Option<u64>;

    /// Takes its time.
    #[call]
    async fn load(&mut self, time: Duration) -> usize;

    /// Forgets all.
    #[cast]
    fn clear(&mut self);
}

#[actor(mailbox = 2)]
#[derive(Default)]
struct Memory {
    values: HashMap<String, u64>,
    log: Vec<&'static str>,
}

#[handlers]
impl Memory {
    #[init]
    fn open() -> Self {
        Self::default()
    }

    #[cast]
    fn note(&mut self) {
        self.log.push("note");
    }

    #[call]
    fn log(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.log)
    }

    #[call]
    async fn wait(&mut self, until: oneshot::Receiver<()>) {
        until.await.ok();
    }
}

impl Store for Memory {
    fn get(&self, key: String) -> Option<u64> {
        assert!(key != "poison", "this key is poison");
        self.values.get(&key).copied()
    }

    fn put(&mut self, key: String, value: u64) -> Option<u64> {
        self.log.push("put");
        self.values.insert(key, value)
    }

    async fn load(&mut self, time: Duration) -> usize {
        sleep(time).await;
        self.values.len()
    }

    fn clear(&mut self) {
        self.log.push("clear");
        self.values.clear();
    }
}

/// Speaks the same, and is another actor.
#[actor]
struct Constant(u64);

#[handlers]
impl Constant {
    #[call]
    fn value(&self) -> u64 {
        self.0
    }
}

impl Store for Constant {
    fn get(&self, _: String) -> Option<u64> {
        Some(self.0)
    }

    fn put(&mut self, _: String, value: u64) -> Option<u64> {
        Some(std::mem::replace(&mut self.0, value))
    }

    async fn load(&mut self, _: Duration) -> usize {
        1
    }

    fn clear(&mut self) {}
}

fn memory() -> MemoryRef {
    ghostlight::spawn(Memory::default()).expect("a runtime runs")
}

fn key() -> String {
    "a".to_owned()
}

#[tokio::test(start_paused = true)]
async fn one_handle_leads_to_actors_of_several_types_over_its_life() {
    let mut store = StoreRef::of(&memory());
    assert_eq!(store.put(key(), 1).await.unwrap(), None);
    assert_eq!(store.get(key()).await.unwrap(), Some(1));
    store = StoreRef::of(&ghostlight::spawn(Constant(7)).unwrap());
    assert_eq!(store.get(key()).await.unwrap(), Some(7));
}

#[tokio::test(start_paused = true)]
async fn an_async_method_waits_in_the_actor() {
    let store = StoreRef::of(&memory());
    store.put(key(), 1).await.unwrap();
    let begun = Instant::now();
    assert_eq!(store.load(Duration::from_secs(1)).await.unwrap(), 1);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let late = store.load(Duration::from_secs(9)).timeout(Duration::from_secs(1)).await;
    assert!(matches!(late, Err(CallError::Timeout)));
}

#[tokio::test(start_paused = true)]
async fn messages_of_a_protocol_and_of_the_actor_keep_their_order() {
    let memory = memory();
    let store = StoreRef::of(&memory);
    memory.note().await.unwrap();
    store.clear().await.unwrap();
    memory.note().await.unwrap();
    store.put(key(), 1).await.unwrap();
    assert_eq!(memory.log().await.unwrap(), ["note", "clear", "note", "put"]);
}

#[tokio::test(start_paused = true)]
async fn a_speaker_needs_not_be_an_actor() {
    struct Fake(Arc<Mutex<Vec<String>>>);

    impl Store for Fake {
        fn get(&self, key: String) -> Option<u64> {
            self.0.lock().unwrap().push(key);
            None
        }

        fn put(&mut self, _: String, _: u64) -> Option<u64> {
            None
        }

        async fn load(&mut self, _: Duration) -> usize {
            0
        }

        fn clear(&mut self) {}
    }

    let asked = Arc::default();
    let store = StoreRef::spawn(Fake(Arc::clone(&asked))).unwrap();
    assert_eq!(store.get(key()).await.unwrap(), None);
    assert_eq!(*asked.lock().unwrap(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_method_that_panics_crashes_the_actor_and_tells_its_caller() {
    let memory = memory();
    let store = StoreRef::of(&memory);
    let end = memory.monitor();
    let error = store.get("poison".to_owned()).await.unwrap_err();
    assert!(error.reason().unwrap().to_string().contains("this key is poison"));
    assert!(end.await.reason.to_string().contains("this key is poison"));
    assert!(matches!(store.get(key()).await, Err(CallError::NoProc)));
    assert!(matches!(store.clear().await, Err(CastError::NoProc(_))));
    assert!(!store.is_alive());
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_makes_the_senders_of_a_protocol_wait() {
    let memory = memory();
    let store = StoreRef::of(&memory);
    let (go, until) = oneshot::channel();
    let waits = tokio::spawn(memory.wait(until).owned().into_future());
    tokio::task::yield_now().await;
    store.clear().try_send().unwrap();
    store.clear().try_send().unwrap();
    let Err(CastError::Full(clear)) = store.clear().try_send() else {
        panic!("there is no room");
    };
    let clear = tokio::spawn(clear.owned().into_future());
    let put = tokio::spawn(store.put(key(), 3).owned().into_future());
    tokio::task::yield_now().await;
    assert!(!clear.is_finished() && !put.is_finished());
    go.send(()).unwrap();
    waits.await.unwrap().unwrap();
    assert!(clear.await.unwrap().is_ok());
    assert_eq!(put.await.unwrap().unwrap(), None);
    assert_eq!(memory.log().await.unwrap(), ["clear", "clear", "clear", "put"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_before_it_begins_is_withdrawn() {
    let memory = memory();
    let store = StoreRef::of(&memory);
    let (go, until) = oneshot::channel();
    let waits = tokio::spawn(memory.wait(until).owned().into_future());
    tokio::task::yield_now().await;
    let put = tokio::spawn(store.put(key(), 3).owned().into_future());
    tokio::task::yield_now().await;
    put.abort();
    put.await.unwrap_err();
    go.send(()).unwrap();
    waits.await.unwrap().unwrap();
    assert_eq!(store.get(key()).await.unwrap(), None);
}

/// Asks itself by way of a protocol.
#[actor]
struct Ouroboros(Option<StoreRef>);

#[handlers]
impl Ouroboros {
    #[call]
    async fn ask(&mut self) -> Result<Option<u64>, CallError> {
        self.0.as_ref().expect("it was told").get(key()).await
    }

    #[cast]
    fn tell(&mut self, store: StoreRef) {
        self.0 = Some(store);
    }
}

impl Store for Ouroboros {
    fn get(&self, _: String) -> Option<u64> {
        None
    }

    fn put(&mut self, _: String, _: u64) -> Option<u64> {
        None
    }

    async fn load(&mut self, _: Duration) -> usize {
        let store = self.0.as_ref().expect("it was told");
        match store.get(key()).await {
            Err(CallError::WouldDeadlock { path }) => path.len(),
            _ => 0,
        }
    }

    fn clear(&mut self) {}
}

#[tokio::test(start_paused = true)]
async fn a_ring_through_a_protocol_is_seen() {
    let ouroboros = ghostlight::spawn(Ouroboros(None)).unwrap();
    let store = StoreRef::of(&ouroboros);
    ouroboros.tell(store.clone()).await.unwrap();
    let asked = ouroboros.ask().await.unwrap();
    assert!(matches!(asked, Err(CallError::WouldDeadlock { .. })));
    assert_eq!(store.load(Duration::ZERO).await.unwrap(), 2, "it waits for itself");
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_protocol_wait_through_a_restart() {
    let supervisor = Supervisor::builder(Strategy::OneForOne)
        .child("memory", |_| Memory::child_spec())
        .start()
        .await
        .unwrap();
    let memory = supervisor.child::<Memory>("memory").unwrap();
    let store = StoreRef::of(&memory);
    store.put(key(), 1).await.unwrap();
    store.get("poison".to_owned()).await.unwrap_err();
    assert_eq!(store.get(key()).await.unwrap(), None, "another life answers");
}

#[tokio::test(start_paused = true)]
async fn a_handle_of_a_protocol_keeps_its_actor_alive() {
    let memory = memory();
    let end = memory.monitor();
    let store = StoreRef::of(&memory);
    drop(memory);
    assert!(store.is_alive());
    drop(store);
    assert!(matches!(end.await.reason, ExitReason::Normal));
}

#[tokio::test(start_paused = true)]
async fn a_killed_actor_tells_the_callers_of_a_protocol() {
    let memory = memory();
    let store = StoreRef::of(&memory);
    let load = tokio::spawn(store.load(Duration::from_secs(3)).owned().into_future());
    tokio::task::yield_now().await;
    let get = tokio::spawn(store.get(key()).owned().into_future());
    tokio::task::yield_now().await;
    memory.kill();
    let died = |answer| matches!(answer, Err(CallError::Died(ExitReason::Killed)));
    assert!(died(load.await.unwrap().map(drop)));
    assert!(died(get.await.unwrap().map(drop)));
}

#[test]
fn a_plain_thread_asks_by_a_protocol() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build().unwrap();
    let store = runtime.block_on(async { StoreRef::of(&memory()) });
    store.clear().blocking().unwrap();
    assert_eq!(store.put(key(), 4).blocking().unwrap(), None);
    assert_eq!(store.get(key()).blocking().unwrap(), Some(4));
    store.get(key()).forget().blocking().unwrap();
}

/// A protocol with types of its own.
#[protocol]
pub trait Shelf<K, V>
where
    V: Clone,
{
    /// What `key` stands for.
    #[call]
    fn find(&self, key: K) -> Option<V>;

    /// What the first of `keys` stands for.
    #[call]
    fn first(&self, keys: Vec<K>) -> Option<V> {
        keys.into_iter().find_map(|key| self.find(key))
    }

    /// Adds `value`.
    #[cast]
    async fn add(&mut self, key: K, value: V);
}

/// Extends two protocols.
#[protocol]
pub trait Cache: Store + Shelf<u8, String> + Send {
    /// Makes room.
    #[call]
    fn evict(&mut self) -> usize;
}

impl Shelf<u8, String> for Constant {
    fn find(&self, key: u8) -> Option<String> {
        (u64::from(key) == self.0).then(|| "it".to_owned())
    }

    async fn add(&mut self, key: u8, _: String) {
        self.0 = u64::from(key);
    }
}

impl Cache for Constant {
    fn evict(&mut self) -> usize {
        0
    }
}

#[tokio::test(start_paused = true)]
async fn protocols_are_generic_and_extend_others() {
    let constant = ghostlight::spawn(Constant(7)).unwrap();
    let cache = CacheRef::of(&constant);
    assert_eq!(cache.evict().await.unwrap(), 0);
    assert_eq!(cache.get(key()).await.unwrap(), Some(7));
    let shelf: ShelfRef<u8, String> = cache.clone().into();
    shelf.add(9, String::new()).await.unwrap();
    assert_eq!(shelf.first(vec![7, 8, 9]).await.unwrap().as_deref(), Some("it"));
    let store: StoreRef = cache.into();
    assert_eq!(store.get(key()).await.unwrap(), Some(9));
    assert_eq!(store.pid(), constant.pid());
}

/// Crashes by a cast.
#[protocol]
trait Fragile {
    #[cast]
    fn fail(&mut self) -> Result<(), std::fmt::Error>;
}

impl Fragile for Constant {
    fn fail(&mut self) -> Result<(), std::fmt::Error> {
        Err(std::fmt::Error)
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_cast_crashes_the_actor() {
    let constant = ghostlight::spawn(Constant(7)).unwrap();
    let end = constant.monitor();
    FragileRef::of(&constant).fail().await.unwrap();
    assert!(matches!(end.await.reason, ExitReason::Error(_)));
}

#[tokio::test(start_paused = true)]
async fn a_handle_of_a_name_that_nobody_has_leads_to_nobody() {
    let store = StoreRef::of(&ActorRef::<Memory>::named("nobody"));
    assert!(matches!(store.get(key()).await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_cast_is_an_error_like_any_other() {
    async fn clear(store: StoreRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        store.clear().await?;
        store.clear().try_send()?;
        Ok(())
    }
    let constant = ghostlight::spawn(Constant(7)).unwrap();
    let store = StoreRef::of(&constant);
    constant.stop().await.unwrap();
    assert_eq!(clear(store).await.unwrap_err().to_string(), "the actor is not alive");
}
