//! A message on its way into a mailbox, whatever it is.

use crate::{
    CastError,
    cell::{
        Posted, Process, frame,
        mailbox::{Place, Turn},
        waits::Wait,
    },
    limits::{Alarm, Until},
};
use std::{
    cell::Cell,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};
use tokio::{task::coop, time::Instant};

/// A cast is a fraction of what tokio counts as one operation: one in so many spends a unit of its task's budget, so that a task
/// which casts without end gives others their turn, and not more often than it should.
const PER_UNIT: u8 = 4;

thread_local! {
    static CASTS: Cell<u8> = const { Cell::new(0) };
}

/// Whether this cast is the one that spends.
#[inline]
fn spends() -> bool {
    let casts = (CASTS.get() + 1) % PER_UNIT;
    CASTS.set(casts);
    casts == 0
}

/// Where messages of one kind go.
pub(crate) trait Mail {
    /// What goes into the mailbox.
    type Parcel;

    /// `None` where nobody has the name.
    fn process(&self) -> Option<&Arc<dyn Process>>;

    /// Puts a parcel into the mailbox; where that has no room, joins the line, if there is a waker to be woken. To nobody it is gone.
    fn post(&self, parcel: Self::Parcel, waker: Option<&Waker>) -> Posted<Self::Parcel>;

    /// Puts a parcel that waits for room into the mailbox, if it is its turn.
    fn turn(
        &self,
        parcel: Self::Parcel,
        place: Place,
        waker: &Waker,
    ) -> Result<(), (Turn, Self::Parcel)>;

    /// One that waited for room does not any more.
    #[cold]
    fn leave_line(&self, place: Place) {
        if let Some(process) = self.process() {
            process.leave_line(place);
        }
    }
}

/// A cast that is being sent.
pub(crate) struct Casting<M: Mail> {
    to: M,
    /// `None` once it has been sent.
    parcel: Option<M::Parcel>,
    /// The place in the line for room.
    place: Option<Place>,
    /// Where a handler waits for it.
    inside: Option<Box<Inside>>,
}

/// A handler waits for room: it does not wait for itself, nor for longer than its caller does.
struct Inside {
    wait: Wait,
    alarm: Alarm,
}

impl Inside {
    /// `None` outside of handlers.
    fn begin(process: &Arc<dyn Process>) -> Result<Option<Box<Self>>, Ring> {
        let wait = Wait::begin(process).map_err(|_| Ring)?;
        let now = Instant::now();
        let until = frame::deadline()
            .map(|deadline| Until { deadline, limit: deadline.saturating_duration_since(now) });
        Ok(wait.map(|wait| Box::new(Self { wait, alarm: Alarm::new(until) })))
    }

    fn is_late(&mut self, process: &dyn Process, cx: &mut Context<'_>) -> bool {
        let Self { wait, alarm } = self;
        alarm.is_late(&process.header().node, wait.slot(), cx)
    }
}

/// It would wait for itself.
struct Ring;

impl<M: Mail> Casting<M> {
    #[inline]
    pub(crate) fn new(to: M, parcel: M::Parcel) -> Self {
        Self { to, parcel: Some(parcel), place: None, inside: None }
    }

    pub(crate) fn to(&self) -> &M {
        &self.to
    }

    #[inline]
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), CastError<M::Parcel>>> {
        if spends() {
            ready!(coop::poll_proceed(cx)).made_progress();
        }
        let Some(parcel) = self.parcel.take() else {
            return Poll::Pending;
        };
        if let Some(place) = self.place {
            return self.wait_at(place, parcel, cx);
        }
        match self.to.post(parcel, None) {
            Posted::Sent => Poll::Ready(Ok(())),
            Posted::Gone(parcel) => Poll::Ready(Err(CastError::NoProc(parcel))),
            Posted::NoRoom(parcel, _) => self.join_line(parcel, cx),
        }
    }

    #[cold]
    fn join_line(
        &mut self,
        parcel: M::Parcel,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), CastError<M::Parcel>>> {
        if let (Some(_), Some(process)) = (frame::current(), self.to.process()) {
            self.inside = match Inside::begin(process) {
                Ok(inside) => inside,
                Err(Ring) => return Poll::Ready(Err(CastError::WouldDeadlock(parcel))),
            };
        }
        match self.to.post(parcel, Some(cx.waker())) {
            Posted::Sent => {
                self.inside = None;
                Poll::Ready(Ok(()))
            }
            Posted::Gone(parcel) => Poll::Ready(Err(CastError::NoProc(parcel))),
            Posted::NoRoom(parcel, place) => {
                self.place = place;
                self.wait(parcel, cx)
            }
        }
    }

    #[cold]
    fn wait_at(
        &mut self,
        place: Place,
        parcel: M::Parcel,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), CastError<M::Parcel>>> {
        match self.to.turn(parcel, place, cx.waker()) {
            Ok(()) => {
                (self.place, self.inside) = (None, None);
                Poll::Ready(Ok(()))
            }
            Err((Turn::Closed, parcel)) => {
                self.place = None;
                Poll::Ready(Err(CastError::NoProc(parcel)))
            }
            Err((_, parcel)) => self.wait(parcel, cx),
        }
    }

    fn wait(
        &mut self,
        parcel: M::Parcel,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), CastError<M::Parcel>>> {
        if let (Some(inside), Some(process)) = (&mut self.inside, self.to.process())
            && inside.wait.look(process, cx).is_err()
        {
            if let Some(place) = self.place.take() {
                self.to.leave_line(place);
            }
            return Poll::Ready(Err(CastError::WouldDeadlock(parcel)));
        }
        if let (Some(inside), Some(process)) = (&mut self.inside, self.to.process())
            && inside.is_late(&**process, cx)
        {
            if let Some(place) = self.place.take() {
                self.to.leave_line(place);
            }
            return Poll::Ready(Err(CastError::Full(parcel)));
        }
        frame::flush();
        self.parcel = Some(parcel);
        Poll::Pending
    }
}

impl<M: Mail> Drop for Casting<M> {
    #[inline]
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.to.leave_line(place);
        }
    }
}
