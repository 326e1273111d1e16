//! Everything that a protocol may be, under lints that a user may have turned on.

#![deny(
    missing_docs,
    missing_debug_implementations,
    unused_qualifications,
    single_use_lifetimes,
    unreachable_pub,
    clippy::pedantic,
    warnings
)]

use ghostlight::prelude::*;
use std::fmt::Debug;

/// Keeps values.
#[protocol]
pub trait Store<K, V = u64>: Debug
where
    K: Eq,
{
    /// The value of `key`.
    #[call]
    fn get(&self, key: K) -> Option<V>;

    /// How many there are.
    #[call(timeout = infinity, always)]
    async fn len(&mut self) -> usize {
        0
    }

    /// Is a keyword.
    #[call]
    fn r#type(&self, r#match: u8) -> u8 {
        r#match
    }

    /// Keeps `value`.
    ///
    /// # Errors
    /// None, here.
    #[cast]
    fn put(&mut self, _key: K, value: V) -> Result<(), std::fmt::Error>;

    /// Is there at times.
    #[cfg(any())]
    #[cast]
    fn never(&mut self, missing: Missing);

    /// Was there earlier.
    #[deprecated = "use `put`"]
    #[cast]
    fn set(&mut self, key: K) {
        let _ = key;
    }
}

/// Has one value.
#[actor]
#[derive(Debug)]
pub struct One<V>(V);

#[handlers]
impl<V: Send> One<V> {
    /// Does nothing.
    #[cast]
    pub fn nothing(&mut self) {}
}

impl<K: Eq, V: Clone + Debug + Send> Store<K, V> for One<V> {
    fn get(&self, _: K) -> Option<V> {
        Some(self.0.clone())
    }

    async fn len(&mut self) -> usize {
        1
    }

    fn put(&mut self, _: K, value: V) -> Result<(), std::fmt::Error> {
        self.0 = value;
        Ok(())
    }
}

mod private {
    use ghostlight::prelude::*;

    #[protocol]
    pub(super) trait Quiet {
        #[call]
        fn say(&self) -> &'static str;
    }

    #[protocol]
    trait Secret: Quiet {
        #[cast]
        fn tell(&mut self);
    }

    struct Mute;

    impl Quiet for Mute {
        fn say(&self) -> &'static str {
            "..."
        }
    }

    impl Secret for Mute {
        fn tell(&mut self) {}
    }

    pub(super) async fn quiet() -> Result<QuietRef, Box<dyn std::error::Error>> {
        let secret = SecretRef::spawn(Mute)?;
        secret.tell().await.map_err(|_| "it is gone")?;
        secret.say().await?;
        Ok(secret.into())
    }
}

fn main() {
    let runtime = ghostlight_runtime();
    runtime.block_on(async {
        let one = ghostlight::spawn(One(5_u64)).expect("a runtime runs");
        let store: StoreRef<String> = StoreRef::of(&one);
        assert_eq!(store.get(String::new()).await.expect("it lives"), Some(5));
        store.put(String::new(), 6).await.expect("it lives");
        assert_eq!(store.len().await.expect("it lives"), 1);
        assert_eq!(store.r#type(3).await.expect("it lives"), 3);
        private::quiet().await.expect("it lives").say().await.expect("it lives");
    });
}

fn ghostlight_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("it starts")
}
