//! Many calls under way at once.

use crate::{
    Call, CallError, Spawn,
    call::Answer,
    cell::frame::{self, Apart},
    sync::{Mutex, lock},
};
use std::{
    collections::{BTreeMap, VecDeque},
    fmt, future,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker, ready},
    time::Duration,
};
use tokio::task::coop;

/// Calls under way, each with a label, whose replies are taken in the order in which they come.
///
/// [`add`](Self::add) makes a call at once and does not wait; [`next`](Self::next) waits for whichever reply is the next. Each call keeps
/// its own time limit. Dropping the collection abandons what it still waits for: calls whose handler has not begun are withdrawn, and the
/// replies of the others are dropped. As `gen_server:send_request/4` with its collections of request ids; the label of a call is all the
/// name it has.
///
/// A call that waits for room in a full mailbox gets on only while [`next`](Self::next) is awaited.
///
/// An actor may keep a collection in its state, and take in one handler the replies to the calls of another. So these calls are not the
/// handler's own: its caller's time does not limit them, and they have no part in the search for rings of actors that wait for each other
/// ([`CallError::WouldDeadlock`]); a handler that awaits [`next`](Self::next) in such a ring waits until the time of the call is up.
///
/// # Examples
/// ```
/// use ghostlight::{Requests, prelude::*};
///
/// #[actor]
/// struct Vault {
///     balance: u64,
/// }
///
/// #[handlers]
/// impl Vault {
///     #[call]
///     fn balance(&self) -> u64 {
///         self.balance
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ann = ghostlight::spawn(Vault { balance: 5 })?;
/// let bob = ghostlight::spawn(Vault { balance: 7 })?;
/// let mut requests = Requests::new();
/// requests.add("ann", ann.balance().owned());
/// requests.add("bob", bob.balance().owned());
/// let mut total = 0;
/// while let Some((_owner, balance)) = requests.next().await {
///     total += balance?;
/// }
/// assert_eq!(total, 12);
/// # Ok(())
/// # }
/// ```
pub struct Requests<L, T> {
    /// By the order in which they were added.
    entries: BTreeMap<u64, Entry<L, T>>,
    added: u64,
    line: Arc<Line>,
}

struct Entry<L, T> {
    label: L,
    turn: Arc<Turn>,
    progress: Progress<T>,
}

enum Progress<T> {
    Waits(Pin<Box<dyn Future<Output = Answer<T>> + Send>>),
    /// Answered while it was added, and not taken yet.
    Over(Answer<T>),
}

/// Which calls got on since they were last looked at, in that order; and who wants to know.
struct Line(Mutex<Ready>);

struct Ready {
    keys: VecDeque<u64>,
    waiter: Option<Waker>,
}

/// What wakes one call: it puts it into the line, once.
struct Turn {
    key: u64,
    stands: AtomicBool,
    line: Arc<Line>,
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.stands.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut ready = lock(&self.line.0);
        ready.keys.push_back(self.key);
        let waiter = ready.waiter.take();
        drop(ready);
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }
}

impl<L, T> Requests<L, T> {
    /// A collection without calls.
    #[must_use]
    pub fn new() -> Self {
        let ready = Ready { keys: VecDeque::new(), waiter: None };
        Self { entries: BTreeMap::new(), added: 0, line: Arc::new(Line(Mutex::new(ready))) }
    }

    /// Makes a call now, and keeps it with its label. Labels may be equal.
    ///
    /// The call must own its handle: `vault.balance().owned()`. Nothing waits here, though a call to an idle actor may run at once, as
    /// it does when it is awaited; and a call to an actor that has ended is answered like any other, with [`CallError::NoProc`].
    pub fn add<C>(&mut self, label: L, call: C)
    where
        C: IntoFuture<Output = Result<T, CallError>>,
        C::IntoFuture: Send + 'static,
    {
        let _apart = Apart::enter();
        self.make(label, call);
    }

    /// Makes a call that the handler which runs is going to wait for, if one does.
    fn make<C>(&mut self, label: L, call: C)
    where
        C: IntoFuture<Output = Result<T, CallError>>,
        C::IntoFuture: Send + 'static,
    {
        let key = self.added;
        self.added += 1;
        let turn =
            Arc::new(Turn { key, stands: AtomicBool::new(false), line: Arc::clone(&self.line) });
        let mut call: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(call.into_future());
        let progress = match poll(&mut call, &turn) {
            Poll::Pending => Progress::Waits(call),
            Poll::Ready(answer) => Progress::Over(answer),
        };
        if let Progress::Over(_) = progress {
            turn.wake_by_ref();
        }
        self.entries.insert(key, Entry { label, turn, progress });
    }

    /// Waits for the next reply, or the next call that has none; `None` when there are no calls left.
    ///
    /// They come in the order in which they were there, each once. As `gen_server:wait_response/3`; under [`tokio::time::timeout`], as
    /// with its time-out: the calls go on.
    ///
    /// # Errors
    /// Inside: what awaiting that call would give. See [`CallError`].
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing: the same reply is there for the next one.
    pub async fn next(&mut self) -> Option<(L, Result<T, CallError>)> {
        future::poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<(L, Answer<T>)>> {
        while !self.entries.is_empty() {
            // One who takes answer after answer, or polls what is never ready, lets others run.
            let budget = ready!(coop::poll_proceed(cx));
            let Some(key) = self.line.next(cx.waker()) else {
                // An actor that this code activated may be the one that is to answer.
                frame::flush();
                return Poll::Pending;
            };
            budget.made_progress();
            // Out of the collection meanwhile: a call that panics is not looked at again.
            let Some(Entry { label, turn, progress }) = self.entries.remove(&key) else { continue };
            let mut call = match progress {
                Progress::Over(answer) => return Poll::Ready(Some((label, answer))),
                Progress::Waits(call) => call,
            };
            let _apart = Apart::enter();
            turn.stands.swap(false, Ordering::AcqRel); // sees what those have done who found it standing
            match poll(&mut call, &turn) {
                Poll::Ready(answer) => return Poll::Ready(Some((label, answer))),
                Poll::Pending => {
                    let progress = Progress::Waits(call);
                    self.entries.insert(key, Entry { label, turn, progress });
                }
            }
        }
        Poll::Ready(None)
    }

    /// How many calls there are whose replies have not been taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The labels of the calls whose replies have not been taken, in the order in which they were added. As
    /// `gen_server:reqids_to_list/1`.
    pub fn labels(&self) -> impl Iterator<Item = &L> {
        self.entries.values().map(|entry| &entry.label)
    }
}

impl Line {
    /// The first in the line; if there is none, `waker` is woken when there is.
    fn next(&self, waker: &Waker) -> Option<u64> {
        let mut ready = lock(&self.0);
        let key = ready.keys.pop_front();
        if key.is_none() {
            match &mut ready.waiter {
                Some(waiter) => waiter.clone_from(waker),
                none => *none = Some(waker.clone()),
            }
        }
        key
    }
}

/// Polls a call. What is left of the task's budget is nothing to it: it is to be sent, and to keep its place in the line.
fn poll<F: Future + ?Sized>(call: &mut Pin<Box<F>>, turn: &Arc<Turn>) -> Poll<F::Output> {
    let waker = Waker::from(Arc::clone(turn));
    pin!(coop::unconstrained(call.as_mut())).poll(&mut Context::from_waker(&waker))
}

impl<L, T> Default for Requests<L, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: fmt::Debug, T> fmt::Debug for Requests<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests ")?;
        f.debug_list().entries(self.labels()).finish()
    }
}

/// What [`multi_call`] gives: each call is in one of the two, in the order in which they ended.
#[derive(Clone, Debug)]
pub struct MultiCall<L, T> {
    /// The replies.
    pub replies: Vec<(L, T)>,
    /// The calls without a reply.
    pub failures: Vec<(L, CallError)>,
}

/// Makes many calls at the same time, and waits until each has ended, for at most `limit`.
///
/// `limit` replaces the time limit of each call; `Duration::MAX` waits for ever. A call that is not answered in time is among the
/// failures, with [`CallError::Timeout`]. As `gen_server:multi_call/4`, in one runtime; to call actors of different types, or to take each
/// reply as it comes, use [`Requests`]. In a handler these are calls like others: they wait no longer than its caller does, and one that
/// would wait for itself is told so.
///
/// # Cancel safety
/// Dropping the future abandons the calls, as dropping [`Requests`] does.
///
/// # Examples
/// ```
/// use ghostlight::{multi_call, prelude::*};
/// use std::time::Duration;
///
/// #[actor]
/// struct Vault {
///     balance: u64,
/// }
///
/// #[handlers]
/// impl Vault {
///     #[call]
///     fn balance(&self) -> u64 {
///         self.balance
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let vaults = [ghostlight::spawn(Vault { balance: 5 })?, ghostlight::spawn(Vault { balance: 7 })?];
/// let closed = ghostlight::spawn(Vault { balance: 9 })?;
/// closed.stop().await?;
/// let calls = vaults.iter().chain([&closed]).enumerate().map(|(i, vault)| (i, vault.balance()));
/// let balances = multi_call(calls, Duration::from_secs(1)).await;
/// assert_eq!(balances.replies, [(0, 5), (1, 7)]);
/// assert!(matches!(balances.failures[..], [(2, CallError::NoProc)]));
/// # Ok(())
/// # }
/// ```
#[allow(single_use_lifetimes, reason = "an anonymous one is not possible here")]
pub fn multi_call<'a, L, A, T>(
    calls: impl IntoIterator<Item = (L, Call<'a, A, T>)>,
    limit: Duration,
) -> impl Future<Output = MultiCall<L, T>>
where
    A: Spawn,
    T: Send + 'static,
{
    // Not in the future: what the iterator borrows, as a handler's context, need not be `Sync`.
    let calls: Vec<_> =
        calls.into_iter().map(|(label, call)| (label, call.timeout(limit).owned())).collect();
    async move {
        let mut requests = Requests::new();
        for (label, call) in calls {
            requests.make(label, call);
        }
        let (mut replies, mut failures) = (Vec::new(), Vec::new());
        while let Some((label, answer)) = requests.next().await {
            match answer {
                Ok(reply) => replies.push((label, reply)),
                Err(error) => failures.push((label, error)),
            }
        }
        MultiCall { replies, failures }
    }
}
