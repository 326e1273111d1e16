//! A program that is a tree: it runs until it is told to end, and ends in order.

use crate::{Drained, ExitReason, Pid, Supervisor, SupervisorRef, supervisor::Living};
use std::{any::type_name, collections::HashSet, error::Error, fmt, future, time::Duration};
use tokio::time::{Instant, sleep_until};

/// How long a tree may take to end, unless told otherwise.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs the tree of a program until it is to end, and then ends it in order: the last child first, each within its shutdown time, all of
/// them within one limit.
///
/// As an OTP release, whose applications end in reverse order at SIGTERM.
///
/// # Examples
/// ```
/// use ghostlight::{Program, prelude::*};
/// use std::time::Duration;
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
/// struct House;
///
/// #[supervisor(strategy = one_for_one)]
/// impl House {
///     #[child]
///     fn lamp(&self) -> ChildSpec<Lamp> {
///         Lamp::child_spec()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let house = House.start().await?;
/// let evening = tokio::time::sleep(Duration::from_millis(10));
/// // With the feature `signal`: `.run().await?`, until SIGTERM or Ctrl-C.
/// let ended = Program::new(&house).run_until(evening).await.in_order()?;
/// assert!(ended.to_string().starts_with("asked to end; 1 actor ended in "));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a program does nothing until it runs"]
pub struct Program {
    tree: SupervisorRef,
    limit: Duration,
}

impl Program {
    /// The program whose root is this supervisor: a `BankRef` is one.
    pub fn new(tree: &SupervisorRef) -> Self {
        Self { tree: tree.clone(), limit: LIMIT }
    }

    /// How long the whole tree may take to end: 30 s unless told otherwise. What lives after that is killed.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs until SIGTERM, Ctrl-C, or the end of the tree. A second signal ends the wait for the tree at once.
    ///
    /// From when it is first polled those signals do not end the process any more.
    ///
    /// # Errors
    /// If the signals cannot be listened to.
    ///
    /// # Panics
    /// If the tokio runtime has no I/O (`enable_io`).
    ///
    /// # Cancel safety
    /// Dropping the future leaves the tree as it is, unless it is ending already: then it ends all the same.
    #[cfg(feature = "signal")]
    pub async fn run(self) -> std::io::Result<Ended> {
        let mut signals = signals::Signals::new()?;
        let cause = tokio::select! {
            biased;
            down = self.tree.monitor() => return Ok(Ended::by_itself(down.reason)),
            cause = signals.next() => cause,
        };
        let again = async { _ = signals.next().await };
        Ok(self.end(cause, again).await)
    }

    /// Runs until `asked` is ready, or the tree has ended by itself.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the tree as it is, unless it is ending already: then it ends all the same.
    pub async fn run_until(self, asked: impl Future<Output = ()>) -> Ended {
        tokio::select! {
            biased;
            down = self.tree.monitor() => return Ended::by_itself(down.reason),
            () = asked => {}
        }
        self.end(Cause::Asked, future::pending()).await
    }

    /// Ends the tree; gives up when its time is up, or `again` is ready.
    async fn end(self, cause: Cause, again: impl Future<Output = ()>) -> Ended {
        let begun = Instant::now();
        tracing::info!(%cause, limit = ?self.limit, "the program ends");
        // Now, as one whose supervisor is killed is found by nobody; and again at the end, for those that have come since.
        let (root, mut living) = (self.tree.pid(), self.tree.living());
        let drained = tokio::select! {
            biased;
            drained = self.tree.shutdown() => drained.ok(),
            () = time_is_up(begun.checked_add(self.limit)) => None,
            () = again => None,
        };
        if drained.is_none() {
            let known: HashSet<_> = living.iter().map(Living::pid).collect();
            let come = self.tree.living().into_iter().filter(|it| !known.contains(&it.pid()));
            living.extend(come);
        }
        let mut unstopped: Vec<_> = living.into_iter().filter_map(Living::kill).collect();
        if let Some(pid) = root.filter(|_| drained.is_none() && self.tree.pid() == root) {
            // It waits for those that are named; or it keeps itself.
            if unstopped.is_empty() {
                unstopped.push(Unstopped {
                    path: String::new(),
                    actor: type_name::<Supervisor>(),
                    pid,
                });
            }
            self.tree.kill();
        }
        for Unstopped { path, actor, pid } in &unstopped {
            tracing::error!(%path, actor, %pid, "did not end in time: it is killed");
        }
        Ended { cause, drained, unstopped, took: begun.elapsed() }
    }
}

async fn time_is_up(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => future::pending().await,
    }
}

/// How a program ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "it says what did not end in order"]
pub struct Ended {
    /// Why it ended.
    pub cause: Cause,
    /// What became of each actor of the tree, if it ended in time and not by itself.
    pub drained: Option<Drained>,
    /// What lived on when the time was up, and was killed.
    pub unstopped: Vec<Unstopped>,
    /// How long it took to end.
    pub took: Duration,
}

/// Why a program ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// What [`Program::run_until`] was given was ready.
    Asked,
    /// Ctrl-C: SIGINT.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The tree ended by itself, for this reason: [`Shutdown`](ExitReason::Shutdown) if it gave up, or ended with a significant child.
    Tree(ExitReason),
}

/// An actor that did not end in time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unstopped {
    /// The ids of its supervisors below the root, and its own, with `/` between them. Empty for the root itself, which is here if nobody
    /// else is known to have kept it.
    pub path: String,
    /// The type of the actor.
    pub actor: &'static str,
    /// Its life.
    pub pid: Pid,
}

impl Ended {
    fn by_itself(reason: ExitReason) -> Self {
        let cause = Cause::Tree(reason);
        Self { cause, drained: None, unstopped: Vec::new(), took: Duration::ZERO }
    }

    /// Whether all is well: for the end of `main`, whose exit status is 1 if not.
    ///
    /// # Errors
    /// [`NotInOrder`], with this, if something had to be killed, or if the tree ended by itself in any way but as
    /// [`Normal`](ExitReason::Normal).
    pub fn in_order(self) -> Result<Self, NotInOrder> {
        let by_itself =
            matches!(&self.cause, Cause::Tree(reason) if !matches!(reason, ExitReason::Normal));
        if by_itself || !self.unstopped.is_empty() {
            Err(NotInOrder(Box::new(self)))
        } else {
            Ok(self)
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        if let Some(drained) = &self.drained {
            let dropped = drained.dropped();
            write!(f, "; {} ended in {:?}", count(drained.iter().count(), "actor"), self.took)?;
            if dropped > 0 {
                write!(f, ", {} dropped", count(dropped, "message"))?;
            }
        }
        if let Some((first, others)) = self.unstopped.split_first() {
            write!(f, "; did not end in time: {first}")?;
            others.iter().try_for_each(|other| write!(f, ", {other}"))?;
        }
        Ok(())
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

impl fmt::Display for Unstopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        write!(f, "{path} {}", self.pid)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("asked to end"),
            Self::Interrupted => f.write_str("interrupted"),
            Self::Terminated => f.write_str("terminated"),
            Self::Tree(reason) => write!(f, "the tree ended by itself: {reason}"),
        }
    }
}

/// A program did not end in order.
#[derive(Clone, Debug)]
pub struct NotInOrder(Box<Ended>);

impl NotInOrder {
    /// How it ended.
    pub fn into_inner(self) -> Ended {
        *self.0
    }
}

impl fmt::Display for NotInOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for NotInOrder {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::Tree(reason) => reason.error().map(|error| error as _),
            _ => None,
        }
    }
}

/// What tells a process to end.
#[cfg(feature = "signal")]
mod signals {
    use super::Cause;
    use std::io;

    #[cfg(unix)]
    pub(super) struct Signals {
        interrupt: tokio::signal::unix::Signal,
        terminate: tokio::signal::unix::Signal,
    }

    #[cfg(unix)]
    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) -> Cause {
            tokio::select! {
                biased;
                _ = self.terminate.recv() => Cause::Terminated,
                _ = self.interrupt.recv() => Cause::Interrupted,
            }
        }
    }

    #[cfg(windows)]
    pub(super) struct Signals {
        interrupt: tokio::signal::windows::CtrlC,
        terminate: tokio::signal::windows::CtrlShutdown,
    }

    #[cfg(windows)]
    impl Signals {
        pub(super) fn new() -> io::Result<Self> {
            use tokio::signal::windows::{ctrl_c, ctrl_shutdown};
            Ok(Self { interrupt: ctrl_c()?, terminate: ctrl_shutdown()? })
        }

        pub(super) async fn next(&mut self) -> Cause {
            tokio::select! {
                biased;
                _ = self.terminate.recv() => Cause::Terminated,
                _ = self.interrupt.recv() => Cause::Interrupted,
            }
        }
    }
}
