//! What a supervisor keeps of the specs of its children.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, prelude::*};
use std::sync::Arc;
use worker::{settle, troupe};

/// Takes something along that is let go when it has begun.
#[actor]
struct Courier;

#[handlers]
impl Courier {
    #[init]
    fn set_out(parcel: Arc<()>) -> Self {
        drop(parcel);
        Self
    }

    #[call]
    fn is_under_way(&self) {}
}

fn spec(parcel: &Arc<()>, restart: Restart) -> impl FnMut() -> ChildSpec<Courier> + Send + use<> {
    let parcel = parcel.clone();
    move || Courier::child_spec(parcel.clone()).restart(restart)
}

#[tokio::test(start_paused = true)]
async fn what_a_child_was_started_with_is_let_go_when_it_is_forgotten() {
    for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
        let parcel = Arc::new(());
        let troupe = troupe(Strategy::OneForOne, &[]).start().await.unwrap();
        let courier: ActorRef<Courier> =
            (*troupe.start_child("courier", spec(&parcel, restart)).await.unwrap()).clone();
        troupe.terminate_child("courier").await.unwrap();
        if restart != Restart::Temporary {
            assert_eq!(Arc::strong_count(&parcel), 2, "{restart:?}: it may be started again");
            troupe.delete_child("courier").await.unwrap();
        }
        assert_eq!(Arc::strong_count(&parcel), 1, "{restart:?}");
        assert!(!courier.is_alive());
    }
}

/// OTP: `supervisor_SUITE/do_not_save_start_parameters_for_temporary_children`
#[tokio::test(start_paused = true)]
async fn what_a_temporary_child_was_started_with_is_not_kept_while_it_lives() {
    for strategy in [Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne] {
        let parcel = Arc::new(());
        let troupe = troupe(strategy, &[]).start().await.unwrap();
        let courier =
            troupe.start_child("courier", spec(&parcel, Restart::Temporary)).await.unwrap();
        courier.is_under_way().await.unwrap();
        assert_eq!(Arc::strong_count(&parcel), 1, "{strategy}: it will not be needed again");
    }
}

/// OTP: `supervisor_SUITE/simple_one_for_one_corruption`
#[tokio::test(start_paused = true)]
async fn what_dynamic_temporary_children_were_started_with_is_not_kept_whoever_has_ended() {
    let couriers = DynamicSupervisor::<Courier>::new().start().await.unwrap();
    for round in 0..3 {
        let parcel = Arc::new(());
        let courier = couriers.start_child(spec(&parcel, Restart::Temporary)).await.unwrap();
        courier.is_under_way().await.unwrap();
        assert_eq!(Arc::strong_count(&parcel), 1, "round {round}");
        if round == 0 {
            courier.kill();
            settle().await;
        }
    }
}
