//! Supervisors that are described at run time.

use super::{
    AutoShutdown, Backoff, ChildSpec, Supervisor,
    plan::{Plan, Planned, Siblings, Strategy, SupervisorOptions},
};
use crate::{Role, Spawn, Start};
use std::{any::type_name, borrow::Cow, time::Duration};

impl Supervisor {
    /// A supervisor whose children are known at run time only.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::prelude::*;
    ///
    /// #[actor]
    /// struct Lamp(u32);
    ///
    /// #[handlers]
    /// impl Lamp {
    ///     #[init]
    ///     fn light(watts: u32) -> Self {
    ///         Self(watts)
    ///     }
    ///
    ///     #[call]
    ///     fn watts(&self) -> u32 {
    ///         self.0
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut lamps = Supervisor::builder(Strategy::OneForOne);
    /// for watts in [40, 60] {
    ///     lamps = lamps.child(format!("lamp {watts}"), move |_| Lamp::child_spec(watts));
    /// }
    /// let lamps = lamps.start().await?; // a SupervisorRef
    /// let lamp: LampRef = lamps.child::<Lamp>("lamp 60").ok_or("no lamp")?;
    /// assert_eq!(lamp.watts().await?, 60);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(strategy: Strategy) -> SupervisorBuilder {
        let options = SupervisorOptions::new(strategy);
        SupervisorBuilder { plan: Plan::new(type_name::<Self>(), options) }
    }
}

/// A supervisor that is being described: see [`Supervisor::builder`].
#[derive(Debug)]
#[must_use = "a supervisor is not started until `start` is awaited"]
pub struct SupervisorBuilder {
    plan: Plan,
}

impl SupervisorBuilder {
    /// How many restarts there may be within a period, 3 unless told otherwise; with 0 the supervisor gives up at the first crash.
    pub fn intensity(mut self, intensity: u32) -> Self {
        self.plan.options = self.plan.options.intensity(intensity);
        self
    }

    /// Within which time restarts are counted, 5 s unless told otherwise: whole seconds, at least one.
    pub fn period(mut self, period: Duration) -> Self {
        self.plan.options = self.plan.options.period(period);
        self
    }

    /// Whether the supervisor ends when its significant children have: unless told otherwise it does not.
    pub fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Self {
        self.plan.options = self.plan.options.auto_shutdown(auto_shutdown);
        self
    }

    /// How long a restart waits: unless told otherwise it does not.
    ///
    /// # Examples
    /// ```
    /// use ghostlight::{Backoff, prelude::*};
    /// use std::time::Duration;
    ///
    /// let waits = Backoff::exponential(Duration::from_millis(100), Duration::from_secs(10));
    /// let lamps = Supervisor::builder(Strategy::OneForOne)
    ///     .intensity(10)
    ///     .period(Duration::from_secs(60))
    ///     .backoff(waits);
    /// # drop(lamps);
    /// ```
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.plan.options = self.plan.options.backoff(backoff);
        self
    }

    /// Adds a child, which starts after those that were added before. `spec` runs at each start of the child, and finds its siblings in
    /// what it is given.
    pub fn child<R: Role<Actor: Spawn>>(
        mut self,
        id: impl Into<Cow<'static, str>>,
        spec: impl FnMut(&Siblings) -> ChildSpec<R> + Send + 'static,
    ) -> Self {
        self.plan.children.push(Planned::new(id, spec));
        self
    }

    /// Starts the supervisor, and its children. It lives until its last handle is dropped; then it ends its children.
    ///
    /// # Errors
    /// [`StartError::Init`](crate::StartError::Init) with a [`ChildNotStarted`](crate::ChildNotStarted) if a child did not start: those before it have been ended
    /// again.
    pub fn start(self) -> Start<Supervisor, (Plan,)> {
        Start::__new((self.plan,))
    }

    /// The supervisor as a child of another.
    pub fn child_spec(self) -> ChildSpec<Supervisor> {
        ChildSpec::__new((self.plan,))
    }
}
