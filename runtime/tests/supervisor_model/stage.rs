//! The library's tree: started as planned, and asked what has become of it.

use super::{
    model::{Answer, Event, What},
    plan::{Kind, Limit, Tree, Why},
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
    fn open(script: Arc<Script>) -> Result<Self, io::Error> {
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

/// A tree that plays.
pub(crate) struct Stage {
    actors: Vec<Actor>,
    pub(crate) log: Log,
}

/// What has become of an actor since it was looked at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) lives: bool,
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
        let script = |node| Script { node, log: log.clone(), failing: AtomicU32::new(0) };
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

    pub(crate) async fn terminate_child(&self, parent: usize, at: usize, id: usize) -> Answer {
        let answer = match &self.actors[parent].handle {
            Handle::Static(parent) => parent.terminate_child(&id.to_string()).await,
            Handle::Dynamic(parent) => match self.actors[at].pid {
                Some(pid) => parent.terminate_child(pid).await,
                // It never lived, so that there is no pid to ask by.
                None => parent
                    .which_children()
                    .await
                    .map_err(ChildError::from)
                    .and(Err(ChildError::NotFound)),
            },
            Handle::Worker(_) | Handle::None => unreachable!("no parent"),
        };
        self.answer(answer)
    }

    pub(crate) async fn restart_child(&self, parent: usize, id: usize) -> Answer {
        let answer = self.supervisor(parent).restart_child(&id.to_string()).await;
        self.answer(answer)
    }

    pub(crate) async fn delete_child(&self, parent: usize, id: usize) -> Answer {
        self.answer(self.supervisor(parent).delete_child(&id.to_string()).await)
    }

    pub(crate) async fn start_child(
        &mut self,
        parent: usize,
        id: usize,
        restart: Restart,
        fails: bool,
    ) -> Answer {
        let failing = AtomicU32::new(u32::from(fails));
        let script = Arc::new(Script { node: self.actors.len(), log: self.log.clone(), failing });
        let played = Arc::clone(&script);
        let spec = move || played.spec(restart);
        let started = match &self.actors[parent].handle {
            Handle::Static(parent) => parent.start_child(id.to_string(), spec).await,
            Handle::Dynamic(parent) => parent.start_child(spec).await,
            Handle::Worker(_) | Handle::None => unreachable!("no parent"),
        };
        let (handle, answer) = match started {
            Ok(worker) => (Handle::Worker(worker), Ok(())),
            Err(error) => (Handle::None, Err(error)),
        };
        self.actors.push(Actor { handle, script, pid: None, end: None });
        self.answer(answer)
    }

    fn answer<T>(&self, answer: Result<T, ChildError>) -> Answer {
        match answer {
            Ok(_) => Answer::Done,
            Err(ChildError::NotFound) => Answer::NotFound,
            Err(ChildError::Running) => Answer::Running,
            Err(ChildError::AlreadyStarted(pid)) => Answer::AlreadyStarted(self.whose(pid)),
            Err(ChildError::AlreadyPresent) => Answer::AlreadyPresent,
            Err(ChildError::Start(StartError::Init(_))) => Answer::NotStarted,
            Err(ChildError::Supervisor(CallError::NoProc)) => Answer::NoSupervisor,
            Err(_) => Answer::Other,
        }
    }

    fn supervisor(&self, at: usize) -> &SupervisorRef {
        match &self.actors[at].handle {
            Handle::Static(supervisor) => supervisor,
            Handle::Dynamic(supervisor) => supervisor,
            Handle::Worker(_) | Handle::None => unreachable!("no parent"),
        }
    }

    fn whose(&self, pid: Pid) -> Option<usize> {
        self.actors.iter().position(|actor| actor.handle.pid() == Some(pid))
    }

    pub(crate) async fn count(&self, at: usize) -> Option<Counts> {
        self.supervisor(at).count_children().await.ok()
    }

    /// The ids of the children of a static supervisor, and which of the nodes live in their roles.
    pub(crate) async fn children(&self, at: usize) -> Option<Vec<(String, Option<usize>)>> {
        let children = self.supervisor(at).which_children().await.ok()?;
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
        Sight { lives: pid.is_some(), is_new, ended }
    }

    pub(crate) async fn shutdown(&self) {
        _ = self.supervisor(0).shutdown().await;
    }
}
