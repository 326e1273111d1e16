//! Savina's `big`: many actors, each of whom pings another by chance, and waits for the pong before the next.

use super::{Measured, nanoseconds};
use crate::contender::{Chance, Contender};
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const PEERS: u64 = 64;

/// Nanoseconds per ping with its pong.
pub(super) async fn time<C: Contender>(pings: u64) -> Measured {
    let (sender, mut finished) = unbounded_channel();
    let mut peers = Vec::new();
    for index in 0..PEERS {
        peers.push(C::peer(Chance::new(index), sender.clone()).await);
    }
    for peer in &peers {
        C::meet(peer, peers.clone()).await;
    }
    let each = pings.div_ceil(PEERS);
    round::<C>(&peers, each.div_ceil(10), &mut finished).await;

    let start = Instant::now();
    let seen = round::<C>(&peers, each, &mut finished).await;
    let figure = nanoseconds(start.elapsed(), each * PEERS);
    Measured { figure, seen, expected: each * PEERS }
}

/// Everybody pings so often. Returns how many pongs they got together.
async fn round<C: Contender>(
    peers: &[C::Peer],
    each: u64,
    finished: &mut UnboundedReceiver<u64>,
) -> u64 {
    for peer in peers {
        C::play(peer, each).await;
    }
    let mut pongs = 0;
    for _ in peers {
        pongs += finished.recv().await.expect("the peers live");
    }
    pongs
}
