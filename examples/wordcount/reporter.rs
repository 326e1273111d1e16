//! The reporter shows how far the job is.

use crate::{
    account::megabytes,
    ledger::{LedgerRef, Progress},
};
use ghostlight::prelude::*;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// How often the bar moves.
const MOVE: Duration = Duration::from_millis(100);

/// How often there is a line where there is no bar.
const LINE: Duration = Duration::from_secs(5);

/// How many of the paths that are skipped have a line of their own; the closing line has all of them, by reason.
const SKIPS: usize = 50;

/// Asks the ledger, again and again, and shows what it says: a bar on a terminal, plain lines elsewhere.
#[actor]
pub(crate) struct Reporter {
    ledger: LedgerRef,
    bar: Option<ProgressBar>,
    began: Instant,
    last_line: Instant,
    /// How many skipped paths it knows of.
    skipped: usize,
}

#[handlers(derive(Clone))]
impl Reporter {
    #[init]
    pub(crate) fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self {
        ctx.send_interval(MOVE, ReporterInfo::Tick);
        let bar = io::stderr().is_terminal().then(bar);
        let began = Instant::now();
        Self { ledger, bar, began, last_line: began, skipped: 0 }
    }

    #[info]
    async fn tick(&mut self) -> Result<(), CallError> {
        let progress = self.ledger.progress(self.skipped).await?;
        self.show(&progress);
        if self.bar.is_none() && self.last_line.elapsed() >= LINE {
            self.last_line = Instant::now();
            let Progress { found, settled, .. } = progress;
            self.say(&format!("{settled} of {found} files, {}", self.speed(&progress)));
        }
        Ok(())
    }

    /// Shows what is new for the last time, takes the bar away, and ends.
    #[call]
    pub(crate) async fn close(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        let progress = self.ledger.progress(self.skipped).await?;
        self.show(&progress);
        if self.skipped > SKIPS {
            self.say(&format!("skipped {} more", self.skipped - SKIPS));
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        ctx.stop(ExitReason::Normal);
        Ok(())
    }

    fn show(&mut self, progress: &Progress) {
        let room = SKIPS.saturating_sub(self.skipped);
        for skip in progress.skipped.iter().take(room) {
            self.say(&skip.to_string());
        }
        self.skipped += progress.skipped.len();
        if let Some(bar) = &self.bar {
            bar.set_length(progress.found);
            bar.set_position(progress.settled);
            bar.set_message(self.speed(progress));
        }
    }

    fn speed(&self, progress: &Progress) -> String {
        let megabytes = megabytes(progress.bytes);
        let seconds = self.began.elapsed().as_secs_f64().max(1e-3);
        format!("{megabytes:.1} MB, {:.1} MB/s", megabytes / seconds)
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            // Nobody is there to be told that standard error is closed.
            None => drop(writeln!(io::stderr(), "{line}")),
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos} of {len} files, {msg}");
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
