//! As `by_hand`, with mailboxes of the size that Ghostlight's have: what one gets who cares about memory.

#[path = "by_hand/actors.rs"]
#[allow(clippy::duplicate_mod, reason = "the same actors with another mailbox")]
mod actors;

pub(crate) use actors::ByHand as ByHandBounded;
use tokio::sync::mpsc;

const NAME: &str = "by-hand-bounded";

/// Ghostlight's default.
const MAILBOX: usize = 1_024;

type Sender<M> = mpsc::Sender<M>;
type Receiver<M> = mpsc::Receiver<M>;

fn mailbox<M>() -> (Sender<M>, Receiver<M>) {
    mpsc::channel(MAILBOX)
}

/// From outside: waits for room.
async fn send<M>(to: &Sender<M>, message: M) {
    assert!(to.send(message).await.is_ok(), "the actor lives");
}

/// From a handler, which must not wait for its like.
fn send_now<M>(to: &Sender<M>, message: M) {
    assert!(to.try_send(message).is_ok(), "the actor lives and has room");
}
