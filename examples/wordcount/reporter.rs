//! The reporter shows how far the job is.

use crate::{
    account::{Crashes, megabytes},
    ledger::{LedgerRef, Progress},
    screen,
    worker::PoolRef,
};
use ghostlight::{SupervisorRef, prelude::*};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

/// How often the bar moves.
const MOVE: Duration = Duration::from_millis(100);

/// How often there is a line where there is no bar.
const LINE: Duration = Duration::from_secs(5);

/// How many of the paths that are skipped have a line of their own; the closing line has all of them, by reason.
const SKIPS: usize = 50;

/// Whom the reporter asks.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) ledger: LedgerRef,
    pub(crate) shards: SupervisorRef,
    pub(crate) pool: PoolRef,
}

/// Asks, again and again, and shows what it is told: a bar on a terminal, plain lines elsewhere.
#[actor(restart = transient)]
pub(crate) struct Reporter {
    watched: Watched,
    bar: Option<ProgressBar>,
    began: Instant,
    last_line: Instant,
    /// How many skipped paths it knows of.
    skipped: usize,
}

#[handlers(derive(Clone))]
impl Reporter {
    #[init]
    pub(crate) fn open(watched: Watched, shows_progress: bool, ctx: &mut Ctx<Self>) -> Self {
        if shows_progress {
            ctx.send_interval(MOVE, ReporterInfo::Tick);
        }
        let bar = (shows_progress && io::stderr().is_terminal()).then(bar);
        screen::set_bar(bar.clone());
        let began = Instant::now();
        Self { watched, bar, began, last_line: began, skipped: 0 }
    }

    #[info]
    async fn tick(&mut self) -> Result<(), CallError> {
        let progress = self.watched.ledger.progress(self.skipped).await?;
        self.say_skips(&progress);
        if let Some(bar) = &self.bar {
            bar.set_length(progress.found);
            bar.set_position(progress.settled);
            bar.set_message(self.state(&progress).await?);
        } else if self.last_line.elapsed() >= LINE {
            self.last_line = Instant::now();
            let Progress { found, settled, .. } = progress;
            let state = self.state(&progress).await?;
            screen::say(&format!("{settled} of {found} files, {state}"));
        }
        Ok(())
    }

    /// Shows what is new for the last time, takes the bar away, and ends.
    #[call]
    pub(crate) async fn close(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        let progress = self.watched.ledger.progress(self.skipped).await?;
        self.say_skips(&progress);
        if self.skipped > SKIPS {
            screen::say(&format!("skipped {} more", self.skipped - SKIPS));
        }
        ctx.stop(ExitReason::Normal);
        Ok(())
    }

    #[terminate]
    fn take_away(&mut self) {
        screen::set_bar(None);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say_skips(&mut self, progress: &Progress) {
        let room = SKIPS.saturating_sub(self.skipped);
        for skip in progress.skipped.iter().take(room) {
            screen::say(&skip.to_string());
        }
        self.skipped += progress.skipped.len();
    }

    /// `12.3 MB, 45.6 MB/s, 7 crashes, 7 restarts`
    async fn state(&self, progress: &Progress) -> Result<String, CallError> {
        let Watched { shards, pool, .. } = &self.watched;
        let crashes = Crashes::of([shards.count_children().await?, pool.count_children().await?]);
        let megabytes = megabytes(progress.bytes);
        let seconds = self.began.elapsed().as_secs_f64().max(1e-3);
        Ok(format!("{megabytes:.1} MB, {:.1} MB/s, {crashes}", megabytes / seconds))
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos} of {len} files, {msg}");
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
