//! The children of a supervisor's life: how they are started, and ended.

use super::{
    ChildError, ChildNotStarted, Drained, DrainedChild, Tree,
    backoff::Waits,
    child::{Child, State},
    child_spec::Starting,
    children::Children,
    ending::{self, Ending},
    intensity::Intensity,
    plan::{self, Plan, Planned, Siblings, SupervisorOptions},
    report::Context,
    restart::Turn,
};
use crate::{
    ExitReason, Pid, Restart, StartError,
    cell::{Process, core::Fate, frame, role::ChildRole, shield::let_go, waits::Wait},
    link::Peer,
    node::Node,
};
use std::{borrow::Cow, collections::HashSet, mem, sync::Arc};
use tokio::{sync::oneshot, time::Instant};

/// The children of one life of a supervisor.
pub(super) struct Family {
    /// What reports call the supervisor.
    pub(super) supervisor: &'static str,
    pub(super) options: SupervisorOptions,
    pub(super) intensity: Intensity,
    /// Of restarts of groups.
    pub(super) waits: Waits,
    /// The last restart that waited, or waits.
    pub(super) turn: Turn,
    /// The supervisor's life: the parent of its children's.
    me: (Pid, Peer),
    node: Arc<Node>,
    siblings: Siblings,
    /// In the order in which they start.
    pub(super) children: Children,
    pub(super) is_dynamic: bool,
    max_children: usize,
    pub(super) crashes: u64,
    pub(super) restarts: u64,
}

impl Family {
    pub(super) fn new(plan: Plan, me: (Pid, Peer), process: &Arc<dyn Process>) -> Self {
        let Plan { supervisor, options, children: planned, is_dynamic, max_children } = plan;
        let node = &process.header().node;
        let roles = process.header().children(|last| plan::roles(&planned, last, node, &me.1));
        roles.use_first(roles.len());
        let mut family = Self {
            supervisor,
            options,
            intensity: Intensity::new(options.intensity, options.period),
            waits: Waits::default(),
            turn: Turn::default(),
            me,
            node: Arc::clone(node),
            siblings: Siblings { roles: Arc::clone(&roles) },
            children: Children::default(),
            is_dynamic,
            max_children,
            crashes: 0,
            restarts: 0,
        };
        for (planned, role) in planned.into_iter().zip(roles.iter()) {
            role.process.reopen(); // it is to live again, if it had ended for good
            family.children.push(Child::new(planned, Arc::clone(&role.process), false));
        }
        for role in roles.retired() {
            role.process.set_fate(Fate::Closes);
            role.process.close(&ExitReason::Shutdown);
        }
        family
    }

    /// Adds a child with a role of its own, which ends with it.
    fn add(&mut self, planned: Planned) {
        let ChildRole { process, .. } = planned.role(&self.node, &self.me.1);
        self.children.push(Child::new(planned, process, true));
    }

    /// An id that two children have.
    pub(super) fn duplicate(&self) -> Option<Cow<'static, str>> {
        let mut ids = HashSet::new();
        let twice = self.children.iter().find(|child| !ids.insert(&child.id))?;
        Some(twice.id.clone())
    }

    /// Starts all children, in order; if one does not start, ends those before it. `fate` is what becomes of their roles then.
    pub(super) async fn start_all(&mut self, fate: Fate) -> Result<(), ChildNotStarted> {
        let mut at = 0;
        while at < self.children.len() {
            match self.start(at).await {
                Ok(pid) => self.report_start(&self.children[at], pid),
                Err(StartError::Ignored) => {
                    self.stay_stopped(at);
                    if self.children[at].restart == Restart::Temporary {
                        self.remove(at);
                        continue;
                    }
                }
                Err(error) => {
                    let child = &self.children[at];
                    self.report(Context::StartError, child, None, &error);
                    let id = child.id.clone();
                    self.stop_all(fate).await;
                    return Err(ChildNotStarted { child: id, error });
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// The child did not want to live: it stays as it is until somebody asks for it.
    pub(super) fn stay_stopped(&mut self, at: usize) {
        let child = &mut self.children[at];
        child.state = State::Stopped;
        child.process.set_fate(Fate::Closes);
        child.close();
    }

    /// Adds a child, and starts it. One that does not start is forgotten.
    pub(super) async fn start_new(
        &mut self,
        planned: Planned,
    ) -> Result<Arc<dyn Process>, StartError> {
        self.add(planned);
        let at = self.children.len() - 1;
        let started = self.start(at).await;
        match started {
            Ok(pid) => {
                let child = &self.children[at];
                self.report_start(child, pid);
                Ok(Arc::clone(&child.process))
            }
            Err(StartError::Ignored) if !self.is_dynamic => {
                let process = Arc::clone(&self.children[at].process);
                self.stay_stopped(at);
                if self.children[at].restart == Restart::Temporary {
                    self.remove(at);
                }
                Ok(process)
            }
            Err(error) => {
                self.children.remove(at);
                Err(error)
            }
        }
    }

    /// The child with this id, if it has ended and is not about to be restarted.
    pub(super) fn at_rest(&self, id: &str) -> Result<usize, ChildError> {
        let at = self.position(id).ok_or(ChildError::NotFound)?;
        match self.children[at].state {
            State::Stopped => Ok(at),
            State::Running(_) => Err(ChildError::Running),
            State::Restarting(_) => Err(ChildError::Restarting),
        }
    }

    /// Starts a child that has ended. One that does not start is as it was.
    pub(super) async fn start_again(&mut self, at: usize) -> Result<Pid, StartError> {
        let started = self.start(at).await;
        let child = &self.children[at];
        if let Ok(pid) = &started {
            self.report_start(child, *pid);
        } else {
            child.process.set_fate(Fate::Closes);
            child.close();
        }
        started
    }

    /// Ends a child for good, or until it is started again.
    pub(super) async fn terminate(&mut self, at: usize) {
        let waits = matches!(self.children[at].state, State::Restarting(_));
        if let Some(drained) = self.stop(at, Fate::Closes).await {
            self.report_dropped(&drained);
        }
        if waits && self.options.backoff.is_none() {
            self.give_up_group();
        }
        if self.is_dynamic || self.children[at].restart == Restart::Temporary {
            self.remove(at);
        }
    }

    /// The restart of a group has come to nothing: those of it that were to be started after the one that was ended are not.
    fn give_up_group(&mut self) {
        for at in 0..self.children.len() {
            let child = &self.children[at];
            if child.state == State::Stopped && child.process.fate() == Fate::Vacates {
                self.stay_stopped(at);
            }
        }
    }

    /// Ends the last partitions, or starts them again, so that there are so many. Gives how many there were.
    pub(super) async fn use_first(&mut self, partitions: usize) -> Result<usize, ChildError> {
        let roles = Arc::clone(&self.siblings.roles);
        let before = roles.in_use();
        if partitions > roles.len() {
            return Err(ChildError::MaxChildren);
        }
        // Keys go elsewhere before the partitions that they belonged to end.
        roles.use_first(before.min(partitions));
        for role in roles[before.min(partitions)..before].iter().rev() {
            if let Some(at) = self.position(&role.id) {
                self.terminate(at).await;
            }
        }
        for (index, role) in roles.iter().enumerate().take(partitions).skip(before) {
            let at = self.position(&role.id).ok_or(ChildError::NotFound)?;
            if self.children[at].state == State::Stopped {
                self.start_again(at).await?;
            }
            roles.use_first(index + 1);
        }
        Ok(before)
    }

    /// The supervisor, without its children.
    pub(super) fn describe(&self) -> Tree {
        let options = match self.restarts {
            _ if !self.is_dynamic => self.options.to_string(),
            0 => String::new(),
            // Those of children that have gone, too.
            restarts => format!("{restarts} restarts of its children"),
        };
        Tree::new(self.supervisor, options)
    }

    pub(super) fn is_full(&self) -> bool {
        self.children.len() >= self.max_children
    }

    /// The child with this id. Those of a dynamic supervisor have none.
    pub(super) fn position(&self, id: &str) -> Option<usize> {
        if self.is_dynamic {
            return None;
        }
        self.children.position_by_id(id)
    }

    /// Starts one life of a child.
    pub(super) async fn start(&mut self, at: usize) -> Result<Pid, StartError> {
        let child = &mut self.children[at];
        let spec = child.describe(&self.siblings).map_err(StartError::Init)?;
        let process = &child.process;
        let _wait = Wait::certain(process, false); // what it calls while it starts cannot wait for this supervisor
        if let Some(pid) = process.header().ties.pid() {
            // An earlier life of this supervisor was killed, and left it behind; its link told it so.
            Ending::of(process, pid, child.shutdown).finish().await;
        }
        process.header().take_remains(); // an earlier life's
        if let Err(error) = self.options.auto_shutdown.permits(&spec, self.is_dynamic) {
            let_go(spec);
            return Err(StartError::Init(error.into()));
        }
        process.set_fate(Fate::Restarts(spec.restart));
        let starting = spec.start(Arc::clone(process), self.me.clone());
        let pid = on_own_stack(&self.node, starting).await?;
        self.children.set_running(at, pid);
        self.children[at].forget_spec();
        Ok(pid)
    }

    /// Ends a child, if it runs or is being restarted.
    pub(super) async fn stop(&mut self, at: usize, fate: Fate) -> Option<DrainedChild> {
        let begun = Instant::now();
        let child = &mut self.children[at];
        let state = mem::replace(&mut child.state, State::Stopped);
        child.process.set_fate(fate);
        if let State::Running(pid) = state {
            child.ended = ending::end(&child.process, pid, child.shutdown, self.me.0).await;
        }
        let child = &self.children[at];
        // A life may have ended just before it was to; and what has none may wait for one.
        let was_waiting = fate == Fate::Closes && child.close();
        match state {
            State::Stopped => was_waiting.then(|| DrainedChild::of(child, None, begun)),
            State::Restarting(_) => Some(DrainedChild::of(child, None, begun)),
            State::Running(pid) => {
                self.report_end(child, pid);
                Some(DrainedChild::of(child, Some(pid), begun))
            }
        }
    }

    /// Ends all children, the last one first; those of a dynamic supervisor at the same time.
    pub(super) async fn stop_all(&mut self, fate: Fate) -> Vec<DrainedChild> {
        let mut drained = Vec::new();
        if !self.is_dynamic {
            for at in (0..self.children.len()).rev() {
                drained.extend(self.stop(at, fate).await);
            }
            return drained;
        }
        let begun = Instant::now();
        let mut ending = Vec::new();
        for (at, child) in self.children.iter_mut().enumerate() {
            child.process.set_fate(fate);
            match mem::replace(&mut child.state, State::Stopped) {
                State::Running(pid) => {
                    let end = Ending::begin(&child.process, pid, child.shutdown, self.me.0);
                    ending.push((at, end));
                }
                State::Restarting(_) => {
                    child.close();
                    drained.push(DrainedChild::of(child, None, begun));
                }
                State::Stopped if child.close() => {
                    drained.push(DrainedChild::of(child, None, begun));
                }
                State::Stopped => {}
            }
        }
        // In the order in which their time is up; all are killed in time before the end of any is waited for.
        ending.sort_by_key(|(_, end)| (end.deadline.is_none(), end.deadline));
        for (_, end) in &mut ending {
            end.wait().await;
        }
        for (at, end) in ending {
            let pid = end.pid;
            self.children[at].ended = end.ended().await;
            let child = &self.children[at];
            self.report_end(child, pid);
            drained.push(DrainedChild::of(child, Some(pid), begun));
        }
        self.children.clear();
        drained
    }

    /// Ends all children at the end of the supervisor.
    pub(super) async fn drain(&mut self, fate: Fate) -> Drained {
        let begun = Instant::now();
        let children = self.stop_all(fate).await;
        let drained = Drained { children, took: begun.elapsed() };
        self.report_drained(&drained);
        drained
    }

    /// Forgets a child. The role of one that was added at run time ends.
    pub(super) fn remove(&mut self, at: usize) {
        let child = self.children.remove(at);
        child.close();
    }

    fn report_end(&self, child: &Child, pid: Pid) {
        if !child.may_shut_down_by(&child.ended) {
            self.report(Context::ShutdownError, child, Some(pid), &child.ended);
        }
    }
}

/// Starts a child; on a stack of its own where very many supervisors start each other.
async fn on_own_stack(node: &Node, starting: Starting) -> Result<Pid, StartError> {
    if frame::may_nest() {
        return starting.await;
    }
    let (mut sender, receiver) = oneshot::channel();
    node.spawn(async move {
        let started = tokio::select! {
            biased;
            () = sender.closed() => return,
            started = starting => started,
        };
        drop(sender.send(started));
    });
    receiver.await.unwrap_or(Err(StartError::NoRuntime))
}
