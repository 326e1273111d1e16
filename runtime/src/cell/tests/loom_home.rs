//! Lives in a home: each has it to itself, whichever thread ends it and whichever begins the next.

use super::model;
use crate::{
    cell::home::{Home, Resident},
    sync::{Mutex, lock},
};
use loom::{sync::Arc, thread};

/// What the core holds while nobody runs the actor.
type Rest = Mutex<Option<Resident<Box<u32>>>>;

#[test]
fn loom_a_home_is_used_by_one_life_after_the_other() {
    model(|| {
        let home = Arc::new(Home::new());
        let rest: Arc<Rest> = Arc::new(Mutex::new(None));
        #[allow(unsafe_code, reason = "as a cell does")]
        // SAFETY: nobody lives there yet, and both residents are gone before the home is.
        let first = unsafe { home.move_in(Box::new(1)) };
        *lock(&*rest) = Some(first);
        let other = {
            let (home, rest) = (Arc::clone(&home), Arc::clone(&rest));
            // Ends the first life, if it is there first, and begins the second.
            thread::spawn(move || {
                let mut core = lock(&*rest);
                let Some(mut life) = core.take() else { return };
                **life += 1;
                assert_eq!(**life, 2);
                drop(life);
                #[allow(unsafe_code, reason = "as a cell does")]
                // SAFETY: the first resident has gone, and whoever begins a life has the lock.
                let next = unsafe { home.move_in(Box::new(10)) };
                *core = Some(next);
            })
        };
        // Runs whichever life is there.
        let life = lock(&*rest).take();
        let seen = life.as_ref().map(|life| ***life);
        assert!(matches!(seen, Some(1 | 10)), "{seen:?}");
        *lock(&*rest) = life;
        other.join().unwrap();
        drop(lock(&*rest).take());
        drop(home);
    });
}
