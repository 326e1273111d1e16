//! A bank of two actors: a vault that holds the balances, and a ledger that keeps what has happened.
//!
//! Every kind of handler is here once: `#[init]`, `#[handle_continue]`, `#[call]` with a reply at once and with one that comes later,
//! `#[cast]`, `#[info]` from a timer, `#[terminate]`.

use ghostlight::prelude::*;
use std::{collections::BTreeMap, error::Error, time::Duration};

type Cents = u64;

/// Keeps what has happened, in order.
#[actor]
#[derive(Default)]
struct Ledger {
    movements: Vec<String>,
}

#[handlers]
impl Ledger {
    /// Writes a movement down.
    #[cast]
    fn record(&mut self, movement: String) {
        self.movements.push(movement);
    }

    /// All movements so far.
    #[call]
    fn movements(&self) -> Vec<String> {
        self.movements.clone()
    }
}

/// Holds the balances; tells the ledger about every movement.
#[actor]
struct Vault {
    balances: BTreeMap<String, Cents>,
    ledger: LedgerRef,
    /// Who wants to know when interest has been paid.
    awaiting_interest: Vec<ReplyTo<Cents>>,
}

/// Why money did not move.
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    NoAccount,
    Overdrawn {
        missing: Cents,
    },
    /// Nothing moves that nobody writes down.
    NoLedger,
}

#[handlers]
impl Vault {
    /// Opens the vault at once; the accounts are filled before anybody can ask for them.
    #[init]
    fn open(ledger: LedgerRef, ctx: &mut Ctx<Self>) -> Self {
        ctx.continue_with(VaultContinue::Endow);
        Self { balances: BTreeMap::new(), ledger, awaiting_interest: Vec::new() }
    }

    /// What takes its time, and must not keep the starter waiting.
    #[handle_continue]
    async fn endow(&mut self) -> Result<(), CastError<LedgerCast>> {
        self.deposit("ann".into(), 1_000).await
    }

    /// The balance of `owner`.
    #[call]
    fn balance(&self, owner: String) -> Option<Cents> {
        self.balances.get(&owner).copied()
    }

    /// Puts `amount` into the account of `owner`, which need not be there yet.
    #[cast]
    async fn deposit(&mut self, owner: String, amount: Cents) -> Result<(), CastError<LedgerCast>> {
        let movement = format!("{owner} +{amount}");
        *self.balances.entry(owner).or_default() += amount;
        self.ledger.record(movement).await
    }

    /// Takes `amount` out of the account of `owner`. Returns what is left.
    #[call]
    async fn withdraw(&mut self, owner: String, amount: Cents) -> Result<Cents, Refused> {
        let balance = self.balances.get_mut(&owner).ok_or(Refused::NoAccount)?;
        if amount > *balance {
            return Err(Refused::Overdrawn { missing: amount - *balance });
        }
        let record = self.ledger.record(format!("{owner} -{amount}")).await;
        record.map_err(|_| Refused::NoLedger)?;
        *balance -= amount;
        Ok(*balance)
    }

    /// Answers from another task, while the vault goes on serving.
    #[call]
    fn statement(&self, owner: String, reply: ReplyTo<String>) {
        let (balance, ledger) = (self.balance(owner.clone()), self.ledger.clone());
        tokio::spawn(async move {
            // A reply that is not sent tells its caller so.
            let Ok(movements) = ledger.movements().await else {
                return;
            };
            let count = movements.iter().filter(|movement| movement.starts_with(&owner)).count();
            reply.send(format!("{owner}: {} after {count} movements", balance.unwrap_or(0)));
        });
    }

    /// Answers when interest has been paid.
    #[call]
    fn next_interest(&mut self, reply: ReplyTo<Cents>, ctx: &mut Ctx<Self>) {
        if self.awaiting_interest.is_empty() {
            ctx.send_after(Duration::from_millis(10), VaultInfo::Interest);
        }
        self.awaiting_interest.push(reply);
    }

    /// A timer has fired.
    #[info]
    fn interest(&mut self) {
        let mut paid = 0;
        for balance in self.balances.values_mut() {
            paid += *balance / 100;
            *balance += *balance / 100;
        }
        for reply in self.awaiting_interest.drain(..) {
            reply.send(paid);
        }
    }

    /// Closes the vault.
    #[call]
    fn close(&mut self, ctx: &mut Ctx<Self>) -> Cents {
        ctx.stop(ExitReason::Normal);
        self.balances.values().sum()
    }

    #[terminate]
    fn lock(&mut self, reason: &ExitReason) {
        println!("the vault is locked: {reason}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ledger = ghostlight::spawn(Ledger::default())?;
    let vault = Vault::start(ledger.clone()).await?;

    vault.deposit("bob".into(), 500).await?;
    println!("ann has {:?}", vault.balance("ann".into()).await?);
    println!("bob takes 200: {:?}", vault.withdraw("bob".into(), 200).await?);
    println!("bob takes 900: {:?}", vault.withdraw("bob".into(), 900).await?);
    println!("eve takes 1: {:?}", vault.withdraw("eve".into(), 1).await?);
    println!("{}", vault.statement("bob".into()).timeout(Duration::from_secs(1)).await?);
    println!("interest: {}", vault.next_interest().await?);
    println!("the vault holds {}", vault.close().await?);
    if let Err(error) = vault.balance("ann".into()).await {
        println!("afterwards: {error}");
    }
    println!("the ledger: {}", ledger.movements().await?.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No runtime, no handle: a handler is a method.
    #[test]
    fn a_ledger_keeps_what_it_is_told() {
        let mut ledger = Ledger::default();
        ledger.record("ann +1".into());
        assert_eq!(ledger.movements(), ["ann +1"]);
    }
}
