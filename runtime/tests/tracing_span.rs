//! What an actor's handlers log is the actor's, whatever thread they run on.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::prelude::*;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// Notes the name of the innermost span at each event.
#[derive(Default)]
struct Recorder {
    made: AtomicU64,
    names: Mutex<Vec<&'static str>>,
    entered: Mutex<Vec<Id>>,
    seen: Arc<Mutex<Vec<(String, &'static str)>>>,
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("ghostlight") || metadata.target() == "tracing_span"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.names.lock().unwrap().push(span.metadata().name());
        Id::from_u64(self.made.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let entered = self.entered.lock().unwrap();
        let name = entered.last().map_or("none", |id| {
            self.names.lock().unwrap()[usize::try_from(id.into_u64()).unwrap() - 1]
        });
        self.seen.lock().unwrap().push((text.0, name));
    }

    fn enter(&self, span: &Id) {
        self.entered.lock().unwrap().push(span.clone());
    }

    fn exit(&self, span: &Id) {
        assert_eq!(self.entered.lock().unwrap().pop().as_ref(), Some(span));
    }
}

/// Logs.
#[actor]
struct Chatty;

#[handlers]
impl Chatty {
    #[call]
    fn now(&self) {
        tracing::info!("now");
    }

    #[call]
    async fn soon(&mut self) {
        tokio::task::yield_now().await;
        tracing::info!("soon");
    }

    #[cast]
    fn crash(&mut self) {
        panic!("crash");
    }
}

#[test]
fn an_actor_logs_inside_its_own_span() {
    let recorder = Recorder::default();
    let seen = recorder.seen.clone();
    tracing::subscriber::with_default(recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let chatty = ghostlight::spawn(Chatty).unwrap();
            let caller = tracing::info_span!("caller").entered();
            tracing::info!("before");
            chatty.now().await.unwrap();
            tracing::info!("after");
            drop(caller);
            chatty.soon().await.unwrap();
            tracing::info!("outside");
            chatty.crash().await.unwrap();
            assert!(chatty.now().await.is_err());
        });
    });
    let seen = seen.lock().unwrap();
    let seen: Vec<_> = seen.iter().map(|(text, span)| (text.as_str(), *span)).collect();
    assert_eq!(
        seen,
        [
            ("before", "caller"),
            ("now", "actor"),
            ("after", "caller"),
            ("soon", "actor"),
            ("outside", "none"),
            ("actor crashed", "actor"),
        ]
    );
}
