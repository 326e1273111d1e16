//! The tests that the examples carry with their parts: cargo builds an example as a program or as a test, and other tests need the
//! programs.

#![allow(dead_code, unused_imports, reason = "only what is tested is used here")]

#[path = "../bank.rs"]
mod bank;

#[path = "../wordcount/account.rs"]
mod account;
#[path = "../wordcount/console.rs"]
mod console;
#[path = "../wordcount/count.rs"]
mod count;
#[path = "../wordcount/crash.rs"]
mod crash;
#[path = "../wordcount/job.rs"]
mod job;
#[path = "../wordcount/keeper.rs"]
mod keeper;
#[path = "../wordcount/ledger.rs"]
mod ledger;
#[path = "../wordcount/shard.rs"]
mod shard;
#[path = "../wordcount/skip.rs"]
mod skip;
#[path = "../wordcount/table.rs"]
mod table;
#[path = "../wordcount/tally.rs"]
mod tally;
#[path = "../wordcount/walk.rs"]
mod walk;
#[path = "../wordcount/words.rs"]
mod words;
