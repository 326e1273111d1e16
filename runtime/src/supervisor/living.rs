//! Who lives in a tree, to be looked at once it was to end.

use super::{Member, Supervisor, SupervisorRef};
use crate::{
    ActorRef, Pid, Unstopped,
    actor_ref::Strong,
    cell::{Process, typed::Typed},
    link::Signal,
};
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::time::Instant;

/// An actor of a tree, by the life that it had.
pub(crate) struct Living {
    path: String,
    actor: &'static str,
    pid: Pid,
    process: Arc<dyn Process>,
}

impl Living {
    /// Kills it, if it lives still.
    pub(crate) fn kill(self) -> Option<Unstopped> {
        let Self { path, actor, pid, process } = self;
        (process.header().ties.pid() == Some(pid)).then(|| {
            process.signal(pid, Signal::Kill);
            Unstopped { path, actor, pid }
        })
    }
}

impl SupervisorRef {
    /// All that live in the tree, the supervisors before their children, as far as they answer within `limit`.
    pub(crate) async fn living(&self, limit: Duration) -> Vec<Living> {
        let mut living = Vec::new();
        let deadline = Instant::now().checked_add(limit).unwrap_or_else(Instant::now);
        self.add_living("", deadline, &mut living).await;
        living
    }

    fn add_living<'a>(
        &'a self,
        path: &'a str,
        deadline: Instant,
        living: &'a mut Vec<Living>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            // One that is busy, or has ended meanwhile, is there with what is known of it.
            let members = self.members().deadline(deadline).await.unwrap_or_default();
            for Member { child, process, .. } in members {
                let Some(pid) = child.pid else { continue };
                let path = match (path, &*child.id) {
                    ("", id) => id.to_owned(),
                    (path, "") => path.to_owned(),
                    (path, id) => format!("{path}/{id}"),
                };
                let actor = child.actor;
                let member =
                    Living { path: path.clone(), actor, pid, process: Arc::clone(&process) };
                living.push(member);
                if child.is_supervisor
                    && let Some(supervisor) = Typed::<Supervisor>::of_type(process)
                {
                    let strong = Strong::new(supervisor);
                    let supervisor = Self::from(ActorRef::from_strong(strong));
                    supervisor.add_living(&path, deadline, living).await;
                }
            }
        })
    }
}
