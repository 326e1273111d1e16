//! Supervisors of partitions.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, PartitionSupervisorRef, SupervisorRef, prelude::*};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use worker::{Log, Script, Worker, WorkerRef, settle, soon, troupe};

const NAMES: [&str; 4] = ["0", "1", "2", "3"];

/// Four partitions, each with a script of its own.
async fn four() -> (PartitionSupervisorRef<Worker>, [Arc<Script>; 4], Log) {
    let log = Log::default();
    let scripts = NAMES.map(|name| Script::new(name, &log));
    let partitions = {
        let scripts = scripts.clone();
        PartitionSupervisor::<Worker>::new(move |partition| scripts[partition].spec())
    };
    (partitions.partitions(4).start().await.unwrap(), scripts, log)
}

/// Which of its children a supervisor shows as running.
async fn running(partitions: &SupervisorRef) -> Vec<String> {
    let children = partitions.which_children().await.unwrap().into_iter();
    children.filter(|child| child.pid.is_some()).map(|child| child.id.into_owned()).collect()
}

fn nth(partitions: &PartitionSupervisorRef<Worker>, partition: usize) -> WorkerRef {
    partitions.partition(partition).unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_partition_is_a_child_with_its_number_as_id() {
    let (partitions, _, log) = four().await;
    assert_eq!(log.take(), ["0 starts", "1 starts", "2 starts", "3 starts"]);
    assert_eq!(running(&partitions).await, NAMES);
    let counts = partitions.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active, counts.workers), (4, 4, 4));
    assert_eq!(partitions.partitions(), 4);
    assert_eq!(partitions.child::<Worker>("2"), partitions.partition(2));
    assert_eq!(partitions.partition(4), None);
    assert!(!partitions.which_child("3").await.unwrap().is_supervisor);
}

#[tokio::test(start_paused = true)]
async fn there_are_as_many_as_threads_can_run_unless_told_otherwise() {
    let script = Script::new("a", &Log::default());
    let threads = std::thread::available_parallelism().unwrap().get();
    let spec = script.clone();
    let partitions = PartitionSupervisor::<Worker>::new(move |_| spec.spec());
    assert_eq!(partitions.start().await.unwrap().partitions(), threads);
    let partitions = PartitionSupervisor::<Worker>::new(move |_| script.spec()).partitions(0);
    assert_eq!(partitions.start().await.unwrap().partitions(), 1, "at least one");
}

#[tokio::test(start_paused = true)]
async fn an_integer_belongs_to_the_partition_of_its_absolute_value() {
    let (partitions, ..) = four().await;
    for (key, expected) in [(0, 0), (5, 1), (-5, 1), (i64::MIN, 0), (7, 3)] {
        assert_eq!(partitions.route(&key), nth(&partitions, expected), "{key}");
    }
    assert_eq!(partitions.route(&6_u8), nth(&partitions, 2));
}

#[tokio::test(start_paused = true)]
async fn other_keys_belong_where_their_hash_says_always() {
    let (partitions, ..) = four().await;
    let mut found = [false; 4];
    for n in 0..64 {
        let key = format!("user {n}");
        let partition = partitions.route(&key);
        assert_eq!(partition, partitions.clone().route(key.as_str()));
        let at = (0..4).find(|at| nth(&partitions, *at) == partition).unwrap();
        found[at] = true;
    }
    assert_eq!(found, [true; 4]);
}

#[tokio::test(start_paused = true)]
async fn a_partition_that_crashes_is_restarted_alone() {
    let (partitions, scripts, _) = four().await;
    let partition = partitions.route(&2);
    partition.kill();
    assert_eq!(soon(partition.life()).await.unwrap(), 2);
    assert_eq!(partitions.route(&2), partition);
    assert_eq!(scripts.map(|script| script.starts()), [1, 1, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn partitions_share_the_intensity_and_it_may_be_changed() {
    let script = Script::new("a", &Log::default());
    let partitions = PartitionSupervisor::<Worker>::new(move |_| script.spec());
    let partitions = partitions.partitions(2).intensity(1).start().await.unwrap();
    let key = partitions.route(&0);
    for key in [0, 1] {
        partitions.route(&key).kill();
        settle().await;
    }
    assert!(!partitions.is_alive());
    assert!(matches!(key.life().await, Err(CallError::NoProc)));
    assert!(matches!(partitions.route(&0).life().await, Err(CallError::NoProc)));
}

#[tokio::test(start_paused = true)]
async fn fewer_partitions_end_the_last_ones_and_keys_go_to_the_others() {
    let (partitions, _, log) = four().await;
    let gone = partitions.route(&3);
    log.take();
    assert_eq!(partitions.resize(2).await.unwrap(), 4);
    assert_eq!(log.take(), ["3 ends: shutdown", "2 ends: shutdown"]);
    assert_eq!(partitions.partitions(), 2);
    assert_eq!(partitions.route(&3), nth(&partitions, 1));
    assert_eq!(partitions.partition(2), None);
    assert!(matches!(gone.life().await, Err(CallError::NoProc)));
    let counts = partitions.count_children().await.unwrap();
    assert_eq!((counts.specs, counts.active), (4, 2), "the specs stay");
}

#[tokio::test(start_paused = true)]
async fn more_partitions_start_again_in_their_roles() {
    let (partitions, scripts, _) = four().await;
    let third = partitions.route(&3);
    partitions.resize(1).await.unwrap();
    assert_eq!(partitions.resize(4).await.unwrap(), 1);
    assert_eq!(partitions.route(&3), third);
    assert_eq!(third.life().await.unwrap(), 2);
    assert_eq!(partitions.resize(4).await.unwrap(), 4, "the same is no error");
    assert_eq!(scripts.map(|script| script.starts()), [1, 2, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn there_are_no_more_than_there_were_at_first() {
    let (partitions, ..) = four().await;
    partitions.resize(3).await.unwrap();
    let refused = partitions.resize(5).await;
    assert!(matches!(refused, Err(ChildError::MaxChildren)), "{refused:?}");
    assert_eq!(partitions.partitions(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_partitions_a_key_leads_to_nobody() {
    let (partitions, ..) = four().await;
    assert_eq!(partitions.resize(0).await.unwrap(), 4);
    assert!(matches!(partitions.route(&1).life().await, Err(CallError::NoProc)));
    assert!(matches!(partitions.route("ghost").see(1).await, Err(CastError::NoProc(_))));
    assert_eq!(partitions.partition(0), None);
    partitions.resize(1).await.unwrap();
    assert_eq!(partitions.route("ghost").life().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_partition_that_does_not_start_again_is_where_growing_ends() {
    let (partitions, scripts, _) = four().await;
    partitions.resize(0).await.unwrap();
    scripts[2].fail(1);
    let failed = partitions.resize(4).await;
    assert!(matches!(failed, Err(ChildError::Start(_))), "{failed:?}");
    assert_eq!(partitions.partitions(), 2);
    assert_eq!(running(&partitions).await, ["0", "1"]);
    assert_eq!(partitions.resize(4).await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_at_first_keeps_the_supervisor_from_starting() {
    let log = Log::default();
    let [a, b] = ["a", "b"].map(|name| Script::new(name, &log));
    b.fail(1);
    let partitions =
        PartitionSupervisor::<Worker>::new(
            move |partition| {
                if partition == 0 { a.spec() } else { b.spec() }
            },
        );
    assert!(partitions.partitions(2).start().await.is_err());
    assert_eq!(log.take(), ["a starts", "b fails", "a ends: shutdown"]);
}

struct House {
    starts: Arc<AtomicUsize>,
    script: Arc<Script>,
}

#[supervisor(strategy = one_for_all)]
impl House {
    #[child]
    fn workers(&self) -> ChildSpec<PartitionSupervisor<Worker>> {
        self.starts.fetch_add(1, Ordering::Relaxed);
        let script = self.script.clone();
        PartitionSupervisor::new(move |_| script.spec()).partitions(3).child_spec()
    }

    #[child]
    fn user(&self, workers: PartitionSupervisorRef<Worker>) -> ChildSpec<User> {
        User::child_spec(workers)
    }
}

/// Asks a worker.
#[actor]
struct User {
    workers: PartitionSupervisorRef<Worker>,
}

#[handlers]
impl User {
    #[init]
    async fn open(workers: PartitionSupervisorRef<Worker>) -> Result<Self, CallError> {
        workers.route(&7).life().await?;
        Ok(Self { workers })
    }

    #[call]
    async fn ask(&mut self, key: i32) -> Result<u32, CallError> {
        self.workers.route(&key).life().await
    }
}

#[tokio::test(start_paused = true)]
async fn in_a_tree_its_handle_survives_its_restart_which_brings_all_partitions_back() {
    assert!(House::tree().to_string().contains("one child for each partition"));
    let log = Log::default();
    let starts = Arc::default();
    let house = House { starts: Arc::clone(&starts), script: Script::new("a", &log) };
    let house = house.start().await.unwrap();
    let workers = house.workers();
    let first = workers.route(&1);
    assert_eq!(house.user().ask(1).await.unwrap().unwrap(), 2);
    workers.resize(1).await.unwrap();
    house.user().kill();
    settle().await;
    assert_eq!(starts.load(Ordering::Relaxed), 2);
    assert_eq!(workers.partitions(), 3);
    assert_eq!(workers.route(&1), first);
    assert!(first.life().await.is_ok());
    assert!(house.user().ask(2).await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn partitions_may_be_supervisors_themselves() {
    let sessions = PartitionSupervisor::<DynamicSupervisor<Worker>>::new(|_| {
        DynamicSupervisor::new().child_spec()
    });
    let sessions = sessions.partitions(2).start().await.unwrap();
    let script = Script::new("a", &Log::default());
    let worker = sessions.route("ann").start_child(move || script.spec()).await.unwrap();
    assert_eq!(worker.life().await.unwrap(), 1);
    assert_eq!(sessions.count_children().await.unwrap().supervisors, 2);
}

#[tokio::test(start_paused = true)]
async fn by_name_it_is_whoever_has_the_name() {
    let named = || PartitionSupervisorRef::<Worker>::from(ghostlight::ActorRef::named("workers"));
    let handle = named();
    assert_eq!(handle.partitions(), 0);
    assert!(matches!(handle.route(&1).life().await, Err(CallError::NoProc)));
    for partitions in [2, 3] {
        let script = Script::new("a", &Log::default());
        let workers = PartitionSupervisor::<Worker>::new(move |_| script.spec());
        let workers = workers.partitions(partitions).start().name("workers").await.unwrap();
        assert_eq!(handle.partitions(), partitions);
        assert!(handle.route(&1).life().await.is_ok());
        assert!(handle.clone().partition(partitions - 1).is_some());
        workers.shutdown().await.unwrap();
        settle().await;
    }
}

/// Looks at a tree that starts after it.
#[actor]
struct Curious;

#[handlers]
impl Curious {
    #[init]
    fn open(seen: Arc<Mutex<Option<bool>>>, house: SupervisorRef) -> Self {
        let later = house.child::<Supervisor>("later").unwrap();
        *seen.lock().unwrap() = Some(later.child::<Worker>("a").is_some());
        Self
    }

    #[call]
    fn is_there(&self) {}
}

#[tokio::test(start_paused = true)]
async fn who_asks_a_tree_for_its_children_before_it_starts_does_no_harm() {
    let script = Script::new("a", &Log::default());
    let seen = Arc::new(Mutex::new(None));
    let asked = Arc::clone(&seen);
    let house = Supervisor::builder(Strategy::OneForOne)
        .child("curious", move |_| {
            let house = SupervisorRef::from(ghostlight::ActorRef::named("house"));
            Curious::child_spec(Arc::clone(&asked), house)
        })
        .child("later", move |_| troupe(Strategy::OneForOne, &[&script]).child_spec())
        .start()
        .name("house")
        .await
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), Some(false), "it has none yet");
    let later = house.child::<Supervisor>("later").unwrap();
    let worker = later.child::<Worker>("a").unwrap();
    assert_eq!(worker.life().await.unwrap(), 1);
    house.child::<Curious>("curious").unwrap().is_there().await.unwrap();
}
