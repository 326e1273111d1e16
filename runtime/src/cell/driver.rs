//! The task of an actor that has been sent a queued message: parked until there is work.

use super::{After, Process, frame};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// How many actors run in a row on one driver before others have their turn: each was activated by the one before it.
const CHAIN: usize = 16;

/// Starts the driver of an actor.
pub(super) fn start(process: Arc<dyn Process>) {
    let node = Arc::clone(&process.header().node);
    node.spawn(Driver { process });
}

struct Driver {
    process: Arc<dyn Process>,
}

impl Future for Driver {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let header = self.process.header();
        header.driver.get_or_init(|| cx.waker().clone());
        let driving = frame::Driving::enter(&header.node);
        let after = Arc::clone(&self.process).run();
        for _ in 0..CHAIN {
            let Some(process) = frame::next() else { break };
            if Arc::clone(&process).run() == After::More {
                process.header().wake_driver(&process);
            }
        }
        drop(driving);
        match after {
            After::Rest => Poll::Pending,
            After::More => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            After::Done => Poll::Ready(()),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.process.is_done() {
            self.process.node_down();
        }
    }
}
