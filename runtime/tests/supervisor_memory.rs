//! What a supervisor keeps of the specs of its children.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

mod worker;

use ghostlight::{ActorRef, prelude::*};
use std::sync::Arc;
use worker::troupe;

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
