//! Generated code trips no lint of the user's.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused)]
#![deny(unused_qualifications, single_use_lifetimes, unused_lifetimes, elided_lifetimes_in_paths)]
#![deny(unsafe_code, trivial_casts, unused_results, unused_import_braces, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic)]

pub mod bank {
    //! A bank.

    use ghostlight::prelude::*;
    use std::{collections::HashMap, hash::Hash, io};

    /// Why money did not move.
    #[derive(Debug)]
    pub struct Refused;

    /// Holds the balances.
    #[actor(mailbox = 64, restart = transient)]
    #[derive(Debug, Default)]
    pub struct Vault {
        balances: HashMap<String, u64>,
        waiting: Vec<ReplyTo<u64>>,
    }

    #[handlers(derive(Debug))]
    impl Vault {
        /// Opens a vault.
        ///
        /// # Errors
        /// When there is no room.
        #[init]
        pub fn open(balances: HashMap<String, u64>, ctx: &mut Ctx<Self>) -> io::Result<Self> {
            ctx.continue_with(VaultContinue::Audit);
            Ok(Self { balances, waiting: Vec::new() })
        }

        /// The balance of `owner`.
        #[call]
        pub fn balance(&self, owner: String) -> Option<u64> {
            self.balances.get(&owner).copied()
        }

        /// Takes money out.
        ///
        /// # Errors
        /// When there is not enough.
        #[call(timeout = "30s")]
        pub fn withdraw(&mut self, owner: String, amount: u64) -> Result<u64, Refused> {
            let balance = self.balances.get_mut(&owner).ok_or(Refused)?;
            *balance = balance.checked_sub(amount).ok_or(Refused)?;
            Ok(*balance)
        }

        /// The sum, some time.
        #[call]
        pub fn sum(&mut self, reply: ReplyTo<u64>) {
            self.waiting.push(reply);
        }

        /// The sum, with time.
        #[call]
        pub async fn slow_sum(&mut self) -> u64 {
            tokio::task::yield_now().await;
            self.balances.values().sum()
        }

        /// How many there are.
        #[call]
        #[must_use = "counting takes time"]
        pub async fn count(&self) -> usize {
            tokio::task::yield_now().await;
            self.balances.len()
        }

        /// Puts money in.
        #[cast]
        pub fn deposit(&mut self, owner: String, amount: u64) {
            *self.balances.entry(owner).or_default() += amount;
        }

        /// Saves it all.
        ///
        /// # Errors
        /// When there is no room.
        #[cast]
        pub async fn save(&mut self, _path: String) -> io::Result<()> {
            tokio::task::yield_now().await;
            Ok(())
        }

        /// The old way to put money in.
        #[cast]
        #[deprecated = "use `deposit`"]
        pub fn put(&mut self, amount: u64) {
            self.deposit(String::new(), amount);
        }

        /// Takes many.
        #[cast]
        #[expect(clippy::too_many_arguments)]
        pub fn many(&mut self, _a: u8, _b: u8, _c: u8, _d: u8, _e: u8, _f: u8, _g: u8, _h: u8) {}

        #[call]
        fn private(&self) {}

        #[info]
        fn interest(&mut self) {
            for balance in self.balances.values_mut() {
                *balance += *balance / 100;
            }
        }

        #[info]
        fn told(&mut self, text: String) -> Result<(), io::Error> {
            if text.is_empty() { Err(io::Error::other("nothing")) } else { Ok(()) }
        }

        #[handle_continue]
        fn audit(&mut self) {
            for reply in self.waiting.drain(..) {
                reply.send(1);
            }
        }

        #[terminate]
        fn close(&mut self, reason: &ExitReason) {
            drop(reason.to_string());
        }
    }

    /// Uses what is private.
    ///
    /// # Errors
    /// When the vault has ended.
    pub async fn touch(vault: &VaultRef) -> Result<(), CallError> {
        vault.private().await?;
        drop(vault.info(VaultInfo::Interest).await);
        vault.private().await
    }

    /// Holds entries.
    #[actor]
    #[derive(Debug)]
    pub struct Cache<K, V> {
        entries: HashMap<K, V>,
    }

    #[handlers]
    impl<K: Hash + Eq + Send, V: Clone + Send> Cache<K, V> {
        /// Starts a cache.
        #[init]
        #[must_use]
        pub async fn new(entries: HashMap<K, V>) -> Self {
            tokio::task::yield_now().await;
            Self { entries }
        }

        /// The entry of `key`.
        #[call]
        pub fn get(&self, key: K) -> Option<V> {
            self.entries.get(&key).cloned()
        }

        /// Adds an entry.
        #[cast]
        pub async fn put(&mut self, key: K, value: V) {
            tokio::task::yield_now().await;
            drop(self.entries.insert(key, value));
        }
    }

    /// A handle in a structure, with a lifetime of its own.
    #[derive(Debug, Clone, Copy)]
    pub struct Teller<'a> {
        vault: &'a VaultRef,
    }

    impl<'a> Teller<'a> {
        /// Serves at `vault`.
        #[must_use]
        pub fn new(vault: &'a VaultRef) -> Self {
            Self { vault }
        }

        /// A request to be made later.
        pub fn balance(&self, owner: &str) -> ghostlight::Call<'a, Vault, Option<u64>> {
            self.vault.balance(owner.to_owned())
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use bank::{Cache, Teller, Vault};
    use std::collections::HashMap;

    let vault = Vault::start(HashMap::new()).await?;
    vault.deposit("ann".to_owned(), 5).await?;
    vault.save(String::new()).await?;
    assert_eq!(Teller::new(&vault).balance("ann").await?, Some(5));
    assert!(vault.withdraw("ann".to_owned(), 9).await?.is_err());
    assert_eq!(vault.slow_sum().await? + vault.count().await? as u64, 6);
    bank::touch(&vault).await?;
    let cache = Cache::start(HashMap::from([(1, 2)])).await?;
    cache.put(2, 3).await?;
    assert_eq!(cache.get(2).await?, Some(3));
    Ok(())
}
