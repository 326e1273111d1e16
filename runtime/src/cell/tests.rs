//! The state machines under loom: every interleaving of a few threads, up to two preemptions each.
//!
//! `RUSTFLAGS="--cfg ghostlight_loom" cargo test -p ghostlight --release --lib loom_`

mod loom_core;
mod loom_home;
mod loom_slot;
mod loom_ties;
mod loom_waits;

fn model(f: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(2);
    builder.check(f);
}
