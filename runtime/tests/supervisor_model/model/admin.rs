//! What a supervisor can be asked for, and what comes while it is busy.

use super::{Answer, Job, Model, Node};
use crate::plan::{Also, Kind, Why};
use ghostlight::Restart;

impl Model {
    /// The child that a static supervisor has under the id of this one.
    pub(crate) fn child(&self, at: usize) -> Result<usize, Answer> {
        let Some(parent) = self.nodes[at].parent else { return Err(Answer::NotFound) };
        if !self.nodes[parent].lives {
            return Err(Answer::NoSupervisor);
        }
        let id = self.nodes[at].id;
        let mut children = self.nodes[parent].children.iter();
        let has_id = |child: &&usize| !self.is_dynamic(parent) && self.nodes[**child].id == id;
        let found = children.find(has_id);
        found.copied().ok_or(Answer::NotFound)
    }

    /// Whether its dynamic supervisor knows it by the pid that it had before the step.
    fn is_known(&self, at: usize) -> bool {
        let Node { lives, restarting, ends, ended_before, .. } = &self.nodes[at];
        *restarting || *lives && ends.len() == *ended_before
    }

    /// `terminate_child`: by its id, or by its pid if the supervisor is dynamic.
    pub(crate) fn terminate_child(&mut self, at: usize) -> Answer {
        let parent = self.nodes[at].parent.unwrap_or_default();
        let is_dynamic = self.is_dynamic(parent);
        let found = match self.child(at) {
            Err(Answer::NotFound) if is_dynamic && self.is_known(at) => Ok(at),
            found => found,
        };
        let at = match found {
            Ok(at) => at,
            Err(answer) => return answer,
        };
        self.stop(at);
        if is_dynamic || self.nodes[at].restart == Restart::Temporary {
            self.nodes[parent].children.retain(|&child| child != at);
        }
        Answer::Done
    }

    pub(crate) fn restart_child(&mut self, at: usize) -> Answer {
        match self.child(at) {
            Ok(at) if self.nodes[at].restarting => Answer::Restarting,
            Ok(at) if self.nodes[at].lives => Answer::Running,
            Ok(at) if self.start(at) => Answer::Done,
            Ok(_) => Answer::NotStarted,
            Err(answer) => answer,
        }
    }

    pub(crate) fn delete_child(&mut self, at: usize) -> Answer {
        match self.child(at) {
            Ok(at) if self.nodes[at].restarting => Answer::Restarting,
            Ok(at) if self.nodes[at].lives => Answer::Running,
            Ok(at) => {
                let parent = self.nodes[at].parent.unwrap_or_default();
                self.nodes[parent].children.retain(|&child| child != at);
                Answer::Done
            }
            Err(answer) => answer,
        }
    }

    /// While its supervisor starts one more child a worker is killed, and then `also` comes for another one. So the supervisor sees to
    /// that before it tries again what it could not do at once.
    pub(crate) fn kill_and(&mut self, at: usize, also: Also, other: usize) -> Option<Answer> {
        let parent = self.nodes[at].parent.unwrap_or_default();
        self.start_child(parent, Restart::Temporary, false);
        self.kill_unseen(at);
        let then = match also {
            Also::Kill => {
                self.kill_unseen(other);
                Job::Ended(other)
            }
            _ => Job::Asked(also, other),
        };
        self.attend(parent, [Job::Ended(at), then].into())
    }

    fn kill_unseen(&mut self, at: usize) {
        if self.nodes[at].lives {
            self.is_over(at, Why::Killed);
            self.nodes[at].unseen = true;
        }
    }

    /// `start_child` of a worker that is the last of the nodes from now on.
    pub(crate) fn start_child(&mut self, parent: usize, restart: Restart, fails: bool) -> Answer {
        let node = Node::new(Kind::Worker, restart, Some(parent), self.nodes.len());
        self.nodes.push(Node { failing: u32::from(fails), ..node });
        self.start_last(parent)
    }

    /// `start_child` of a permanent worker with the id of this one: the last of the nodes from now on.
    pub(crate) fn start_twin(&mut self, of: usize) -> Answer {
        let Node { parent, id, .. } = self.nodes[of];
        self.nodes.push(Node::new(Kind::Worker, Restart::Permanent, parent, id));
        match self.child(of) {
            Ok(child) if self.nodes[child].lives => Answer::AlreadyStarted(Some(child)),
            Ok(_) => Answer::AlreadyPresent,
            Err(_) => self.start_last(parent.unwrap_or_default()),
        }
    }

    fn start_last(&mut self, parent: usize) -> Answer {
        if !self.nodes[parent].lives {
            return Answer::NoSupervisor;
        }
        let at = self.nodes.len() - 1;
        if !self.start(at) {
            return Answer::NotStarted;
        }
        self.nodes[parent].children.push(at);
        Answer::Done
    }
}
