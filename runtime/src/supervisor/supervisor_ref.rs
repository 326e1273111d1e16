//! What one can ask of a running supervisor.

use super::{
    ChildError, ChildInfo, ChildSpec, Counts, Drained, Member, Supervisor, SupervisorRef, Tree,
    plan::{self, Planned},
};
use crate::{
    ActorRef, CallError, Pid, Role, Spawn,
    actor_ref::Strong,
    cell::{Process, typed::Typed},
};
use std::{borrow::Cow, pin::Pin, sync::Arc};

impl SupervisorRef {
    /// The handle of a child: of one that was planned, by its id.
    ///
    /// `None` where there is no such child, or it is no `R`. Of one that was added at run time [`start_child`](Self::start_child) gives the
    /// handle: also where it has the id of a planned child that was deleted, which is another child.
    #[must_use]
    pub fn child<R: Role>(&self, id: &str) -> Option<R::Ref> {
        let roles = self.process()?.header().known_children()?;
        plan::find::<R>(&roles, id)
    }

    #[doc(hidden)]
    #[must_use]
    pub fn __child<R: Role>(&self, id: &str) -> R::Ref {
        // Without a supervisor there is no child: a handle by a name that nobody has.
        self.child::<R>(id).unwrap_or_else(|| ActorRef::named("").into())
    }

    /// The children, in the order in which they start.
    ///
    /// # Errors
    /// As a call: see [`CallError`].
    pub async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        Ok(self.members().await?.into_iter().map(|member| member.child).collect())
    }

    /// One child. OTP's `which_child` and `get_childspec`.
    ///
    /// # Errors
    /// [`ChildError::NotFound`]; [`ChildError::Supervisor`] as a call.
    pub async fn which_child(&self, id: &str) -> Result<ChildInfo, ChildError> {
        self.shown(id.to_owned()).await?.ok_or(ChildError::NotFound)
    }

    /// How many children there are, and how many of them live.
    ///
    /// # Errors
    /// As a call: see [`CallError`].
    pub async fn count_children(&self) -> Result<Counts, CallError> {
        self.count().await
    }

    /// Ends a child, within its shutdown time. What waits for it is told; its role stays, for
    /// [`restart_child`](Self::restart_child), and comes back to life when its group is restarted. One that is being restarted is
    /// tried no more. A temporary child is forgotten.
    ///
    /// # Errors
    /// [`ChildError::NotFound`].
    pub async fn terminate_child(&self, id: &str) -> Result<(), ChildError> {
        self.end_child(id.to_owned()).await?
    }

    /// Starts a child again that has ended: in the same role, so that the handles to it are good again.
    ///
    /// # Errors
    /// [`ChildError::NotFound`], [`Running`](ChildError::Running), [`Restarting`](ChildError::Restarting), and
    /// [`Start`](ChildError::Start) if it did not start.
    pub async fn restart_child(&self, id: &str) -> Result<Pid, ChildError> {
        self.start_again(id.to_owned()).await?
    }

    /// Forgets a child that has ended.
    ///
    /// # Errors
    /// [`ChildError::NotFound`], [`Running`](ChildError::Running), [`Restarting`](ChildError::Restarting).
    pub async fn delete_child(&self, id: &str) -> Result<(), ChildError> {
        self.forget(id.to_owned()).await?
    }

    /// Adds a child, and starts it, after all others. It is lost when the supervisor itself is restarted, whose plan it is not in.
    ///
    /// # Errors
    /// [`ChildError::AlreadyStarted`] or [`AlreadyPresent`](ChildError::AlreadyPresent) if there is a child with this id,
    /// [`BadCombination`](ChildError::BadCombination) and [`Start`](ChildError::Start) if it did not start: then it is forgotten.
    pub async fn start_child<R: Role<Actor: Spawn>>(
        &self,
        id: impl Into<Cow<'static, str>>,
        mut spec: impl FnMut() -> ChildSpec<R> + Send + 'static,
    ) -> Result<R::Ref, ChildError> {
        let process = self.start_planned(Planned::new(id, move |_| spec())).await??;
        handle::<R>(process)
    }

    /// Ends the tree, in order: the children from the last to the first, each within its shutdown time, and then the supervisor, as
    /// [`Shutdown`](crate::ExitReason::Shutdown). Gives what became of each, in the trees below, too; the supervisor logs the sum of it. As
    /// `Supervisor.stop/3`, which says nothing.
    ///
    /// For the root of a tree: the supervisor of another one has a supervisor that may restart it.
    ///
    /// # Errors
    /// As a call: see [`CallError`]. [`Died`](CallError::Died) and [`NoProc`](CallError::NoProc) if somebody else has ended it.
    ///
    /// # Cancel safety
    /// Dropping the future before the supervisor has begun withdraws the request; once it has begun, the tree ends.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Lamp;
    ///
    /// #[handlers]
    /// impl Lamp {
    ///     #[init]
    ///     fn light() -> Self {
    ///         Self
    ///     }
    ///
    ///     #[cast]
    ///     fn blink(&mut self) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let lamps = Supervisor::builder(Strategy::OneForOne);
    /// let lamps = lamps.child("lamp", |_| Lamp::child_spec()).start().await?;
    /// let drained = lamps.shutdown().await?;
    /// assert_eq!(drained.children[0].id, "lamp");
    /// assert_eq!(drained.dropped(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(&self) -> Result<Drained, CallError> {
        self.drain().await
    }

    /// The tree as it is at this moment, supervisors below this one included.
    ///
    /// # Errors
    /// As a call: see [`CallError`].
    pub async fn tree(&self) -> Result<Tree, CallError> {
        let tree = self.describe().await?.with_life(self.pid(), 0);
        self.grow(tree).await
    }

    /// Adds the children, as they are.
    fn grow(
        &self,
        mut tree: Tree,
    ) -> Pin<Box<dyn Future<Output = Result<Tree, CallError>> + Send + '_>> {
        Box::pin(async move {
            for Member { child, options, process } in self.members().await? {
                let mut below = Tree::new(child.actor, options);
                if child.is_supervisor
                    && let Some(supervisor) = Typed::<Supervisor>::of_type(process)
                {
                    let supervisor =
                        SupervisorRef::from(ActorRef::from_strong(Strong::new(supervisor)));
                    // One that ends meanwhile has no children any more.
                    if let Ok(described) = supervisor.describe().await {
                        below = described;
                        below = supervisor.grow(below.clone()).await.unwrap_or(below);
                    }
                }
                tree = tree.child(&child.id, below.with_life(child.pid, child.restarts));
            }
            Ok(tree)
        })
    }
}

/// The handle of a child that was added at run time.
pub(super) fn handle<R: Role>(process: Arc<dyn Process>) -> Result<R::Ref, ChildError> {
    let typed = Typed::<R::Actor>::of_type(process).ok_or(ChildError::NotFound)?;
    Ok(ActorRef::from_strong(Strong::new(typed)).into())
}
