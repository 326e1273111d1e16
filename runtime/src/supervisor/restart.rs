//! What a supervisor does when a child has ended: who lives again, and when.

use super::{
    AutoShutdown, Strategy,
    backoff::Waits,
    child::{Child, Key, State},
    family::Family,
    report::{Context, TOO_MANY},
};
use crate::{ExitReason, Pid, Restart, StartError, cell::core::Fate};
use std::time::Duration;

/// What is to be done after a child has ended.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub(super) enum Next {
    Nothing,
    /// The child could not be restarted: try again, after what waits.
    TryAgain(Key),
    /// Go on with a restart after this time.
    GoOn(Turn, Duration),
    /// Too many restarts, or it ends with a significant child: the supervisor is to end.
    End,
}

/// What a child that is to be restarted waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The end of a wait.
    Turn(Turn),
    /// Those of its group that start before it: its wait is over.
    Others,
    /// The next try.
    Again,
}

/// A restart that waits: never used twice in one life of a supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Turn(u64);

impl Family {
    /// A life of a child has ended.
    pub(super) async fn ended(&mut self, pid: Pid, reason: &ExitReason) -> Next {
        let Some(at) = self.children.position_of(pid) else { return Next::Nothing };
        let child = &mut self.children[at];
        if child.process.header().ties.pid() == Some(pid) {
            return Next::Nothing; // it has not ended: it only says so
        }
        child.state = State::Stopped;
        child.ended = reason.clone();
        let is_orderly = reason.is_orderly();
        let restarts = child.is_restarted_after(reason);
        self.crashes += u64::from(!is_orderly);
        let child = &self.children[at];
        if restarts || !is_orderly {
            self.report(Context::ChildTerminated, child, Some(pid), reason);
        }
        if restarts {
            return self.restart(at).await;
        }
        child.process.close(reason);
        let is_significant = child.significant;
        if self.is_dynamic || child.restart == Restart::Temporary {
            self.remove(at);
        }
        if is_significant && self.ends_with_one() { Next::End } else { Next::Nothing }
    }

    /// Whether the supervisor ends now that a significant child has.
    fn ends_with_one(&self) -> bool {
        // One that is being restarted will live.
        let lives = |child: &Child| child.significant && child.state != State::Stopped;
        match self.options.auto_shutdown {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant => !self.children.each().any(lives),
        }
    }

    /// Tries again to restart a child.
    pub(super) async fn try_again(&mut self, key: Key) -> Next {
        let at = self.children.position_by_key(key);
        match at {
            Some(at) if self.children[at].state == State::Restarting(Until::Again) => {
                self.restart(at).await
            }
            // Another crash made it wait again, with its group.
            Some(at) if matches!(self.children[at].state, State::Restarting(_)) => Next::Nothing,
            // It was ended meanwhile: the others of its group do not wait for it.
            _ => self.start_others().await,
        }
    }

    /// Restarts a child, and those that the strategy restarts with it.
    async fn restart(&mut self, at: usize) -> Next {
        if self.intensity.is_exceeded() {
            let child = &self.children[at];
            self.report(Context::Shutdown, child, child.last, &TOO_MANY);
            return Next::End;
        }
        let one = self.options.strategy == Strategy::OneForOne;
        let first = if one { at } else { self.end_group(at).await };
        let last = if one { at + 1 } else { self.children.len() };
        if let Some(wait) = self.wait(at) {
            self.turn.0 += 1;
            for child in &mut self.children[first..last] {
                child.state = State::Restarting(Until::Turn(self.turn));
            }
            return Next::GoOn(self.turn, wait);
        }
        for at in first..last {
            let next = self.restart_one(at).await;
            if !matches!(next, Next::Nothing) {
                return next;
            }
        }
        Next::Nothing
    }

    /// Ends those that are restarted with a child, in reverse order; what waits in their mailboxes waits on. Gives the first of the group,
    /// which is all that have a spec: those too that had ended.
    async fn end_group(&mut self, at: usize) -> usize {
        let key = self.children[at].key;
        let is_all = self.options.strategy == Strategy::OneForAll;
        let first = if is_all { 0 } else { at };
        for at in (first..self.children.len()).rev() {
            if self.children[at].key == key {
                // If another one of the group fails now, it is that one that is tried again.
                self.children[at].state = State::Stopped;
                self.children[at].process.set_fate(Fate::Vacates);
            } else if self.children[at].restart == Restart::Temporary {
                self.stop(at, Fate::Closes).await;
                self.remove(at);
            } else {
                self.stop(at, Fate::Vacates).await;
                self.children[at].process.reopen(); // if it had ended for good: it is to live again
            }
        }
        first
    }

    /// How long a restart of this child, or of its group, is to wait.
    fn wait(&mut self, at: usize) -> Option<Duration> {
        let backoff = self.options.backoff?;
        let waits: &mut Waits = match self.options.strategy {
            Strategy::OneForOne => &mut self.children[at].waits,
            Strategy::OneForAll | Strategy::RestForOne => &mut self.waits,
        };
        Some(waits.next(backoff, self.options.period))
    }

    /// The wait is over: starts those that still wait.
    pub(super) async fn go_on(&mut self, turn: Turn) -> Next {
        let mut keys = Vec::new();
        for child in self.children.iter_mut() {
            if child.state == State::Restarting(Until::Turn(turn)) {
                child.state = State::Restarting(Until::Others);
                keys.push(child.key);
            }
        }
        self.start_each(keys).await
    }

    /// Starts those whose wait is over, up to the first that is to be tried again: with that one, those behind it are.
    async fn start_others(&mut self) -> Next {
        let is_before = |child: &&Child| child.state != State::Restarting(Until::Again);
        let is_due = |child: &&Child| child.state == State::Restarting(Until::Others);
        let due = self.children.each().take_while(is_before).filter(is_due);
        let keys = due.map(|child| child.key).collect();
        self.start_each(keys).await
    }

    async fn start_each(&mut self, keys: Vec<Key>) -> Next {
        for key in keys {
            // One that does not want to live is forgotten, where they have no ids.
            let Some(at) = self.children.position_by_key(key) else { continue };
            let next = self.restart_one(at).await;
            if !matches!(next, Next::Nothing) {
                return next;
            }
        }
        Next::Nothing
    }

    async fn restart_one(&mut self, at: usize) -> Next {
        match self.start(at).await {
            Ok(pid) => {
                self.restarts += 1;
                let child = &mut self.children[at];
                child.restarts += 1;
                self.report_restart(&self.children[at], pid);
                Next::Nothing
            }
            Err(StartError::Ignored) => {
                self.stay_stopped(at);
                if self.is_dynamic {
                    self.remove(at);
                }
                Next::Nothing
            }
            Err(error) => {
                let child = &mut self.children[at];
                child.state = State::Restarting(Until::Again);
                let child = &self.children[at];
                self.report(Context::StartError, child, child.last, &error);
                Next::TryAgain(child.key)
            }
        }
    }
}
