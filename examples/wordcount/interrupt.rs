//! Ctrl-C.

use std::{future, process};
use tokio::{
    signal::ctrl_c,
    sync::watch::{Receiver, Sender},
};

/// The exit status of a program that was ended by Ctrl-C, as a shell gives it.
pub(crate) const STATUS: u8 = 130;

/// Tells a run that the user pressed Ctrl-C.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(Sender<()>);

/// A run's own ear.
#[derive(Debug)]
pub(crate) struct Interrupted(Receiver<()>);

impl Interrupt {
    /// From now on the first Ctrl-C is told to the run that is going on, which stops in order. Another one ends the program at once, as
    /// the first does where nothing is going on.
    pub(crate) async fn listen() -> Self {
        let sender = Sender::new(());
        let interrupt = Self(sender.clone());
        let mut first = Box::pin(ctrl_c());
        // What is polled once is listening.
        let heard = tokio::select! {
            biased;
            heard = &mut first => Some(heard),
            () = future::ready(()) => None,
        };
        if heard.is_none() {
            tokio::spawn(async move {
                let is_heard = first.await.is_ok();
                let is_going_on = is_heard && sender.send(()).is_ok();
                if is_heard && (!is_going_on || ctrl_c().await.is_ok()) {
                    process::exit(STATUS.into());
                }
            });
        }
        interrupt
    }

    pub(crate) fn subscribe(&self) -> Interrupted {
        Interrupted(self.0.subscribe())
    }
}

impl Interrupted {
    /// Ready when the user has pressed Ctrl-C.
    pub(crate) async fn heard(&mut self) {
        if self.0.changed().await.is_err() {
            future::pending::<()>().await;
        }
    }
}
