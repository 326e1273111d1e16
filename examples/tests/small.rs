//! The small examples print what they say they do.

mod run;

use run::{example, run, text};

fn lines(name: &str) -> Vec<String> {
    let output = run(&mut example(name));
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn the_counter_counts() {
    assert_eq!(lines("counter"), ["5 + 2 = 7", "0 + 3 = 3"]);
}

#[test]
fn the_bank_keeps_its_accounts() {
    let expected = [
        "ann has Some(1000)",
        "bob takes 200: Ok(300)",
        "bob takes 900: Err(Overdrawn { missing: 600 })",
        "eve takes 1: Err(NoAccount)",
        "bob: 300 after 2 movements",
        "interest: 13",
        "the vault is locked: normal",
        "the vault holds 1313",
        "afterwards: the actor is not alive",
        "the ledger: ann +1000, bob +500, bob -200",
    ];
    assert_eq!(lines("bank"), expected);
}
