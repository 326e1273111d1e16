//! Very many children: what they need to start goes with them, and none is in the way of another.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{ChildError, Strategy, SupervisorBuilder, prelude::*};
use std::sync::Arc;

/// So many that what takes the square of it would take for ever.
const MANY: usize = 20_000;

/// Has something.
#[actor]
struct Guest {
    _luggage: Arc<()>,
}

#[handlers]
impl Guest {
    #[init]
    fn arrive(luggage: Arc<()>) -> Self {
        Self { _luggage: luggage }
    }

    #[call]
    fn serve(&self) -> u8 {
        1
    }

    #[cast]
    fn leave(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }
}

/// OTP: `supervisor_SUITE/scale_start_stop_many_children`. There the time is compared with that of fewer children; here the test would not end.
#[tokio::test(start_paused = true)]
async fn very_many_named_children_start_and_end() {
    let hotel = Supervisor::builder(Strategy::OneForOne).start().await.unwrap();
    let luggage = Arc::new(());
    let rooms = 5 * MANY;
    for room in 0..rooms {
        let luggage = luggage.clone();
        let spec = move || Guest::child_spec(luggage.clone());
        drop(hotel.start_child(format!("room {room}"), spec).await.unwrap());
    }
    assert_eq!(hotel.count_children().await.unwrap().active, rooms);
    for room in (0..rooms).rev() {
        let room = format!("room {room}");
        hotel.terminate_child(&room).await.unwrap();
        hotel.delete_child(&room).await.unwrap();
    }
    assert_eq!(Arc::strong_count(&luggage), 1);
}

/// OTP: `supervisor_SUITE/simple_one_for_one_scale_many_temporary_children`. There the time is compared with that of fewer children; here
/// the test would not end.
#[tokio::test(start_paused = true)]
async fn very_many_temporary_children_come_and_go_and_leave_nothing() {
    let hotel = DynamicSupervisor::<Guest>::new().start().await.unwrap();
    let luggage = Arc::new(());
    let mut guests = Vec::new();
    for _ in 0..MANY {
        let luggage = luggage.clone();
        let spec = move || Guest::child_spec(luggage.clone()).restart(Restart::Temporary);
        guests.push(hotel.start_child(spec).await.unwrap());
    }
    assert_eq!(hotel.count_children().await.unwrap().active, MANY);
    for guest in guests.iter().step_by(2) {
        guest.leave().await.unwrap();
    }
    for guest in guests.iter().skip(1).step_by(4) {
        hotel.terminate_child(guest.pid().unwrap()).await.unwrap();
    }
    // The supervisor has been told of all that left before it answers.
    assert_eq!(hotel.count_children().await.unwrap().specs, MANY / 4);
    drop(guests);
    assert_eq!(
        Arc::strong_count(&luggage),
        1 + MANY / 4,
        "those who live have it; what they were started with is not kept"
    );
    hotel.stop().await.unwrap();
    assert_eq!(Arc::strong_count(&luggage), 1);
}

/// OTP: `supervisor_SUITE/which_children_simple_one_for_one`, `supervisor_SUITE/sup_start_map_simple`
#[tokio::test(start_paused = true)]
async fn a_child_of_a_dynamic_supervisor_is_known_by_its_pid() {
    let hotel = DynamicSupervisor::<Guest>::new().start().await.unwrap();
    let luggage = Arc::new(());
    let spec = move || Guest::child_spec(luggage.clone()).restart(Restart::Transient);
    let guest = hotel.start_child(spec).await.unwrap();
    let shown = hotel.which_children().await.unwrap();
    let child = shown.iter().find(|child| child.pid == guest.pid()).unwrap();
    assert_eq!((child.restart, child.is_significant), (Restart::Transient, false));
    let stranger = ghostlight::spawn(Guest { _luggage: Arc::default() }).unwrap();
    let unknown = hotel.terminate_child(stranger.pid().unwrap()).await;
    assert!(matches!(unknown, Err(ChildError::NotFound)));
    let by_id = hotel.which_child("").await;
    assert!(matches!(by_id, Err(ChildError::NotFound)), "they have no ids: {by_id:?}");
    assert_eq!(stranger.serve().await.unwrap(), 1);
}

/// So many supervisors inside each other, and a guest inside the last.
fn nest(depth: u32) -> SupervisorBuilder {
    let plan = Supervisor::builder(Strategy::OneForOne);
    match depth {
        0 => plan.child("guest", |_| Guest::child_spec(Arc::default())),
        _ => plan.child("inner", move |_| nest(depth - 1).child_spec()),
    }
}

#[tokio::test(start_paused = true)]
async fn supervisors_start_and_end_however_deep_inside_each_other() {
    let root = nest(300).start().await.unwrap();
    let drained = root.shutdown().await.unwrap();
    assert_eq!(drained.iter().count(), 301);
}
