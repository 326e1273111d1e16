//! What the user asks for.

use crate::crash::Crashes;
use clap::{Parser, value_parser};
use std::{env, error::Error, fmt, fs, num::NonZero, path::PathBuf, thread};

/// How many crashes in a second a supervisor survives that nobody asked for.
const UNASKED: u32 = 100;

/// Counts the words of many files, with actors that crash and lose nothing.
///
/// A word is a longest run of letters, digits (of any script, as Unicode has them) and `_`, in lower case; nothing is
/// normalized, and of a word longer than 64 KiB the first 64 KiB count. Symbolic links are followed; a file counts once,
/// however many paths and links lead to it. Skipped, with a line each: what is not a file, what cannot be read, what has a
/// NUL byte in its first 8 KiB, what is not UTF-8 from its first byte to its last.
///
/// Ctrl-C stops in order and shows what was counted until then; pressed again, it ends the program at once.
///
/// The exit status is 0 if every PATH was there, nothing was lost, and `--verify` agrees; 1 if not; 130 after Ctrl-C.
#[derive(Debug, Parser)]
#[command(name = "wordcount", version)]
pub(crate) struct Arguments {
    /// Files, and folders to be walked; without any, the sources of the crates that cargo has downloaded.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// How many workers count at the same time [default: as many as there are cores].
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    workers: Option<u16>,

    /// How many of the most frequent words to show.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,

    /// Count again, in one plain loop, and compare.
    #[arg(long)]
    pub(crate) verify: bool,

    /// Measure: count ROUNDS times each with actors that crash, with actors that do not, and with plain threads, in turn, and
    /// compare the medians.
    #[arg(long, value_name = "ROUNDS", value_parser = value_parser!(u16).range(1..))]
    pub(crate) compare: Option<u16>,

    /// Crash a worker in the middle of every Nth file, once; 0 for never.
    #[arg(long, value_name = "N", default_value_t = 100)]
    crash_every: u64,

    /// Crash a shard in the middle of every Nth part of a file that it is sent, once; 0 for never.
    #[arg(long, value_name = "N", default_value_t = 0)]
    crash_shards: u64,

    /// How many crashes in a second a supervisor survives before it gives up [default: 100, and more than there can be where
    /// crashes are asked for].
    #[arg(long, value_name = "N")]
    intensity: Option<u32>,
}

impl Arguments {
    /// How many workers are wanted.
    pub(crate) fn workers(&self) -> usize {
        match self.workers {
            Some(workers) => workers.into(),
            None => thread::available_parallelism().map_or(1, NonZero::get).min(1024),
        }
    }

    /// Which crashes are wanted.
    pub(crate) fn crashes(&self) -> Crashes {
        let [workers, shards] = [self.crash_every, self.crash_shards].map(NonZero::new);
        Crashes { workers, shards }
    }

    /// How many crashes in a second a supervisor survives.
    ///
    /// Each of those that are asked for happens once, so it is no sign that a restart does not help; and there may be as many as there
    /// are files in a second. The bound is for others: a worker that crashes whatever it does reaches it in seconds.
    pub(crate) fn intensity(&self) -> u32 {
        let default = if self.crashes().never() { UNASKED } else { 1_000_000 };
        self.intensity.unwrap_or(default)
    }

    /// Where to look: the paths that were given, or where cargo keeps the sources it has downloaded.
    pub(crate) fn roots(&self) -> Result<Vec<PathBuf>, NoSources> {
        if !self.paths.is_empty() {
            return Ok(self.paths.clone());
        }
        let sources = cargo_home().map(|home| home.join("registry").join("src"));
        match sources {
            Some(sources)
                if fs::read_dir(&sources).is_ok_and(|mut found| found.next().is_some()) =>
            {
                Ok(vec![sources])
            }
            looked_in => Err(NoSources { looked_in }),
        }
    }
}

fn cargo_home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    set.or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// No PATH was given, and cargo has downloaded nothing.
#[derive(Debug)]
pub(crate) struct NoSources {
    looked_in: Option<PathBuf>,
}

impl fmt::Display for NoSources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cargo has not downloaded the sources of any crate")?;
        if let Some(place) = &self.looked_in {
            write!(f, " to {}", place.display())?;
        }
        f.write_str(": give a PATH")
    }
}

impl Error for NoSources {}
