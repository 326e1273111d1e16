//! A token goes round a ring of actors, by casts.

use super::{Measured, nanoseconds};
use crate::contender::Contender;
use std::time::Instant;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// As in Erlang's well-known benchmark.
const ACTORS: u64 = 503;

/// Nanoseconds per hop.
pub(super) async fn time<C: Contender>(hops: u64) -> Measured {
    let (sender, mut finished) = unbounded_channel();
    let mut nodes = Vec::new();
    for index in 0..ACTORS {
        nodes.push(C::node(index, sender.clone()).await);
    }
    for (node, next) in nodes.iter().zip(nodes.iter().cycle().skip(1)) {
        C::set_next(node, next).await;
    }
    round::<C>(&nodes[0], hops.div_ceil(10), &mut finished).await;

    let start = Instant::now();
    let seen = round::<C>(&nodes[0], hops, &mut finished).await;
    let figure = nanoseconds(start.elapsed(), hops);
    Measured { figure, seen, expected: hops % ACTORS }
}

/// Passes a token on `hops` times. Returns with whom it ends.
async fn round<C: Contender>(
    first: &C::Node,
    hops: u64,
    finished: &mut UnboundedReceiver<u64>,
) -> u64 {
    C::hop(first, hops).await;
    finished.recv().await.expect("the nodes live")
}
