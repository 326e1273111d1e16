//! The same job without actors, to compare with: the same walk, and the same counting of a file.

use crate::{
    account::{Account, End, Totals},
    count::Counter,
    skip::Skip,
    tally::Tally,
    walk::{Find, Walk},
};
use std::{
    iter,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

/// One plain loop, on this thread.
pub(crate) fn one_loop(roots: Vec<PathBuf>) -> Totals {
    let began = Instant::now();
    let (account, tally) = count_all(Walk::new(roots));
    totals(account, tally, began)
}

/// As many threads as there are workers; each takes the next file, and what they have counted is added up at the end.
pub(crate) fn threads(roots: Vec<PathBuf>, workers: usize) -> Totals {
    let began = Instant::now();
    let walk = Mutex::new(Walk::new(roots));
    let next = || walk.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (mut account, mut total) = (Account::default(), Tally::default());
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..workers).map(|_| scope.spawn(|| count_all(iter::from_fn(next)))).collect();
        for (nth, thread) in threads.into_iter().enumerate() {
            // A thread that panicked takes its counts with it: they are missing in the comparison.
            let Ok((its_account, its_tally)) = thread.join() else {
                continue;
            };
            account.merge(its_account);
            if nth == 0 {
                total = its_tally;
            } else {
                total.merge(its_tally.as_part());
            }
        }
    });
    totals(account, total, began)
}

fn totals(account: Account, tally: Tally, began: Instant) -> Totals {
    let (tallies, time) = (vec![tally], began.elapsed());
    Totals { account, tallies, end: End::Settled, toll: None, time }
}

fn count_all(finds: impl Iterator<Item = Find>) -> (Account, Tally) {
    let (mut account, mut total) = (Account::default(), Tally::default());
    let (mut counter, mut tally) = (Counter::new(), Tally::default());
    for find in finds {
        account.found += 1;
        let file = match find {
            Find::File(file) => file,
            Find::Skip(skip) => {
                account.skipped.push(skip);
                continue;
            }
        };
        match counter.count(&file.path, &mut tally, || {}) {
            Ok(bytes) => {
                account.counted += 1;
                account.bytes += bytes;
                account.words += tally.total();
                total.merge(tally.as_part());
            }
            Err(reason) => account.skipped.push(Skip { path: file.path, reason }),
        }
    }
    (account, total)
}
