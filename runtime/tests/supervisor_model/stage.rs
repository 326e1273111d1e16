//! The library's tree: started as planned, and asked what has become of it.

use super::{
    model::{Answer, Event, What},
    plan::{Also, Kind, Limit, Tree, Why},
};
use ghostlight::{
    ChildError, Counts, DynamicSupervisorRef, Monitor, Pid, SupervisorBuilder, SupervisorRef,
    prelude::*,
};
use std::{
    io, mem, panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Semaphore, task::JoinHandle};

#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Event>>>);

impl Log {
    fn note(&self, node: usize, what: What) {
        self.0.lock().unwrap().push(Event { node, what });
    }

    pub(crate) fn take(&self) -> Vec<Event> {
        mem::take(&mut *self.0.lock().unwrap())
    }
}

/// What a worker is told from outside its lives.
#[derive(Debug)]
pub(crate) struct Script {
    node: usize,
    log: Log,
    failing: AtomicU32,
    /// Nobody starts before it has a permit.
    gate: Option<Semaphore>,
}

impl Script {
    fn spec(self: &Arc<Self>, restart: Restart) -> ChildSpec<Worker> {
        Worker::child_spec(Arc::clone(self)).restart(restart)
    }
}

#[actor]
pub(crate) struct Worker {
    script: Arc<Script>,
}

#[handlers]
impl Worker {
    #[init]
    async fn open(script: Arc<Script>) -> Result<Self, io::Error> {
        if let Some(gate) = &script.gate {
            drop(gate.acquire().await);
        }
        let less = |failing: u32| failing.checked_sub(1);
        if script.failing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok() {
            script.log.note(script.node, What::Fails);
            return Err(io::Error::other("does not start"));
        }
        script.log.note(script.node, What::Starts);
        Ok(Self { script })
    }

    #[cast]
    fn end(&mut self, why: Why, ctx: &mut Ctx<Self>) -> Result<(), io::Error> {
        match why {
            Why::Normal => ctx.stop(ExitReason::Normal),
            Why::Shutdown => ctx.stop(ExitReason::Shutdown),
            Why::Crash => return Err(io::Error::other("crash")),
            // A panic that nobody prints.
            Why::Panic => panic::resume_unwind(Box::new("panic")),
            Why::Killed => ctx.me().kill(),
        }
        Ok(())
    }

    #[terminate]
    fn close(&mut self, reason: &ExitReason) {
        self.script.log.note(self.script.node, What::Ends(why(reason)));
    }
}

fn why(reason: &ExitReason) -> Why {
    match reason {
        ExitReason::Normal => Why::Normal,
        ExitReason::Shutdown => Why::Shutdown,
        ExitReason::Killed => Why::Killed,
        ExitReason::Panic(_) => Why::Panic,
        _ => Why::Crash,
    }
}

/// A handle to a node.
#[derive(Clone)]
pub(crate) enum Handle {
    Worker(WorkerRef),
    Static(SupervisorRef),
    Dynamic(DynamicSupervisorRef<Worker>),
    /// It was never started.
    None,
}

impl Handle {
    pub(crate) fn pid(&self) -> Option<Pid> {
        match self {
            Self::Worker(worker) => worker.pid(),
            Self::Static(supervisor) => supervisor.pid(),
            Self::Dynamic(supervisor) => supervisor.pid(),
            Self::None => None,
        }
    }

    fn is_alive(&self) -> bool {
        match self {
            Self::Worker(worker) => worker.is_alive(),
            Self::Static(supervisor) => supervisor.is_alive(),
            Self::Dynamic(supervisor) => supervisor.is_alive(),
            Self::None => false,
        }
    }

    fn supervisor(&self) -> &SupervisorRef {
        match self {
            Self::Static(supervisor) => supervisor,
            Self::Dynamic(supervisor) => supervisor,
            Self::Worker(_) | Self::None => unreachable!("no supervisor"),
        }
    }

    async fn ask(&self, also: Also, id: usize, pid: Option<Pid>) -> Result<(), ChildError> {
        let (supervisor, id) = (self.supervisor(), id.to_string());
        match (also, self) {
            (Also::Terminate, Self::Dynamic(dynamic)) => match pid {
                Some(pid) => dynamic.terminate_child(pid).await,
                // It never lived.
                None => supervisor.terminate_child(&id).await,
            },
            (Also::Terminate, _) => supervisor.terminate_child(&id).await,
            (Also::Restart, _) => supervisor.restart_child(&id).await.map(drop),
            (Also::Delete, _) => supervisor.delete_child(&id).await,
            (Also::Kill, _) => unreachable!("nobody is asked"),
        }
    }

    async fn start_child(
        &self,
        id: usize,
        restart: Restart,
        script: &Arc<Script>,
    ) -> Result<WorkerRef, ChildError> {
        let script = Arc::clone(script);
        let spec = move || script.spec(restart);
        match self {
            Self::Dynamic(dynamic) => dynamic.start_child(spec).await,
            _ => self.supervisor().start_child(id.to_string(), spec).await,
        }
    }

    fn monitor(&self) -> Option<Monitor> {
        match self {
            Self::Worker(worker) => Some(worker.monitor()),
            Self::Static(supervisor) => Some(supervisor.monitor()),
            Self::Dynamic(supervisor) => Some(supervisor.monitor()),
            Self::None => None,
        }
    }
}

/// A node, as it was seen last.
struct Actor {
    handle: Handle,
    script: Arc<Script>,
    /// Its last life that was seen.
    pid: Option<Pid>,
    /// Of the life that it had when it was looked at.
    end: Option<Monitor>,
}

/// A supervisor that starts a child.
pub(crate) struct Busy {
    script: Arc<Script>,
    start: JoinHandle<Result<WorkerRef, ChildError>>,
}

/// Lets everything come to rest: a paused clock moves when all wait.
pub(crate) async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// A tree that plays.
pub(crate) struct Stage {
    actors: Vec<Actor>,
    pub(crate) log: Log,
}

/// What has become of an actor since it was looked at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) lives: bool,
    /// What is sent to it is taken.
    pub(crate) is_open: bool,
    /// It has another life.
    pub(crate) is_new: bool,
    /// Why the life ended that it had.
    pub(crate) ended: Option<Why>,
}

fn limited(builder: SupervisorBuilder, limit: Limit) -> SupervisorBuilder {
    builder.intensity(limit.intensity).period(Duration::from_secs(limit.period))
}

fn troupe(tree: &Arc<Tree>, scripts: &Arc<[Arc<Script>]>, at: usize) -> SupervisorBuilder {
    let Kind::Static(strategy, limit) = tree.nodes[at].kind else { unreachable!("no parent") };
    let mut troupe = limited(Supervisor::builder(strategy), limit);
    for &child in &tree.nodes[at].children {
        let restart = tree.nodes[child].restart;
        let id = child.to_string();
        troupe = match tree.nodes[child].kind {
            Kind::Worker => {
                let script = Arc::clone(&scripts[child]);
                troupe.child(id, move |_| script.spec(restart))
            }
            Kind::Static(..) => {
                let (tree, scripts) = (Arc::clone(tree), Arc::clone(scripts));
                troupe.child(id, move |_| {
                    self::troupe(&tree, &scripts, child).child_spec().restart(restart)
                })
            }
            Kind::Dynamic(Limit { intensity, period }) => troupe.child(id, move |_| {
                let dynamic = DynamicSupervisor::<Worker>::new().intensity(intensity);
                dynamic.period(Duration::from_secs(period)).child_spec().restart(restart)
            }),
        };
    }
    troupe
}

impl Stage {
    pub(crate) async fn open(tree: &Tree) -> Self {
        let log = Log::default();
        let script =
            |node| Script { node, log: log.clone(), failing: AtomicU32::new(0), gate: None };
        let scripts: Arc<[_]> = (0..tree.nodes.len()).map(|node| Arc::new(script(node))).collect();
        let root = troupe(&Arc::new(tree.clone()), &scripts, 0).start().await.unwrap();
        let mut handles = vec![Handle::Static(root)];
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            let Handle::Static(parent) = &handles[node.parent.unwrap()] else {
                unreachable!("the parent of all is static")
            };
            let id = at.to_string();
            handles.push(match node.kind {
                Kind::Worker => Handle::Worker(parent.child::<Worker>(&id).unwrap()),
                Kind::Static(..) => Handle::Static(parent.child::<Supervisor>(&id).unwrap()),
                Kind::Dynamic(_) => {
                    Handle::Dynamic(parent.child::<DynamicSupervisor<Worker>>(&id).unwrap())
                }
            });
        }
        let actor = |(handle, script): (Handle, &Arc<Script>)| Actor {
            handle,
            script: Arc::clone(script),
            pid: None,
            end: None,
        };
        Self { actors: handles.into_iter().zip(scripts.iter()).map(actor).collect(), log }
    }

    /// Says whether the worker could be told.
    pub(crate) fn end(&self, at: usize, why: Why) -> bool {
        match &self.actors[at].handle {
            Handle::Worker(worker) => worker.end(why).try_send().is_ok(),
            _ => false,
        }
    }

    pub(crate) fn kill(&self, at: usize) {
        match &self.actors[at].handle {
            Handle::Worker(worker) => worker.kill(),
            Handle::Static(supervisor) => supervisor.kill(),
            Handle::Dynamic(supervisor) => supervisor.kill(),
            Handle::None => {}
        }
    }

    pub(crate) fn fail(&self, at: usize, times: u32) {
        self.actors[at].script.failing.store(times, Ordering::Relaxed);
    }

    /// The supervisor is asked about a child with this id; a dynamic one by the pid that it had last.
    pub(crate) async fn ask(&self, parent: usize, also: Also, at: usize, id: usize) -> Answer {
        self.answer(&self.actors[parent].handle.ask(also, id, self.actors[at].pid).await)
    }

    pub(crate) async fn start_child(
        &mut self,
        parent: usize,
        id: usize,
        restart: Restart,
        fails: bool,
    ) -> Answer {
        let failing = AtomicU32::new(u32::from(fails));
        let (node, log) = (self.actors.len(), self.log.clone());
        let script = Arc::new(Script { node, log, failing, gate: None });
        let started = self.actors[parent].handle.start_child(id, restart, &script).await;
        self.add(script, started)
    }

    fn add(&mut self, script: Arc<Script>, started: Result<WorkerRef, ChildError>) -> Answer {
        let (handle, answer) = match started {
            Ok(worker) => (Handle::Worker(worker), Ok(())),
            Err(error) => (Handle::None, Err(error)),
        };
        self.actors.push(Actor { handle, script, pid: None, end: None });
        self.answer(&answer)
    }

    /// The supervisor starts one more child, until its gate is opened.
    pub(crate) async fn keep_busy(&mut self, parent: usize) -> Busy {
        let (node, log) = (self.actors.len(), self.log.clone());
        let gate = Some(Semaphore::new(0));
        let script = Arc::new(Script { node, log, failing: AtomicU32::new(0), gate });
        let (parent, played) = (self.actors[parent].handle.clone(), Arc::clone(&script));
        let start = async move { parent.start_child(node, Restart::Temporary, &played).await };
        let busy = Busy { script, start: tokio::spawn(start) };
        settle().await;
        busy
    }

    /// What comes while the supervisor is busy; then it is not any more.
    pub(crate) async fn kill_and(
        &mut self,
        busy: Busy,
        (parent, at): (usize, usize),
        also: Also,
        (other, id): (usize, usize),
    ) -> Option<Answer> {
        self.kill(at);
        settle().await;
        let mut asked = None;
        if also == Also::Kill {
            self.kill(other);
        } else {
            let (parent, pid) = (self.actors[parent].handle.clone(), self.actors[other].pid);
            asked = Some(tokio::spawn(async move { parent.ask(also, id, pid).await }));
        }
        settle().await;
        let Busy { script, start } = busy;
        script.gate.as_ref().unwrap().close();
        let started = start.await.unwrap();
        self.add(script, started);
        match asked {
            None => None,
            Some(asked) => Some(self.answer(&asked.await.unwrap())),
        }
    }

    fn answer(&self, answer: &Result<(), ChildError>) -> Answer {
        match answer {
            Ok(()) => Answer::Done,
            Err(ChildError::NotFound) => Answer::NotFound,
            Err(ChildError::Restarting) => Answer::Restarting,
            Err(ChildError::Running) => Answer::Running,
            Err(ChildError::AlreadyStarted(pid)) => Answer::AlreadyStarted(self.whose(*pid)),
            Err(ChildError::AlreadyPresent) => Answer::AlreadyPresent,
            Err(ChildError::Start(StartError::Init(_))) => Answer::NotStarted,
            Err(ChildError::Supervisor(CallError::NoProc | CallError::Died(_))) => {
                Answer::NoSupervisor
            }
            Err(_) => Answer::Other,
        }
    }

    fn whose(&self, pid: Pid) -> Option<usize> {
        self.actors.iter().position(|actor| actor.handle.pid() == Some(pid))
    }

    pub(crate) async fn count(&self, at: usize) -> Option<Counts> {
        self.actors[at].handle.supervisor().count_children().await.ok()
    }

    /// The ids of the children of a static supervisor, and which of the nodes live in their roles.
    pub(crate) async fn children(&self, at: usize) -> Option<Vec<(String, Option<usize>)>> {
        let children = self.actors[at].handle.supervisor().which_children().await.ok()?;
        let seen = |child: ghostlight::ChildInfo| {
            (child.id.into_owned(), child.pid.and_then(|pid| self.whose(pid)))
        };
        Some(children.into_iter().map(seen).collect())
    }

    pub(crate) async fn look(&mut self, at: usize) -> Sight {
        let actor = &mut self.actors[at];
        let pid = actor.handle.pid();
        let is_new = pid.is_some() && pid != actor.pid;
        let mut ended = None;
        if (is_new || pid.is_none())
            && let Some(end) = actor.end.take()
        {
            ended = Some(why(&end.await.reason));
        }
        if is_new {
            actor.end = actor.handle.monitor();
            actor.pid = pid;
        }
        Sight { lives: pid.is_some(), is_open: actor.handle.is_alive(), is_new, ended }
    }

    pub(crate) async fn shutdown(&self) {
        _ = self.actors[0].handle.supervisor().shutdown().await;
    }
}
