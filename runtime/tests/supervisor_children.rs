//! What a supervisor shows of its children, and how many it counts.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ChildError, Counts, SupervisorRef, prelude::*};
use worker::{Log, Script, Worker, ms, settle, soon, troupe};

/// OTP: `supervisor_SUITE/sup_start_map_simple`, `supervisor_SUITE/which_children_simple_one_for_one`. There one is asked for by its pid.
#[tokio::test(start_paused = true)]
async fn dynamic_children_are_shown_with_their_pids_and_what_their_specs_say() {
    let log = Log::default();
    let pool = DynamicSupervisor::<Worker>::new().start().await.unwrap();
    let script = Script::new("a", &log);
    let plain = script.clone();
    let plain = pool.start_child(move || plain.spec()).await.unwrap();
    let changed = script.clone();
    let changed = pool
        .start_child(move || {
            changed.spec().restart(Restart::Transient).shutdown(Shutdown::BrutalKill)
        })
        .await
        .unwrap();
    let shown = pool.which_children().await.unwrap();
    let of = |pid| shown.iter().find(|child| child.pid == pid).unwrap();
    let info = of(plain.pid());
    assert_eq!((info.restart, info.shutdown), (Restart::Permanent, Shutdown::After(ms(5_000))));
    assert!(!info.is_significant && !info.is_supervisor && !info.is_restarting);
    let info = of(changed.pid());
    assert_eq!((info.restart, info.shutdown), (Restart::Transient, Shutdown::BrutalKill));

    let stranger = Worker::start(script).await.unwrap();
    assert!(shown.iter().all(|child| child.pid != stranger.pid()));
    for id in ["", "a", "b"] {
        assert!(matches!(pool.which_child(id).await, Err(ChildError::NotFound)), "{id:?}");
    }
    let pid = plain.pid();
    plain.kill();
    soon(plain.life()).await.unwrap();
    let shown = pool.which_children().await.unwrap();
    assert!(shown.iter().all(|child| child.pid != pid), "an old life's pid is nobody's");
    pool.terminate_child(plain.pid().unwrap()).await.unwrap();
    assert_eq!(pool.which_children().await.unwrap().len(), 1);
}

fn numbers(counts: Counts) -> [usize; 4] {
    [counts.specs, counts.active, counts.supervisors, counts.workers]
}

/// OTP: `supervisor_SUITE/count_children_supervisor`
#[tokio::test(start_paused = true)]
async fn a_thousand_supervisors_are_counted_and_go() {
    let pool = DynamicSupervisor::<Supervisor>::new().start().await.unwrap();
    let mut supervisors = vec![];
    for n in 1..=1_000 {
        let spec = || troupe(Strategy::OneForOne, &[]).child_spec().restart(Restart::Temporary);
        supervisors.push(pool.start_child(spec).await.unwrap());
        if n % 250 == 0 {
            assert_eq!(numbers(pool.count_children().await.unwrap()), [n, n, n, 0]);
        }
    }
    for supervisor in &supervisors {
        supervisor.kill();
    }
    settle().await;
    assert_eq!(numbers(pool.count_children().await.unwrap()), [0; 4]);
    assert!(pool.is_alive());
}

/// Knows what its life began with.
#[actor]
struct Guest {
    room: u32,
}

#[handlers]
impl Guest {
    #[init]
    fn arrive(room: u32) -> Self {
        Self { room }
    }

    #[call]
    fn room(&self) -> u32 {
        self.room
    }
}

/// A spec that gives each life the next number.
fn rooms() -> impl FnMut() -> ChildSpec<Guest> + Send + 'static {
    let mut rooms = 1..;
    move || Guest::child_spec(rooms.next().unwrap())
}

/// OTP: `supervisor_SUITE/extra_return`. There a start may give more than a pid, which `start_child` and `restart_child` pass on.
#[tokio::test(start_paused = true)]
async fn what_a_life_has_to_say_of_its_start_is_asked_for_by_a_call() {
    let mut first = rooms();
    let hotel =
        Supervisor::builder(Strategy::OneForOne).child("first", move |_| first()).start().await;
    let hotel = hotel.unwrap();
    let first = hotel.child::<Guest>("first").unwrap();
    assert_eq!(first.room().await.unwrap(), 1);
    let added = hotel.start_child("added", rooms()).await.unwrap();
    assert_eq!(added.room().await.unwrap(), 1);
    for (id, guest) in [("first", first), ("added", added)] {
        hotel.terminate_child(id).await.unwrap();
        hotel.restart_child(id).await.unwrap();
        assert_eq!(guest.room().await.unwrap(), 2, "{id}");
        guest.kill();
        assert_eq!(soon(guest.room()).await.unwrap(), 3, "{id} is restarted by itself, too");
    }
}

/// OTP: `supervisor_SUITE/simple_one_for_one_extra`
#[tokio::test(start_paused = true)]
async fn a_dynamic_childs_next_life_may_begin_with_something_else() {
    let hotel = DynamicSupervisor::<Guest>::new().start().await.unwrap();
    let (one, other) =
        (hotel.start_child(rooms()).await.unwrap(), hotel.start_child(rooms()).await.unwrap());
    one.kill();
    assert_eq!(soon(one.room()).await.unwrap(), 2);
    assert_eq!(other.room().await.unwrap(), 1);
}

/// OTP: `supervisor_SUITE/child_specs` (all that is valid)
#[tokio::test(start_paused = true)]
async fn every_restart_type_goes_with_every_shutdown_time() {
    let house: SupervisorRef = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        for shutdown in [
            Shutdown::BrutalKill,
            Shutdown::After(ms(0)),
            Shutdown::After(ms(1)),
            Shutdown::Infinity,
        ] {
            let spec = move || Guest::child_spec(1).restart(restart).shutdown(shutdown);
            let guest = house.start_child("guest", spec).await.unwrap();
            let info = house.which_child("guest").await.unwrap();
            assert_eq!((info.restart, info.shutdown), (restart, shutdown));
            assert_eq!(guest.room().await.unwrap(), 1);
            soon(house.terminate_child("guest")).await.unwrap();
            if restart != Restart::Temporary {
                house.delete_child("guest").await.unwrap();
            }
        }
    }
}
