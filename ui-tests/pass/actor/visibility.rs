//! Handlers are as visible as they say; a public actor may speak of private types.

mod bank {
    use ghostlight::prelude::*;

    struct Secret(u8);

    /// Public, with private types in messages, replies, init and deferred replies.
    #[actor]
    pub struct Vault(Secret);

    #[handlers]
    impl Vault {
        #[init]
        fn open(secret: Secret) -> Self {
            Self(secret)
        }

        #[call]
        pub fn open_to_all(&self) -> u8 {
            (self.0).0
        }

        #[call]
        pub(crate) fn open_to_the_crate(&self) {}

        #[call]
        pub(super) fn open_to_the_parent(&self) {}

        #[call]
        fn exchange(&mut self, secret: Secret) -> Secret {
            std::mem::replace(&mut self.0, secret)
        }

        #[call]
        fn later(&self, reply: ReplyTo<Secret>) {
            reply.send(Secret((self.0).0));
        }

        #[cast]
        fn put(&mut self, secret: Secret) {
            self.0 = secret;
        }

        #[info]
        fn told(&mut self, secret: Secret) {
            self.0 = secret;
        }
    }

    pub async fn open() -> VaultRef {
        let vault = Vault::start(Secret(1)).await.unwrap();
        let old = vault.exchange(Secret(2)).await.unwrap();
        assert_eq!(old.0, 1);
        vault.put(Secret(3)).await.unwrap();
        assert_eq!(vault.later().await.unwrap().0, 3);
        vault.info(Secret(4)).await.unwrap();
        vault
    }

    #[actor]
    pub(crate) struct Inner(pub u8);

    #[handlers]
    impl Inner {
        #[call]
        pub(crate) fn get(&self) -> u8 {
            self.0
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let vault: bank::VaultRef = bank::open().await;
    assert_eq!(vault.open_to_all().await.unwrap(), 4);
    vault.open_to_the_crate().await.unwrap();
    vault.open_to_the_parent().await.unwrap();
    let inner: bank::InnerRef = ghostlight::spawn(bank::Inner(5)).unwrap();
    assert_eq!(inner.get().await.unwrap(), 5);
}
