//! A program that runs until it is told to end, by SIGTERM or Ctrl-C, and then ends in order.
//!
//! `cargo run --example service`

use ghostlight::{Program, prelude::*};
use std::{error::Error, time::Duration};

/// Keeps what it was told until it is written down.
#[actor]
struct Journal {
    lines: Vec<String>,
}

#[handlers]
impl Journal {
    #[init]
    fn open() -> Self {
        println!("the journal is open");
        Self { lines: vec![] }
    }

    #[cast]
    fn note(&mut self, line: String) {
        self.lines.push(line);
    }

    #[terminate]
    fn close(&mut self) {
        println!("the journal is closed, {} lines", self.lines.len());
    }
}

/// Has something to say from time to time.
#[actor]
struct Clock {
    journal: JournalRef,
    ticks: u32,
}

#[derive(Clone)]
struct Tick;

#[handlers]
impl Clock {
    #[init]
    fn wind(journal: JournalRef, ctx: &mut Ctx<Self>) -> Self {
        ctx.send_interval(Duration::from_millis(100), Tick);
        Self { journal, ticks: 0 }
    }

    #[info]
    async fn tick(&mut self, _tick: Tick) -> Result<(), ExitReason> {
        self.ticks += 1;
        if self.ticks == 1 {
            println!("the clock ticks: end it with Ctrl-C, or SIGTERM");
        }
        Ok(self.journal.note(format!("tick {}", self.ticks)).await?)
    }

    #[terminate]
    fn stop(&mut self) {
        println!("the clock has stopped");
    }
}

/// The whole program. The clock needs the journal, and ends before it.
struct Service;

#[supervisor(strategy = rest_for_one)]
impl Service {
    #[child]
    fn journal(&self) -> ChildSpec<Journal> {
        Journal::child_spec()
    }

    #[child]
    fn clock(&self, journal: JournalRef) -> ChildSpec<Clock> {
        Clock::child_spec(journal)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = Service.start().await?;
    let ended = Program::new(&service).limit(Duration::from_secs(10)).run().await?.in_order()?;
    println!("{ended}");
    Ok(())
}
