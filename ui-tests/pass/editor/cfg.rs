//! `cfg` on handlers: what is configured away leaves nothing behind.

use ghostlight::prelude::*;

#[actor]
struct Page(u8);

#[handlers]
impl Page {
    #[cfg(not(any()))]
    #[init]
    fn new(n: u8) -> Self {
        Self(n)
    }

    #[cfg(any())]
    #[init]
    fn new(missing: Missing) -> Self {
        missing.page()
    }

    #[call]
    #[cfg(any())]
    fn gone(&self, missing: Missing) -> Missing {
        missing
    }

    #[call]
    #[cfg(not(any()))]
    fn here(&self) -> u8 {
        self.0
    }

    #[cfg(any())]
    #[call]
    async fn two_ways(&mut self, n: Missing) -> Missing {
        n
    }

    #[cfg(not(any()))]
    #[call]
    async fn two_ways(&mut self, n: u8) -> u8 {
        n
    }

    #[cfg(any())]
    #[call]
    fn gone_later(&self, reply: ReplyTo<Missing>) {
        drop(reply);
    }

    #[call]
    fn here_later(&self, reply: ReplyTo<u8>) {
        reply.send(self.0);
    }

    #[cfg(any())]
    #[cast]
    fn gone_cast(&mut self) -> Missing {}

    #[cfg(any())]
    #[info]
    fn gone_info(&mut self, missing: Missing) {
        drop(missing);
    }

    #[cfg(any())]
    #[info]
    fn one_way(&mut self, _: u8) {}

    #[cfg(not(any()))]
    #[info]
    fn other_way(&mut self, _: u8) {}

    #[cfg(any())]
    #[terminate]
    fn gone_end(&mut self, missing: &Missing) {
        missing.end();
    }

    #[cfg_attr(any(), missing)]
    #[call]
    fn with_cfg_attr(&self) {}
}

/// All handlers of one kind are gone.
#[actor]
struct Silent;

#[handlers]
impl Silent {
    #[call]
    fn get(&self) -> u8 {
        1
    }

    #[cast]
    #[cfg(any())]
    fn gone(&mut self, missing: Missing) {
        drop(missing);
    }

    #[cast]
    #[cfg(any())]
    async fn gone_async(&mut self) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = Page::start(5).await.unwrap();
    assert_eq!(page.here().await.unwrap(), 5);
    assert_eq!(page.two_ways(6).await.unwrap(), 6);
    assert_eq!(page.here_later().await.unwrap(), 5);
    page.info(1_u8).await.unwrap();
    page.with_cfg_attr().await.unwrap();
    assert_eq!(ghostlight::spawn(Silent).unwrap().get().await.unwrap(), 1);
}
