//! What is logged of an end, and what is not.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{CallError, ExitReason, prelude::*};
use std::{
    collections::BTreeMap,
    fmt::Debug,
    mem,
    sync::{Arc, Mutex},
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

/// What was logged, with all its fields.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Entry>>>);

#[derive(Debug)]
struct Entry {
    level: Level,
    fields: BTreeMap<&'static str, String>,
}

impl Entry {
    fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(String::as_str)
    }
}

impl Visit for Entry {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("ghostlight")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut entry = Entry { level: *event.metadata().level(), fields: BTreeMap::new() };
        event.record(&mut entry);
        self.0.lock().unwrap().push(entry);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Log {
    /// The reports of trouble since this was asked for the last time.
    fn reports(&self) -> Vec<Entry> {
        let mut entries = mem::take(&mut *self.0.lock().unwrap());
        entries.retain(|entry| entry.level <= Level::WARN);
        entries
    }
}

/// Runs `test` on this thread, and logs what happens.
fn logged<F: Future<Output = ()>>(test: impl FnOnce(Log) -> F) {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(test(log));
    });
}

/// Keeps a secret, and ends in every way.
#[actor]
struct Agent {
    #[allow(dead_code, reason = "nobody is to read it")]
    secret: &'static str,
    fails_last: bool,
}

#[handlers]
impl Agent {
    #[call]
    fn leave(&mut self, reason: ExitReason, ctx: &mut Ctx<Self>) {
        ctx.stop(reason);
    }

    #[cast]
    fn fail_with(&mut self, reason: ExitReason) -> Result<(), ExitReason> {
        Err(reason)
    }

    #[call]
    fn crash(&mut self, secret: &'static str) -> usize {
        assert!(secret.is_empty(), "caught");
        secret.len()
    }

    #[call]
    async fn make_crash(&mut self, other: AgentRef) -> CallError {
        other.crash("4711").await.unwrap_err()
    }

    #[terminate]
    fn end(&mut self) {
        assert!(!self.fails_last, "last words");
    }
}

fn agent() -> AgentRef {
    ghostlight::spawn(Agent { secret: "swordfish", fails_last: false }).unwrap()
}

/// OTP: `gen_server_SUITE/crash`
#[test]
fn an_orderly_end_is_not_logged() {
    logged(|log| async move {
        for reason in [ExitReason::Normal, ExitReason::Shutdown] {
            let agent = agent();
            agent.leave(reason.clone()).await.unwrap();
            assert!(!agent.is_alive());

            let agent = self::agent();
            let end = agent.monitor();
            agent.fail_with(reason.clone()).await.unwrap();
            assert_eq!(end.await.reason.to_string(), reason.to_string());

            self::agent().stop().reason(reason).await.unwrap();
        }
        let reports = log.reports();
        assert!(reports.is_empty(), "{reports:?}");
    });
}

/// OTP: `gen_server_SUITE/crash`. There are two reports, of the server and of its process; here there is one.
#[test]
fn a_crash_is_logged_once_with_who_and_why_and_who_had_called() {
    logged(|log| async move {
        let agent = agent();
        let (pid, end) = (agent.pid().unwrap(), agent.monitor());
        agent.fail_with(ExitReason::crash("crashed")).await.unwrap();
        assert_eq!(end.await.reason.to_string(), "crashed");
        let reports = log.reports();
        let [report] = &reports[..] else { panic!("{reports:?}") };
        assert_eq!(report.level, Level::ERROR);
        assert_eq!(report.get("message"), Some("actor crashed"));
        assert_eq!(report.get("pid"), Some(pid.to_string().as_str()));
        assert_eq!(report.get("reason"), Some("crashed"));
        assert_eq!(report.get("caller"), None);
        assert!(report.get("actor").unwrap().ends_with("::Agent"));

        let (caller, agent) = (self::agent(), self::agent());
        let (pid, caller_pid) = (agent.pid().unwrap(), caller.pid().unwrap());
        let error = caller.make_crash(agent).await.unwrap();
        assert_eq!(error.to_string(), "the actor ended before it replied: panicked: caught");
        let reports = log.reports();
        let [report] = &reports[..] else { panic!("{reports:?}") };
        assert_eq!(report.get("reason"), Some("panicked: caught"));
        assert_eq!(report.get("pid"), Some(pid.to_string().as_str()));
        assert_eq!(report.get("caller"), Some(caller_pid.to_string().as_str()));
        assert!(caller.is_alive());
    });
}

/// OTP: `gen_server_SUITE/terminate_crash_format`
#[test]
fn a_crash_in_terminate_is_the_reason_that_is_logged_and_told() {
    logged(|log| async move {
        for reason in [ExitReason::Normal, ExitReason::crash("first")] {
            let agent = Agent { secret: "swordfish", fails_last: true };
            let agent = ghostlight::spawn(agent).unwrap();
            let end = agent.monitor();
            let stopped = agent.stop().reason(reason).await;
            let Err(CallError::Died(why)) = stopped else { panic!("{stopped:?}") };
            for why in [why, end.await.reason] {
                assert_eq!(why.to_string(), "panicked: last words");
            }
            let reports = log.reports();
            let [report] = &reports[..] else { panic!("{reports:?}") };
            assert_eq!(report.get("reason"), Some("panicked: last words"));
        }
    });
}

/// OTP: `gen_server_SUITE/error_format_status`, `gen_server_SUITE/format_all_status`. There a report has the state and the last message in it,
/// and `format_status` takes out what is secret; here they are not in it.
#[test]
fn neither_the_state_nor_the_message_is_logged() {
    logged(|log| async move {
        let agent = agent();
        let error = agent.crash("4711").await.unwrap_err();
        let reports = format!("{error:?} {error} {:?}", log.reports());
        assert!(reports.contains("caught"));
        assert!(!reports.contains("swordfish") && !reports.contains("4711"), "{reports}");
    });
}

/// OTP: `gen_server_SUITE/crash` (a server that is killed logs nothing itself)
#[test]
fn an_actor_that_is_killed_logs_nothing() {
    logged(|log| async move {
        let agent = agent();
        let end = agent.monitor();
        agent.kill();
        assert!(matches!(end.await.reason, ExitReason::Killed));
        assert!(log.reports().is_empty());
    });
}
