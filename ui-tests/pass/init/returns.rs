//! What an `#[init]` may return.

use ghostlight::prelude::*;
use std::io;

macro_rules! init_returns {
    ($actor:ident, $output:ty, $state:expr) => {
        #[actor]
        struct $actor;

        #[handlers]
        impl $actor {
            #[init]
            fn new() -> $output {
                $state
            }
        }
    };
}

init_returns!(Plain, Self, Self);
init_returns!(Chosen, Option<Self>, Some(Self));
init_returns!(Tried, Result<Self, io::Error>, Ok(Self));
init_returns!(Both, Result<Option<Self>, io::Error>, Ok(Some(Self)));
init_returns!(Reasoned, Result<Self, ExitReason>, Ok(Self));

fn main() {
    let _ = (Plain::start(), Chosen::start(), Tried::start(), Both::start(), Reasoned::start());
}
