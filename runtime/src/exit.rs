//! Why an actor ends.

use std::{any::Any, error::Error, fmt, mem, panic::PanicHookInfo, sync::Arc};

/// Why an actor ended, or is to end.
///
/// [`Normal`](Self::Normal) and [`Shutdown`](Self::Shutdown) are orderly ends; an end for any other reason is a
/// **crash**. Any error type converts into a reason, so that `?` in a `#[cast]` or `#[info]` handler means "let it
/// crash".
///
/// As in Erlang: `normal`, `shutdown`, `killed`, and the term that an error or a panic leaves behind.
#[derive(Clone)]
#[non_exhaustive]
pub enum ExitReason {
    /// The actor had nothing more to do.
    Normal,
    /// It was asked to stop, by its supervisor or as part of an orderly shutdown.
    Shutdown,
    /// It was killed, and had no say in it.
    Killed,
    /// There was no such actor, or not any more: what a monitor of it or a link to it is told. OTP's `noproc`.
    NoProc,
    /// A handler, or the code that started the actor, failed with this error.
    Error(ExitError),
    /// A handler panicked.
    Panic(PanicMessage),
}

impl ExitReason {
    /// A crash with this error: for what does not convert by itself, as a text or a boxed error.
    ///
    /// Types that implement [`Error`] convert with `?`; for the others write `.map_err(ExitReason::crash)?`.
    ///
    /// # Examples
    /// ```
    /// # use ghostlight::ExitReason;
    /// assert_eq!(ExitReason::crash("no ink").to_string(), "no ink");
    /// ```
    pub fn crash(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Error(ExitError(Arc::new(error.into())))
    }

    /// Whether the end was orderly: [`Normal`](Self::Normal) or [`Shutdown`](Self::Shutdown).
    #[must_use]
    pub fn is_orderly(&self) -> bool {
        matches!(self, Self::Normal | Self::Shutdown)
    }

    /// Whether this is `other`: the same kind of end, or the very same crash.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Normal, Self::Normal)
            | (Self::Shutdown, Self::Shutdown)
            | (Self::Killed, Self::Killed)
            | (Self::NoProc, Self::NoProc) => true,
            (Self::Error(one), Self::Error(two)) => Arc::ptr_eq(&one.0, &two.0),
            (Self::Panic(one), Self::Panic(two)) => Arc::ptr_eq(&one.0, &two.0),
            _ => false,
        }
    }

    /// The error behind a crash, where there is one.
    #[must_use]
    pub fn error(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self {
            Self::Error(error) => Some(error.get()),
            _ => None,
        }
    }

    /// The reason that a panic leaves behind; `seen` is the last panic that began on this thread.
    pub(crate) fn from_panic(payload: Box<dyn Any + Send>, seen: Option<PanicSeen>) -> Self {
        let text = panic_text(&*payload).map(Box::from);
        if text.is_none() {
            // Dropping a foreign payload may itself panic; the life is over either way.
            mem::forget(payload);
        }
        // A destructor may have panicked since, and caught it: no place is better than that one's.
        let location = seen.filter(|seen| seen.text == text).map(|seen| seen.location);
        let text = text.unwrap_or_else(|| Box::from("a panic without a text"));
        Self::Panic(PanicMessage(Arc::new(Panicked { text, location })))
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for ExitReason {
    fn from(error: E) -> Self {
        Self::crash(error)
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal => f.write_str("normal"),
            Self::Shutdown => f.write_str("shutdown"),
            Self::Killed => f.write_str("killed"),
            Self::NoProc => f.write_str("no such actor"),
            Self::Error(error) => fmt::Display::fmt(error.get(), f),
            Self::Panic(message) => write!(f, "panicked: {}", message.text()),
        }
    }
}

impl fmt::Debug for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Normal => f.write_str("Normal"),
            Self::Shutdown => f.write_str("Shutdown"),
            Self::Killed => f.write_str("Killed"),
            Self::NoProc => f.write_str("NoProc"),
            Self::Error(error) => f.debug_tuple("Error").field(&error.get()).finish(),
            Self::Panic(message) => f.debug_tuple("Panic").field(&message.text()).finish(),
        }
    }
}

/// The error that made an actor crash, shared by everyone who is told of it.
#[derive(Clone)]
pub struct ExitError(Arc<Box<dyn Error + Send + Sync>>);

impl ExitError {
    /// The error itself; `downcast_ref` gives it its type back.
    #[must_use]
    pub fn get(&self) -> &(dyn Error + Send + Sync + 'static) {
        &**self.0
    }
}

impl fmt::Debug for ExitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.get(), f)
    }
}

/// What a panic said, and where.
#[derive(Clone)]
pub struct PanicMessage(Arc<Panicked>);

struct Panicked {
    text: Box<str>,
    location: Option<Box<str>>,
}

impl PanicMessage {
    /// The text given to `panic!`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where that was: `src/vault.rs:31:9`.
    ///
    /// A panic hook sees it. The first actor of a program adds one, which calls the one that is there; `None` where a later hook calls
    /// no other, and for a panic that came from another thread.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.0.location.as_deref()
    }
}

impl fmt::Debug for PanicMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text(), f)
    }
}

/// A panic that has begun, as a hook sees it.
pub(crate) struct PanicSeen {
    text: Option<Box<str>>,
    location: Box<str>,
}

impl PanicSeen {
    pub(crate) fn new(info: &PanicHookInfo<'_>) -> Option<Self> {
        let location = info.location()?.to_string().into();
        Some(Self { text: panic_text(info.payload()).map(Box::from), location })
    }
}

fn panic_text(payload: &(dyn Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}
