//! Trees that are declared, and the specs that are generated.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{BadCombination, ChildError, SupervisorRef, prelude::*};
use std::{sync::Arc, time::Duration};
use worker::{Log, Script, Worker, WorkerRef, settle, soon, troupe};

/// With nothing said but what must be.
struct House {
    scripts: [Arc<Script>; 2],
}

#[supervisor(strategy = one_for_one)]
impl House {
    #[child]
    fn cook(&self) -> ChildSpec<Worker> {
        self.scripts[0].spec()
    }

    #[child]
    fn maid(&self, cook: WorkerRef) -> ChildSpec<Worker> {
        assert!(cook.is_alive(), "it has started before");
        self.scripts[1].spec()
    }
}

fn house(log: &Log) -> House {
    House { scripts: ["cook", "maid"].map(|name| Script::new(name, log)) }
}

/// OTP: `supervisor_test/start_link/3`
#[tokio::test(start_paused = true)]
async fn a_declared_tree_starts_its_children() {
    let log = Log::default();
    let house = house(&log).start().await.unwrap();
    assert_eq!(log.take(), ["cook starts", "maid starts"]);
    assert_eq!(house.cook().life().await.unwrap(), 1);
    assert_eq!(house.maid().life().await.unwrap(), 1);
    let shown = house.which_children().await.unwrap();
    assert_eq!(shown.iter().map(|child| &*child.id).collect::<Vec<_>>(), ["cook", "maid"]);
}

/// OTP: `supervisor_test/init/2`
#[tokio::test(start_paused = true)]
async fn a_declared_tree_restarts_three_times_in_five_seconds_and_outlives_its_children() {
    assert!(House::tree().to_string().contains("[one_for_one, at most 3 in 5 s]"));
    for (crashes, survives) in [(3, true), (4, false)] {
        let house = house(&Log::default()).start().await.unwrap();
        for _ in 0..crashes {
            house.cook().kill();
            settle().await;
        }
        assert_eq!(house.is_alive(), survives, "{crashes}");
    }
    let house = house(&Log::default()).start().await.unwrap();
    for _ in 0..2 {
        for id in ["cook", "maid"] {
            house.terminate_child(id).await.unwrap();
        }
        settle().await;
        assert!(house.is_alive(), "no end of a child ends it");
        for id in ["cook", "maid"] {
            house.restart_child(id).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
}

/// OTP: `supervisor_test/generates child_spec/1`, `supervisor_test/child_spec/2`
#[tokio::test(start_paused = true)]
async fn the_spec_of_a_tree_says_what_it_is_and_may_be_changed() {
    let log = Log::default();
    let (plain, changed) = (house(&log).scripts, house(&log).scripts);
    let town = Supervisor::builder(Strategy::OneForOne)
        .child("plain", move |_| House { scripts: plain.clone() }.child_spec())
        .child("changed", move |_| {
            let spec = House { scripts: changed.clone() }.child_spec();
            spec.restart(Restart::Temporary).name("house")
        })
        .start()
        .await
        .unwrap();
    let info = town.which_child("plain").await.unwrap();
    assert!(info.is_supervisor && info.actor.ends_with("::House"), "{}", info.actor);
    assert_eq!((info.restart, info.shutdown), (Restart::Permanent, Shutdown::Infinity));
    let info = town.which_child("changed").await.unwrap();
    assert!(info.is_supervisor);
    assert_eq!((info.restart, info.shutdown), (Restart::Temporary, Shutdown::Infinity));
    let house = town.child::<House>("changed").unwrap();
    assert_eq!(house.name().unwrap(), "house");

    let plain = town.child::<House>("plain").unwrap();
    for house in [&plain, &house] {
        house.kill();
    }
    settle().await;
    assert_eq!(soon(plain.cook().life()).await.unwrap(), 2);
    assert!(!house.is_alive(), "the temporary one does not live again");
}

/// Begins with what it is given, or is there already.
#[actor(restart = transient)]
#[derive(Clone)]
struct Lamp {
    watts: u32,
}

#[handlers]
impl Lamp {
    #[init]
    fn light(watts: u32) -> Self {
        Self { watts }
    }

    #[call]
    fn watts(&self) -> u32 {
        self.watts
    }
}

async fn lamps() -> SupervisorRef {
    troupe(Strategy::OneForOne, &[]).start().await.unwrap()
}

/// OTP: `supervisor_test/start_child/2: supports new child spec`,
/// `supervisor_test/start_child/2: supports new child spec as tuple`, `supervisor_test/child_spec/2`
#[tokio::test(start_paused = true)]
async fn a_child_may_be_added_with_any_kind_of_spec() {
    let lamps = lamps().await;
    let generated = lamps.start_child("generated", || Lamp::child_spec(40)).await.unwrap();
    let changed = || Lamp::child_spec(60).restart(Restart::Permanent).name("lamp");
    let changed = lamps.start_child("changed", changed).await.unwrap();
    let state = Lamp { watts: 100 };
    let given = lamps.start_child("given", move || ChildSpec::of(state.clone())).await.unwrap();
    let mut watts = vec![];
    for lamp in [&generated, &changed, &given] {
        watts.push(lamp.watts().await.unwrap());
        lamp.kill();
        assert_eq!(soon(lamp.watts()).await.unwrap(), *watts.last().unwrap(), "the next life");
    }
    assert_eq!(watts, [40, 60, 100]);
    let restarts = ["generated", "changed", "given"].map(|id| lamps.which_child(id));
    let mut types = vec![];
    for info in restarts {
        types.push(info.await.unwrap().restart);
    }
    assert_eq!(types, [Restart::Transient, Restart::Permanent, Restart::Transient]);
    assert_eq!(LampRef::named("lamp").pid(), changed.pid());

    let log = Log::default();
    let scripts = house(&log).scripts;
    let tree = move || House { scripts: scripts.clone() }.child_spec();
    let tree = lamps.start_child("tree", tree).await.unwrap();
    assert_eq!(tree.maid().life().await.unwrap(), 1);
    assert_eq!(lamps.count_children().await.unwrap().supervisors, 1);
}

/// OTP: `supervisor_test/start_child/2: with invalid child spec`
#[tokio::test(start_paused = true)]
async fn a_child_is_not_added_with_a_spec_that_cannot_be() {
    let lamps = lamps().await;
    let significant = || Lamp::child_spec(40).significant();
    let refused = lamps.start_child("lamp", significant).await;
    let Err(ChildError::BadCombination(why)) = refused else { panic!("{refused:?}") };
    assert_eq!(why, BadCombination::SignificantAndNever);
    let mad = lamps.start_child::<Lamp>("lamp", || panic!("no spec")).await;
    assert!(matches!(mad, Err(ChildError::Start(_))), "{mad:?}");
    assert_eq!(lamps.which_children().await.unwrap(), []);
    assert!(lamps.start_child("lamp", || Lamp::child_spec(40)).await.is_ok());
}

/// OTP: `supervisor_SUITE/sup_flags` (what is known at run time only)
#[tokio::test(start_paused = true)]
async fn restarts_are_counted_within_a_second_at_least_and_at_most_for_ever() {
    let s = Duration::from_secs;
    // (period, time between two crashes, survives)
    for (period, pause, survives) in [
        (s(0), s(1), false), // in two seconds that follow each other: within the one second
        (Duration::from_millis(999), s(1), false),
        (s(0), s(3), true),
        (Duration::MAX, s(86_400), false),
    ] {
        let a = Script::new("a", &Log::default());
        let troupe =
            troupe(Strategy::OneForOne, &[&a]).intensity(1).period(period).start().await.unwrap();
        for _ in 0..2 {
            troupe.child::<Worker>("a").unwrap().kill();
            settle().await;
            tokio::time::sleep(pause).await;
        }
        assert_eq!(troupe.is_alive(), survives, "{period:?}, {pause:?}");
    }
}

/// OTP: `supervisor_SUITE/tree`
#[tokio::test(start_paused = true)]
async fn a_nested_supervisor_that_gives_up_takes_its_level_along_and_one_that_was_ended_lives_again()
 {
    let log = Log::default();
    let [a, b, c] = ["a", "b", "c"].map(|name| Script::new(name, &log));
    let (first, second) = (b.clone(), c.clone());
    let top = troupe(Strategy::OneForAll, &[&a])
        .child("ended", move |_| {
            troupe(Strategy::OneForOne, &[&first]).child_spec().restart(Restart::Transient)
        })
        .child("weak", move |_| troupe(Strategy::OneForOne, &[&second]).intensity(1).child_spec())
        .start()
        .await
        .unwrap();
    let [ended, weak] = ["ended", "weak"].map(|id| top.child::<Supervisor>(id).unwrap());
    top.terminate_child("ended").await.unwrap();
    settle().await;
    assert!(!ended.is_alive());
    let (top_pid, weak_pid) = (top.pid(), weak.pid());
    log.take();
    let worker = weak.child::<Worker>("c").unwrap();
    worker.kill();
    settle().await;
    assert_eq!(log.take(), ["c starts"], "this was its own matter");
    worker.kill();
    settle().await;
    assert_eq!(log.take(), ["a ends: shutdown", "a starts", "b starts", "c starts"]);
    assert_eq!(top.pid(), top_pid);
    assert_ne!(weak.pid(), weak_pid);
    assert!(ended.is_alive() && weak.is_alive());
    assert_eq!(worker.life().await.unwrap(), 3);
}
