//! Each marker with each receiver, sync and async, and each form of result.

use ghostlight::prelude::*;
use std::io;

#[derive(Debug, Clone, PartialEq)]
struct Refused;

#[derive(Debug)]
struct Torn;

impl From<Torn> for ExitReason {
    fn from(_: Torn) -> Self {
        ExitReason::Shutdown
    }
}

#[actor]
#[derive(Default)]
struct Page {
    text: String,
}

#[handlers(derive(Debug, Clone, PartialEq))]
impl Page {
    #[init]
    async fn new(text: String) -> Result<Self, io::Error> {
        Ok(Self { text })
    }

    #[call]
    fn shared(&self) -> usize {
        self.text.len()
    }

    #[call]
    fn mutable(&mut self) -> Result<(), Refused> {
        self.text.clear();
        Err(Refused)
    }

    #[call]
    fn nothing(&self) {}

    #[call]
    fn unit(&self) -> () {}

    #[call(timeout = "1s")]
    async fn async_shared(&self, suffix: String) -> String {
        tokio::task::yield_now().await;
        format!("{}{suffix}", self.text)
    }

    #[call(timeout = infinity, always)]
    async fn async_mutable(&mut self, suffix: String) -> Result<usize, Refused> {
        self.text.push_str(&suffix);
        tokio::task::yield_now().await;
        Ok(self.text.len())
    }

    #[call]
    async fn async_nothing(&mut self) {}

    #[cast]
    fn cast_shared(&self) {}

    #[cast]
    fn cast_mutable(&mut self, text: String) -> Result<(), io::Error> {
        self.text = text;
        Ok(())
    }

    #[cast]
    async fn cast_async(&mut self) -> Result<(), Torn> {
        tokio::task::yield_now().await;
        Ok(())
    }

    #[cast]
    async fn cast_async_shared(&self) {
        tokio::task::yield_now().await;
    }

    #[cast]
    fn cast_unit(&self) -> () {}

    #[info]
    fn info_of_nothing(&mut self) {}

    #[info]
    fn info_shared(&self, _: u8) -> io::Result<()> {
        Ok(())
    }

    #[info]
    async fn info_async(&mut self, text: String) {
        self.text = text;
    }

    #[info]
    async fn info_async_with_a_result(&mut self, _: (u8, u8)) -> Result<(), Torn> {
        Ok(())
    }

    #[handle_continue]
    fn go_on(&self) {}

    #[handle_continue]
    async fn go_on_async(&mut self, _: u8) -> io::Result<()> {
        Ok(())
    }

    #[terminate]
    async fn close(&mut self, _reason: &ExitReason) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = Page::start("a".to_owned()).await.unwrap();
    assert_eq!(page.shared().await.unwrap(), 1);
    assert_eq!(page.async_shared("b".into()).await.unwrap(), "ab");
    assert_eq!(page.async_mutable("b".into()).await.unwrap(), Ok(2));
    assert_eq!(page.mutable().await.unwrap(), Err(Refused));
    page.nothing().await.unwrap();
    page.unit().await.unwrap();
    page.async_nothing().await.unwrap();
    page.cast_shared().await.unwrap();
    page.cast_mutable("b".into()).try_send().unwrap();
    page.cast_async().await.unwrap();
    page.cast_async_shared().await.unwrap();
    page.cast_unit().await.unwrap();
    page.info(5_u8).await.unwrap();
    page.info("abc".to_owned()).await.unwrap();
    page.info(PageInfo::InfoOfNothing).await.unwrap();
    page.info((1_u8, 2_u8)).await.unwrap();
    assert_eq!(page.shared().await.unwrap(), 3);
    assert_eq!(PageContinue::GoOn, PageContinue::GoOn.clone());
    assert_ne!(PageReply::Shared(1), PageReply::Unit(()));

    // A handler is a method, and needs no runtime.
    let mut page = Page { text: "ab".into() };
    assert_eq!(page.shared(), 2);
    assert_eq!(page.mutable(), Err(Refused));
    page.info_of_nothing();
    page.info_shared(5).unwrap();
    page.go_on();
}
