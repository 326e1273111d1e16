//! Savina's `bank`: many accounts, and many tasks that have them transfer money to each other.

use super::{Measured, nanoseconds};
use crate::contender::{Chance, Contender};
use std::{sync::Arc, time::Instant};

const ACCOUNTS: usize = 1_000;
const CALLERS: u64 = 64;

/// What is in each account at first: more than is ever taken off.
const BALANCE: u64 = 1_000_000_000;

/// Nanoseconds per transfer.
pub(super) async fn time<C: Contender>(transfers: u64) -> Measured {
    let mut accounts = Vec::new();
    for _ in 0..ACCOUNTS {
        accounts.push(C::account(BALANCE).await);
    }
    let accounts = Arc::new(accounts);
    let each = transfers.div_ceil(CALLERS);
    round::<C>(&accounts, each.div_ceil(10)).await;

    let start = Instant::now();
    round::<C>(&accounts, each).await;
    let figure = nanoseconds(start.elapsed(), each * CALLERS);

    let mut seen = 0;
    for account in accounts.iter() {
        seen += C::balance(account).await;
    }
    Measured { figure, seen, expected: BALANCE * ACCOUNTS as u64 }
}

/// Each caller has so many transfers done, one after the other.
async fn round<C: Contender>(accounts: &Arc<Vec<C::Account>>, each: u64) {
    let callers = (0..CALLERS).map(|caller| {
        let accounts = accounts.clone();
        let mut chance = Chance::new(caller);
        tokio::spawn(async move {
            for _ in 0..each {
                // Money goes forward only: no two accounts wait for each other.
                let from = chance.below(ACCOUNTS - 1);
                let to = from + 1 + chance.below(ACCOUNTS - 1 - from);
                C::transfer(&accounts[from], &accounts[to], 1).await;
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.expect("it calls");
    }
}
