//! Trees, as they print.

#![allow(clippy::unwrap_used, reason = "a test may fail in a helper, too")]

use ghostlight::{Role, prelude::*};
use std::time::Duration;

#[actor(restart = transient, shutdown = "10s")]
struct Vault;

#[handlers]
impl Vault {
    #[init]
    fn open() -> Self {
        Self
    }

    #[cast]
    fn crash(&mut self) {
        panic!("injected");
    }

    #[call]
    fn is_there(&self) {}
}

#[actor(shutdown = brutal_kill)]
struct Cache<K: Send + 'static>(Vec<K>);

#[handlers]
impl<K: Send + 'static> Cache<K> {
    #[cast]
    fn put(&mut self, key: K) {
        self.0.push(key);
    }
}

fn bank() -> ghostlight::SupervisorBuilder {
    Supervisor::builder(Strategy::RestForOne)
        .intensity(2)
        .period(Duration::from_secs(9))
        .child("vault", |_| Vault::child_spec())
        .child("desk", |_| {
            Supervisor::builder(Strategy::OneForOne)
                .child("cache", |_| ChildSpec::of(Cache::<String>(Vec::new())))
                .child("sessions", |_| DynamicSupervisor::<Vault>::new().child_spec())
                .child_spec()
        })
        .child("clerk", |_| Vault::child_spec().restart(Restart::Temporary))
}

/// The pids that a tree shows, in their order, taken out of it.
fn without_pids(tree: &str) -> String {
    let mut without = String::new();
    for (at, part) in tree.split(" <0.").enumerate() {
        let rest = if at == 0 { part } else { part.split_once('>').unwrap().1 };
        without.push_str(rest);
    }
    without
}

#[tokio::test(start_paused = true)]
async fn a_tree_prints_as_it_is_at_this_moment() {
    let bank = bank().start().await.unwrap();
    let vault = bank.child::<Vault>("vault").unwrap();
    vault.crash().await.unwrap();
    vault.is_there().await.unwrap();
    bank.terminate_child("vault").await.unwrap();

    let tree = bank.tree().await.unwrap().to_string();
    assert_eq!(
        without_pids(&tree),
        "\
Supervisor  [rest_for_one, at most 2 in 9 s]
├─ vault: Vault (not running)  [transient, 10s to shut down, restarted once]
└─ desk: Supervisor  [one_for_one, at most 3 in 5 s, restarted once]
   ├─ cache: Cache<String>  [permanent, killed to shut down]
   └─ sessions: DynamicSupervisor<Vault>"
    );
}

#[tokio::test(start_paused = true)]
async fn a_tree_shows_the_pids_of_the_present_lives() {
    let bank = bank().start().await.unwrap();
    let tree = bank.tree().await.unwrap().to_string();
    let vault = bank.child::<Vault>("vault").unwrap().pid().unwrap();
    assert!(tree.contains(&format!("vault: Vault {vault}")), "{tree}");
    let bank = bank.pid().unwrap();
    assert!(tree.starts_with(&format!("Supervisor {bank}")), "{tree}");
}

#[test]
fn a_tree_of_types_needs_no_actor_to_run() {
    let sessions = <DynamicSupervisor<Vault> as Role>::tree();
    assert_eq!(sessions.to_string(), "DynamicSupervisor<Vault>  [any number of children]");
    assert_eq!(
        <Cache<Vec<u8>> as Role>::tree().to_string(),
        "Cache<Vec<u8>>  [permanent, killed to shut down]"
    );
}

#[tokio::test(start_paused = true)]
async fn a_tree_is_a_mermaid_flowchart() {
    let desk = Supervisor::builder(Strategy::OneForAll)
        .child("cache", |_| ChildSpec::of(Cache::<String>(Vec::new())))
        .start()
        .await
        .unwrap();
    let (desk_pid, cache) = (desk.pid().unwrap(), desk.child::<Cache<String>>("cache").unwrap());
    let quoted = |pid: ghostlight::Pid| pid.to_string().replace('<', "#lt;").replace('>', "#gt;");
    assert_eq!(
        desk.tree().await.unwrap().mermaid(),
        format!(
            "flowchart TD
    n0[\"Supervisor {}<br>one_for_all, at most 3 in 5 s\"]
    n0 --> n1[\"cache: Cache#lt;String#gt; {}<br>permanent, killed to shut down\"]
",
            quoted(desk_pid),
            quoted(cache.pid().unwrap())
        )
    );
}
