//! What several threads see of an end: what has happened by then, and why it was.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{
    DynamicSupervisor,
    prelude::*,
    telemetry::{self, Event},
};
use std::{
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};
use tokio::runtime::{Builder, Runtime};

/// Where a thread says that it is there, and waits until it may go on.
struct Gate(Mutex<Option<(Sender<()>, Receiver<()>)>>);

impl Gate {
    const fn open() -> Self {
        Self(Mutex::new(None))
    }

    /// Whoever passes next is kept. Gives what tells that somebody is there, and what lets it go.
    fn close(&self) -> (Receiver<()>, Sender<()>) {
        let ((here, is_here), (go, may_go)) = (channel(), channel());
        *self.0.lock().unwrap() = Some((here, may_go));
        (is_here, go)
    }

    fn pass(&self) {
        let kept = self.0.lock().unwrap().take();
        if let Some((here, may_go)) = kept {
            here.send(()).unwrap();
            may_go.recv().unwrap();
        }
    }
}

fn runtime(workers: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(workers).enable_time().build().unwrap()
}

static STARTS: Gate = Gate::open();

/// Passes the gate when it starts.
#[actor]
struct Starter;

#[handlers]
impl Starter {
    #[init]
    fn open() -> Self {
        STARTS.pass();
        Self
    }

    #[cast]
    fn note(&mut self) {}

    #[call]
    fn get(&self) -> u8 {
        1
    }
}

/// Ends when it is told to.
#[actor]
struct Mortal;

#[handlers]
impl Mortal {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn note(&mut self) {}

    #[cast]
    fn end(&mut self, ctx: &mut Ctx<Self>) {
        ctx.stop(ExitReason::Normal);
    }
}

#[test]
fn a_life_that_begins_while_its_runtime_ends_is_over() {
    let runtime = runtime(2);
    let (tree, starter, mortal) = runtime.block_on(async {
        let tree = Supervisor::builder(Strategy::OneForOne)
            .child("starter", |_| Starter::child_spec())
            .start()
            .await
            .unwrap();
        let starter = tree.child::<Starter>("starter").unwrap();
        let mortal = Mortal::start().await.unwrap();
        starter.note().await.unwrap(); // they have drivers
        mortal.note().await.unwrap();
        while starter.get().await.is_err() || !mortal.is_alive() {}
        (tree, starter, mortal)
    });
    let (is_here, go) = STARTS.close();
    starter.kill();
    is_here.recv().unwrap();
    runtime.shutdown_background();
    while mortal.is_alive() {
        thread::yield_now(); // the drivers are being dropped
    }
    go.send(()).unwrap();
    // Until its own driver has gone, too, it may serve.
    let error = loop {
        if let Err(error) = starter.get().blocking() {
            break error;
        }
    };
    assert!(matches!(error, CallError::NoProc), "{error}");
    drop(tree);
}

/// Works for a while.
#[actor]
struct Worker;

#[handlers]
impl Worker {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    async fn work(&mut self, steps: usize) {
        for _ in 0..steps {
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn all_children_of_a_supervisor_that_is_killed_are_killed() {
    runtime(4).block_on(async {
        for _ in 0..5 {
            let pool = DynamicSupervisor::<Worker>::new().start().await.unwrap();
            let mut ends = Vec::new();
            for steps in 0..500 {
                let worker = pool.start_child(Worker::child_spec).await.unwrap();
                ends.push(worker.monitor());
                worker.work(steps % 100).await.unwrap();
            }
            pool.kill();
            for end in ends {
                let reason = end.await.reason;
                assert!(matches!(reason, ExitReason::Killed), "{reason:?}");
            }
        }
    });
}

/// Is linked to an actor of another runtime.
#[actor]
struct Linked {
    other: MortalRef,
    heard: Sender<&'static str>,
}

#[handlers]
impl Linked {
    #[call]
    fn tie(&mut self, ctx: &mut Ctx<Self>) {
        ctx.monitor(&self.other);
        ctx.link(&self.other);
    }

    #[info]
    fn exit(&mut self, exit: Exit) {
        assert!(matches!(exit.reason, ExitReason::NoProc));
        self.heard.send("exit").unwrap();
    }

    #[info]
    fn down(&mut self, _: Down) {
        self.heard.send("down").unwrap();
    }
}

#[test]
fn a_link_to_an_actor_of_another_runtime_tells_of_the_end_of_that() {
    let (one, two) = (runtime(1), runtime(1));
    let other = one.block_on(async { Mortal::start().await.unwrap() });
    let (teller, hears) = channel();
    let linked = two.block_on(async {
        let linked = ghostlight::spawn(Linked { other, heard: teller }).unwrap();
        linked.tie().await.unwrap();
        linked
    });
    drop(one);
    let mut both = [hears.recv().unwrap(), hears.recv().unwrap()];
    both.sort_unstable();
    assert_eq!(both, ["down", "exit"]);
    drop(linked);
}

#[test]
fn a_name_is_free_as_soon_as_the_end_can_be_seen() {
    static REPORTS: Gate = Gate::open();
    runtime(2).block_on(async {
        let sink = |event: &Event<'_>| {
            if let Event::Stopped { .. } = event {
                REPORTS.pass();
            }
        };
        telemetry::attach("slow", sink).unwrap();
        let pool = DynamicSupervisor::<Mortal>::new().start().await.unwrap();
        let spec = || Mortal::child_spec().restart(Restart::Temporary).name("mortal");
        let mortal = pool.start_child(spec).await.unwrap();
        let pid = mortal.pid().unwrap();
        let (is_here, go) = REPORTS.close();
        let ended = mortal.clone();
        let thread = thread::spawn(move || ended.end().blocking());
        is_here.recv().unwrap(); // it is in the middle of its end
        assert!(matches!(mortal.monitor().await.reason, ExitReason::NoProc));
        pool.terminate_child(pid).await.unwrap();
        let next = Mortal::start().name("mortal").await;
        go.send(()).unwrap();
        assert!(next.is_ok(), "{next:?}");
        thread.join().unwrap().unwrap();
    });
}

static ANSWERS: Gate = Gate::open();

/// Replies and stops, by way of the gate.
#[actor]
struct Last;

#[handlers]
impl Last {
    #[call]
    fn answer(&mut self, ctx: &mut Ctx<Self>) -> u8 {
        ctx.stop(ExitReason::Normal);
        ANSWERS.pass();
        1
    }

    #[terminate]
    fn close(&mut self) {}
}

#[test]
fn a_reply_that_was_to_follow_terminate_is_not_sent_when_the_actor_is_killed_before() {
    runtime(2).block_on(async {
        let last = ghostlight::spawn(Last).unwrap();
        let (is_here, go) = ANSWERS.close();
        let killed = last.clone();
        let thread = thread::spawn(move || {
            is_here.recv().unwrap();
            killed.kill();
            go.send(()).unwrap();
        });
        let answer = last.answer().await;
        let is_killed = |reason: &ExitReason| matches!(reason, ExitReason::Killed);
        assert!(
            answer.as_ref().is_err_and(|error| error.reason().is_some_and(is_killed)),
            "{answer:?}"
        );
        thread.join().unwrap();
    });
}
