//! An actor that does as its script says and tells a log what becomes of it: for the tests of supervisors.

#![allow(dead_code, reason = "no test file needs all of it")]
#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{Strategy, SupervisorBuilder, prelude::*};
use std::{
    io, mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// What happened, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    /// What has happened since this was asked for the last time.
    pub(crate) fn take(&self) -> Vec<String> {
        mem::take(&mut *self.0.lock().unwrap())
    }
}

/// How the lives of a worker go.
#[derive(Debug)]
pub(crate) struct Script {
    name: &'static str,
    log: Log,
    starts: AtomicU32,
    failing: AtomicU32,
    opening: Mutex<Duration>,
    closing: Mutex<Duration>,
}

impl Script {
    pub(crate) fn new(name: &'static str, log: &Log) -> Arc<Self> {
        Arc::new(Self {
            name,
            log: log.clone(),
            starts: AtomicU32::new(0),
            failing: AtomicU32::new(0),
            opening: Mutex::new(Duration::ZERO),
            closing: Mutex::new(Duration::ZERO),
        })
    }

    /// How many lives have been begun, those that failed to begin included.
    pub(crate) fn starts(&self) -> u32 {
        self.starts.load(Ordering::Relaxed)
    }

    /// The next so many lives do not begin.
    pub(crate) fn fail(&self, times: u32) {
        self.failing.store(times, Ordering::Relaxed);
    }

    /// How long it takes from now on to begin a life.
    pub(crate) fn open_in(&self, time: Duration) {
        *self.opening.lock().unwrap() = time;
    }

    /// How long it takes from now on to end a life.
    pub(crate) fn close_in(&self, time: Duration) {
        *self.closing.lock().unwrap() = time;
    }

    /// A child that plays this.
    pub(crate) fn spec(self: &Arc<Self>) -> ChildSpec<Worker> {
        Worker::child_spec(Arc::clone(self))
    }
}

/// Plays a script.
#[actor]
pub(crate) struct Worker {
    script: Arc<Script>,
    life: u32,
    seen: Vec<u32>,
}

#[handlers]
impl Worker {
    #[init]
    pub(crate) async fn open(script: Arc<Script>) -> Result<Self, io::Error> {
        let life = script.starts.fetch_add(1, Ordering::Relaxed) + 1;
        let opening = *script.opening.lock().unwrap();
        if !opening.is_zero() {
            tokio::time::sleep(opening).await;
        }
        let failing = script.failing.load(Ordering::Relaxed);
        if failing > 0 {
            script.failing.store(failing - 1, Ordering::Relaxed);
            script.log.note(format!("{} fails", script.name));
            return Err(io::Error::other(format!("{} is ill", script.name)));
        }
        script.log.note(format!("{} starts", script.name));
        Ok(Self { script, life, seen: vec![] })
    }

    /// Which life this is.
    #[call]
    pub(crate) fn life(&self) -> u32 {
        self.life
    }

    #[cast]
    pub(crate) fn see(&mut self, n: u32) {
        self.seen.push(n);
    }

    #[call]
    pub(crate) fn seen(&self) -> Vec<u32> {
        self.seen.clone()
    }

    #[cast]
    pub(crate) fn crash(&mut self) -> Result<(), io::Error> {
        Err(io::Error::other("crash"))
    }

    #[cast]
    pub(crate) fn end(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[cast]
    pub(crate) async fn hang(&mut self) {
        std::future::pending::<()>().await;
    }

    #[terminate]
    async fn close(&mut self, reason: &ExitReason) {
        self.script.log.note(format!("{} ends: {reason}", self.script.name));
        let closing = *self.script.closing.lock().unwrap();
        if !closing.is_zero() {
            tokio::time::sleep(closing).await;
            self.script.log.note(format!("{} has ended", self.script.name));
        }
    }
}

/// A supervisor of workers, each with its name as id.
pub(crate) fn troupe(strategy: Strategy, scripts: &[&Arc<Script>]) -> SupervisorBuilder {
    let mut troupe = Supervisor::builder(strategy);
    for &script in scripts {
        let script = Arc::clone(script);
        troupe = troupe.child(script.name, move |_| script.spec());
    }
    troupe
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Lets every other task run until it waits: a paused clock moves when all do.
pub(crate) async fn settle() {
    tokio::time::sleep(ms(1)).await;
}

/// What must not take long, in paused time.
pub(crate) async fn soon<F: IntoFuture>(future: F) -> F::Output {
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, future).await.expect("it takes more than a minute")
}
