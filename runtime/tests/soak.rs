//! A large tree under load while its actors are killed at random: nobody waits for ever, and nothing is left when it has ended.
//!
//! Its own binary, with one test, because it counts the bytes of the whole process. `GHOSTLIGHT_SOAK=full` makes it ten times as large and
//! kills 100,000 times in each round.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{ActorRef, Down, DynamicSupervisorRef, Exit, Strategy, SupervisorRef, prelude::*};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    panic,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    runtime::{Builder, Handle},
    task::JoinSet,
};

struct Counting;

/// Bytes that have been allocated and not freed.
static BYTES: AtomicIsize = AtomicIsize::new(0);

#[allow(unsafe_code, reason = "an allocator that counts")]
// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        BYTES.fetch_add(size.cast_signed() - layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller's contract is `System`'s.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// States that have been made and not dropped.
static STATES: AtomicIsize = AtomicIsize::new(0);
/// States that have ever been made.
static LIVES: AtomicU64 = AtomicU64::new(0);

struct Counted;

impl Counted {
    fn new() -> Self {
        STATES.fetch_add(1, Ordering::Relaxed);
        LIVES.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        STATES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers in several ways, and is linked to a neighbour that it monitors.
#[actor(mailbox = 64)]
struct Worker {
    _counted: Counted,
    neighbour: Option<WorkerRef>,
    is_linked: bool,
    is_monitoring: bool,
    kept: Vec<(ReplyTo<u64>, u64)>,
}

#[handlers]
impl Worker {
    #[init]
    fn open(neighbour: Option<WorkerRef>) -> Self {
        Self {
            _counted: Counted::new(),
            neighbour,
            is_linked: false,
            is_monitoring: false,
            kept: vec![],
        }
    }

    #[call]
    fn now(&self, n: u64) -> u64 {
        n
    }

    #[call]
    async fn soon(&mut self, n: u64) -> u64 {
        tokio::task::yield_now().await;
        n
    }

    #[call]
    fn elsewhere(&self, n: u64, reply: ReplyTo<u64>) {
        tokio::spawn(async move {
            tokio::task::yield_now().await;
            reply.send(n);
        });
    }

    /// Answers at the next nudge, if this life sees it.
    #[call]
    fn later(&mut self, n: u64, reply: ReplyTo<u64>) {
        self.kept.push((reply, n));
    }

    #[cast]
    fn nudge(&mut self, ctx: &mut Ctx<Self>) {
        for (reply, n) in self.kept.drain(..) {
            reply.send(n);
        }
        let Some(neighbour) = &self.neighbour else { return };
        if !self.is_linked {
            ctx.link(neighbour);
            self.is_linked = true;
        }
        if !self.is_monitoring {
            ctx.monitor(neighbour);
            self.is_monitoring = true;
        }
    }

    #[cast]
    fn crash(&mut self) {
        // A panic that nobody prints.
        panic::resume_unwind(Box::new("crash"));
    }

    #[cast]
    fn finish(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }

    #[info]
    fn unlinked(&mut self, exit: Exit) {
        drop(exit);
        self.is_linked = false;
    }

    #[info]
    fn is_down(&mut self, down: Down) {
        drop(down);
        self.is_monitoring = false;
    }
}

/// The children of one supervisor of a group.
const GROUP: usize = 8;

struct Size {
    /// Static and dynamic ones, half and half.
    actors: usize,
    kills: u64,
}

/// Xorshift: chance that is the same in each run.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }
}

fn name(at: usize) -> &'static str {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    &NAMES.get_or_init(|| (0..10_000).map(|at| format!("worker {at}")).collect())[at]
}

/// A supervisor of workers of which every second one has a name; each but the first is linked to the one before it.
fn group(first: usize) -> ChildSpec<Supervisor> {
    let strategies = [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne];
    let mut group = Supervisor::builder(strategies[first / GROUP % 3]).intensity(u32::MAX);
    for at in first..first + GROUP {
        group = group.child(name(at), move |siblings| {
            let neighbour = (at > first).then(|| siblings.get::<Worker>(name(at - 1)));
            let spec = Worker::child_spec(neighbour);
            if at % 2 == 0 { spec.name(name(at)) } else { spec }
        });
    }
    group.child_spec()
}

struct Stage {
    root: SupervisorRef,
    groups: Vec<SupervisorRef>,
    sessions: Vec<DynamicSupervisorRef<Worker>>,
    /// The static ones first.
    workers: Mutex<Vec<WorkerRef>>,
    is_over: AtomicBool,
}

impl Stage {
    async fn open(actors: usize) -> Self {
        let groups = actors / 2 / GROUP;
        let mut root = Supervisor::builder(Strategy::OneForOne).intensity(u32::MAX);
        for at in 0..groups {
            root = root.child(format!("group {at}"), move |_| group(at * GROUP));
        }
        for at in 0..4 {
            root = root.child(format!("sessions {at}"), |_| {
                DynamicSupervisor::<Worker>::new().intensity(u32::MAX).child_spec()
            });
        }
        let root = root.start().await.unwrap();
        let group = |at| root.child::<Supervisor>(&format!("group {at}")).unwrap();
        let groups: Vec<_> = (0..groups).map(group).collect();
        let sessions = |at| root.child::<DynamicSupervisor<Worker>>(&format!("sessions {at}"));
        let sessions: Vec<_> = (0..4).map(|at| sessions(at).unwrap()).collect();
        let mut workers = vec![];
        for (at, group) in groups.iter().enumerate() {
            let of_group = at * GROUP..(at + 1) * GROUP;
            workers.extend(of_group.map(|at| group.child::<Worker>(name(at)).unwrap()));
        }
        for at in 0..actors / 2 {
            workers.push(session(&sessions[at % 4], at % workers.len()).await);
        }
        let workers = Mutex::new(workers);
        Self { root, groups, sessions, workers, is_over: AtomicBool::new(false) }
    }

    fn pick(&self, chance: &mut Chance) -> WorkerRef {
        let workers = self.workers.lock().unwrap();
        workers[chance.next(workers.len())].clone()
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }
}

/// A worker under a dynamic supervisor, linked to the one that has a name.
async fn session(sessions: &DynamicSupervisorRef<Worker>, neighbour: usize) -> WorkerRef {
    let neighbour = name(neighbour / 2 * 2);
    let spec = move || {
        let neighbour = ActorRef::<Worker>::named(neighbour).into();
        Worker::child_spec(Some(neighbour)).restart(Restart::Transient)
    };
    sessions.start_child(spec).await.unwrap()
}

#[derive(Debug, Default)]
struct Calls {
    asked: u64,
    answered: u64,
    /// Of the end of the actor.
    told: u64,
}

async fn load(stage: Arc<Stage>, mut chance: Chance) -> Calls {
    let mut calls = Calls::default();
    while stage.goes_on() {
        let worker = stage.pick(&mut chance);
        calls.asked += 1;
        let n = calls.asked;
        let call = match chance.next(8) {
            0..3 => worker.now(n),
            3..5 => worker.soon(n),
            5..7 => worker.elsewhere(n),
            _ => worker.later(n),
        };
        // Without a limit: one that is lost is waited for.
        let call = call.timeout(Duration::MAX).into_future();
        match tokio::join!(call, worker.nudge().into_future()).0 {
            Ok(answer) => {
                assert_eq!(answer, n, "somebody else's answer");
                calls.answered += 1;
            }
            Err(CallError::Died(_) | CallError::NoProc) => calls.told += 1,
            Err(error) => panic!("{error}"),
        }
    }
    calls
}

/// Ends workers in all ways, and now and then a supervisor.
async fn kill(stage: Arc<Stage>, mut chance: Chance, kills: u64) {
    let mut killed = 0;
    while killed < kills {
        let worker = stage.pick(&mut chance);
        killed += u64::from(match chance.next(2) {
            _ if worker.pid().is_none() => false,
            0 => {
                worker.kill();
                true
            }
            _ => worker.crash().try_send().is_ok(),
        });
        if chance.next(2_000) == 0 {
            stage.groups[chance.next(stage.groups.len())].kill();
        }
        // The callers have their turn.
        tokio::task::yield_now().await;
    }
}

/// Ends workers of the dynamic supervisors for good, and starts others.
async fn replace(stage: Arc<Stage>, mut chance: Chance) {
    let first = stage.groups.len() * GROUP;
    while stage.goes_on() {
        let sessions = &stage.sessions[chance.next(stage.sessions.len())];
        let new = session(sessions, chance.next(first)).await;
        let old = {
            let mut workers = stage.workers.lock().unwrap();
            let at = first + chance.next(workers.len() - first);
            std::mem::replace(&mut workers[at], new)
        };
        old.finish().await.unwrap();
        tokio::task::yield_now().await;
    }
}

/// One tree, from its start to its end. Gives what became of the calls.
async fn round(size: &Size) -> Calls {
    let before = LIVES.load(Ordering::Relaxed);
    let stage = Arc::new(Stage::open(size.actors).await);
    let (mut callers, mut killers) = (JoinSet::new(), JoinSet::new());
    for seed in 1..=4 {
        callers.spawn(load(Arc::clone(&stage), Chance(seed)));
    }
    for seed in 1..=2 {
        killers.spawn(kill(Arc::clone(&stage), Chance(seed << 20), size.kills / 2));
    }
    let replacing = tokio::spawn(replace(Arc::clone(&stage), Chance(1 << 40)));
    killers.join_all().await;
    stage.is_over.store(true, Ordering::Relaxed);
    replacing.await.unwrap();

    let workers = stage.workers.lock().unwrap().clone();
    let monitors: Vec<_> = workers.iter().map(|worker| worker.monitor()).collect();
    stage.root.shutdown().await.unwrap();
    let mut calls = Calls::default();
    for Calls { asked, answered, told } in callers.join_all().await {
        calls.asked += asked;
        calls.answered += answered;
        calls.told += told;
    }
    for monitor in monitors {
        monitor.await;
    }
    let lives = LIVES.load(Ordering::Relaxed) - before;
    assert!(lives > size.actors as u64 + size.kills / 2, "{lives} lives: the kills had no effect");
    for worker in &workers {
        assert!(!worker.is_alive() && worker.pid().is_none(), "it outlives its supervisor");
        assert!(worker.nudge().try_send().is_err(), "its mailbox is open");
    }
    for at in 0..size.actors / 2 {
        assert!(!ActorRef::<Worker>::named(name(at)).is_alive(), "its name is still taken");
    }
    let roles: Vec<_> = workers.iter().map(|worker| worker.downgrade()).collect();
    drop((workers, stage));
    assert!(roles.iter().all(|role| role.upgrade().is_none()), "a role is left");
    calls
}

/// Waits for the tasks behind the actors, which end a moment after them. The one that is left watches the limits of the runtime's calls.
async fn settle() {
    while Handle::current().metrics().num_alive_tasks() > 1 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

const ROUNDS: usize = 5;

/// What the pools of the library and of tokio may grow by in the rounds after the second: a few bytes for each kill.
const SLACK: isize = 48 * 1_024;

#[test]
fn a_tree_whose_actors_are_killed_at_random_answers_everybody_and_leaves_nothing() {
    let size = match std::env::var("GHOSTLIGHT_SOAK") {
        Ok(full) if full == "full" => Size { actors: 10_000, kills: 100_000 },
        _ => Size { actors: 1_008, kills: 5_000 },
    };
    name(0);
    let runtime = Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
    let mut left = vec![];
    for _ in 0..ROUNDS {
        let calls = runtime.block_on(async {
            let calls = tokio::spawn({
                let size = Size { ..size };
                async move { round(&size).await }
            });
            let calls = calls.await.unwrap();
            settle().await;
            calls
        });
        assert_eq!(calls.asked, calls.answered + calls.told, "{calls:?}");
        assert!(calls.answered > 0 && calls.told > 0, "{calls:?}");
        assert_eq!(STATES.load(Ordering::Relaxed), 0, "states are left");
        left.push(BYTES.load(Ordering::Relaxed));
    }
    // The first rounds fill the pools.
    let grown = left[ROUNDS - 1] - left[1];
    assert!(grown <= SLACK, "{grown} bytes are left by three rounds: {left:?}");
}
