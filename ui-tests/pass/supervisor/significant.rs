//! Trees that end with their children, in a crate that denies every lint.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]

use ghostlight::{AutoShutdown, Restart, prelude::*};

/// Ends when it has nothing more to do.
#[actor(restart = transient)]
pub struct Work;

#[handlers]
impl Work {
    /// Begins.
    #[init]
    pub fn begin() -> Self {
        Self
    }

    /// Has nothing more to do.
    #[cast]
    pub fn end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }
}

/// Always restarted, unless its supervisor says otherwise.
#[actor]
struct Helper<K: Send + 'static>(K);

#[handlers]
impl<K: Send + 'static> Helper<K> {
    #[init]
    fn begin(key: K) -> Self {
        Self(key)
    }

    #[call]
    fn is_there(&self) -> bool {
        let _ = &self.0;
        true
    }
}

/// As in OTP unless told otherwise.
pub struct Never;

#[supervisor(strategy = one_for_one, auto_shutdown = never)]
impl Never {
    /// The work.
    #[child]
    pub fn work(&self) -> ChildSpec<Work> {
        Work::child_spec()
    }
}

/// Ends with the first.
pub struct Any<K> {
    key: K,
}

#[supervisor(strategy = one_for_one, auto_shutdown = any_significant)]
impl<K: Clone + Send + Sync> Any<K> {
    #[child(significant)]
    fn by_its_type(&self) -> ChildSpec<Work> {
        Work::child_spec()
    }

    #[child(significant)]
    fn by_its_spec(&self) -> ChildSpec<Helper<K>> {
        Helper::child_spec(self.key.clone()).restart(Restart::Temporary)
    }

    #[child(significant)]
    fn by_a_helper(&self) -> ChildSpec<Helper<K>> {
        self.spec()
    }

    fn spec(&self) -> ChildSpec<Helper<K>> {
        Helper::child_spec(self.key.clone()).restart(Restart::Transient)
    }
}

/// Ends with the last.
pub struct All;

#[supervisor(strategy = one_for_all, auto_shutdown = all_significant)]
impl All {
    /// The work.
    #[child(significant)]
    pub fn work(&self) -> ChildSpec<Work> {
        Work::child_spec()
    }

    #[cfg(any())]
    #[child(significant)]
    fn absent(&self) -> ChildSpec<Nowhere> {
        Nowhere::child_spec()
    }

    /// A tree.
    #[child(significant)]
    fn below(&self) -> ChildSpec<Any<u8>> {
        Any { key: 1 }.child_spec().restart(Restart::Transient)
    }

    /// Known at run time.
    #[child]
    fn built(&self) -> ChildSpec<Supervisor> {
        Supervisor::builder(Strategy::OneForOne)
            .auto_shutdown(AutoShutdown::AnySignificant)
            .child("a", |_| Work::child_spec().significant())
            .child_spec()
    }
}

async fn all() -> Result<(), Box<dyn std::error::Error>> {
    let all = All.start().await?;
    assert!(all.below().by_its_spec().is_there().await?);
    assert!(all.below().by_a_helper().is_there().await?);
    all.below().by_its_type().end().await?;
    let end = all.monitor();
    all.work().end().await?;
    assert!(matches!(end.await.reason, ExitReason::Shutdown));
    let never = Never.start().await?;
    never.work().end().await?;
    never.stop().await?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(all())
}
