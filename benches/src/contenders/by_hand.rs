//! Actors written by hand on tokio: an enum of messages, an unbounded `mpsc`, a `oneshot` for each reply.

#[path = "by_hand/actors.rs"]
mod actors;

pub(crate) use actors::ByHand;
use tokio::sync::mpsc;

const NAME: &str = "by-hand";

type Sender<M> = mpsc::UnboundedSender<M>;
type Receiver<M> = mpsc::UnboundedReceiver<M>;

fn mailbox<M>() -> (Sender<M>, Receiver<M>) {
    mpsc::unbounded_channel()
}

/// From outside.
async fn send<M>(to: &Sender<M>, message: M) {
    send_now(to, message);
}

/// From a handler.
fn send_now<M>(to: &Sender<M>, message: M) {
    assert!(to.send(message).is_ok(), "the actor lives");
}
