//! The reporter shows how far the job is.

use crate::{
    account::{Progress, megabytes},
    console,
    crash::Toll,
    ledger::LedgerRef,
    worker::Worker,
};
use ghostlight::{DynamicSupervisorRef, SupervisorRef, prelude::*};
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

/// Asks the ledger and the supervisors, again and again, and shows what they say: a bar on a terminal, plain lines elsewhere.
#[actor]
pub(crate) struct Reporter {
    ledger: LedgerRef,
    shards: SupervisorRef,
    pool: DynamicSupervisorRef<Worker>,
    bar: Option<ProgressBar>,
    /// There is something to show.
    timer: Option<TimerRef>,
    began: Instant,
    last_line: Instant,
    /// How many skipped paths it knows of.
    skipped: usize,
    toll: Toll,
}

#[handlers(derive(Clone))]
impl Reporter {
    #[init]
    pub(crate) fn open(
        shown: bool,
        ledger: LedgerRef,
        shards: SupervisorRef,
        pool: DynamicSupervisorRef<Worker>,
        ctx: &mut Ctx<Self>,
    ) -> Self {
        let (mut bar, mut timer) = (None, None);
        if shown {
            timer = Some(ctx.send_interval(MOVE, ReporterInfo::Tick));
            bar = io::stderr().is_terminal().then(new_bar);
            console::set_bar(bar.clone());
        }
        let began = Instant::now();
        let toll = Toll::default();
        Self { ledger, shards, pool, bar, timer, began, last_line: began, skipped: 0, toll }
    }

    #[info]
    async fn tick(&mut self) -> Result<(), CallError> {
        let progress = self.ledger.progress(self.skipped).await?;
        // A supervisor that is being restarted is asked the next time.
        if let (Ok(shards), Ok(pool)) =
            (self.shards.count_children().await, self.pool.count_children().await)
        {
            self.toll = [shards, pool].into_iter().collect();
        }
        self.show(&progress);
        if self.bar.is_none() && self.last_line.elapsed() >= LINE {
            self.last_line = Instant::now();
            let Progress { found, settled, .. } = progress;
            console::note(&format!("{settled} of {found} files, {}", self.speed(&progress)));
        }
        Ok(())
    }

    /// Shows what is new for the last time, and takes the bar away.
    #[call]
    pub(crate) async fn finish(&mut self, ctx: &mut Ctx<Self>) -> Result<(), CallError> {
        let Some(timer) = self.timer.take() else { return Ok(()) };
        ctx.cancel_timer(timer);
        let progress = self.ledger.progress(self.skipped).await?;
        self.show(&progress);
        if self.skipped > SKIPS {
            console::note(&format!("skipped {} more", self.skipped - SKIPS));
        }
        if let Some(bar) = self.bar.take() {
            console::set_bar(None);
            bar.finish_and_clear();
        }
        Ok(())
    }

    fn show(&mut self, progress: &Progress) {
        let room = SKIPS.saturating_sub(self.skipped);
        for skip in progress.skipped.iter().take(room) {
            console::note(&skip.to_string());
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
        format!("{megabytes:.1} MB, {:.1} MB/s, {}", megabytes / seconds, self.toll)
    }
}

fn new_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos} of {len} files, {msg}");
    ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
