//! What a handler may take, and where it may stand.

use ghostlight::{Ctx as Context, ReplyTo as Answer, prelude::*};
use std::{collections::HashMap, sync::Arc, time::Duration};

type MyCtx = Context<Desk>;
type MyReply<T> = Answer<T>;
type Nested = HashMap<String, Vec<Option<(u8, [u8; 3])>>>;

#[actor]
struct Desk {
    waiting: Vec<ReplyTo<&'static str>>,
}

impl Desk {
    const LEN: usize = 2;
}

#[handlers]
impl Desk {
    #[init]
    fn new(ctx: &mut Ctx<Self>, (a, _): (u8, u8), _: u8) -> Desk {
        let _ = (ctx.pid(), a);
        Self { waiting: Vec::new() }
    }

    #[call]
    fn ctx_first(&self, ctx: &mut Ctx<Self>, a: u8, b: u8) -> u8 {
        let _ = ctx.pid();
        a - b
    }

    #[call]
    fn ctx_between(&mut self, a: u8, ctx: &Ctx<Self>, b: u8) -> u8 {
        let _ = ctx.pid();
        a - b
    }

    #[call]
    async fn ctx_last(&mut self, a: u8, b: u8, context: &mut ghostlight::Ctx<Self>) -> u8 {
        let _ = context.pid();
        a - b
    }

    #[call]
    fn ctx_unused(&self, _: &mut Ctx<Self>) {}

    #[call]
    fn ctx_by_another_name(&self, #[ctx] c: &mut MyCtx) -> DeskRef {
        c.me()
    }

    #[call]
    fn reply_first(&mut self, reply: ReplyTo<&'static str>, now: bool) {
        if now {
            reply.send("now");
        } else {
            self.waiting.push(reply);
        }
    }

    #[call]
    async fn reply_last(&mut self, a: u8, ctx: &mut Ctx<Self>, to: ReplyTo<u8>) {
        let _ = ctx.pid();
        tokio::task::yield_now().await;
        to.send(a);
    }

    #[call]
    fn reply_by_another_name(&self, #[reply] r: MyReply<Result<u8, String>>) {
        r.send(Err("no".into()));
    }

    #[cast]
    fn answer(&mut self) {
        for waiting in self.waiting.drain(..) {
            waiting.send("later");
        }
    }

    #[call]
    fn unnamed(&self, _: u8, arg0: u8, _: u8) -> u8 {
        arg0
    }

    #[call]
    fn mutable_parameter(&self, mut text: String) -> String {
        text.push('!');
        text
    }

    #[call]
    fn nested(&self, map: Nested, f: fn(u8) -> u8, boxed: Box<dyn Fn() -> u8 + Send>) -> Nested {
        assert_eq!(f(1) + boxed(), 3);
        map
    }

    #[call]
    fn handles(&self, other: DeskRef, me: Option<Arc<DeskRef>>) -> (DeskRef, bool) {
        (other, me.is_some())
    }

    #[call]
    fn own_type(&self, _: [u8; Self::LEN], other: Option<Box<Self>>) -> Option<Box<Self>> {
        other
    }

    #[call]
    fn own_result(&self) -> Result<Vec<Self>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Vec::new())
    }

    #[info]
    fn tick(&mut self, ctx: &mut Ctx<Self>) {
        ctx.send_after(Duration::from_secs(60), 5_u8);
    }

    #[info]
    fn tock(&mut self, ctx: &mut Ctx<Self>, _: u8) {
        ctx.stop(ExitReason::Normal);
    }

    #[terminate]
    fn close(&self, ctx: &mut Ctx<Self>, reason: &ExitReason) {
        let _ = (ctx.pid(), reason);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let desk = Desk::start((1, 2), 3).await.unwrap();
    assert_eq!(desk.ctx_first(5, 2).await.unwrap(), 3);
    assert_eq!(desk.ctx_between(5, 2).await.unwrap(), 3);
    assert_eq!(desk.ctx_last(5, 2).await.unwrap(), 3);
    desk.ctx_unused().await.unwrap();
    assert_eq!(desk.ctx_by_another_name().await.unwrap(), desk);
    assert_eq!(desk.reply_first(true).await.unwrap(), "now");
    let (later, answered) = tokio::join!(desk.reply_first(false), desk.answer());
    answered.unwrap();
    assert_eq!(later.unwrap(), "later");
    assert_eq!(desk.reply_last(4).await.unwrap(), 4);
    assert_eq!(desk.reply_by_another_name().await.unwrap(), Err("no".into()));
    assert_eq!(desk.unnamed(1, 2, 3).await.unwrap(), 2);
    assert_eq!(desk.mutable_parameter("a".into()).await.unwrap(), "a!");
    let nested = desk.nested(Nested::new(), |n| n, Box::new(|| 2)).await.unwrap();
    assert!(nested.is_empty());
    assert_eq!(desk.handles(desk.clone(), None).await.unwrap(), (desk.clone(), false));
    assert!(desk.own_type([1, 2], None).await.unwrap().is_none());
    assert!(desk.own_result().await.unwrap().unwrap().is_empty());
    desk.info(DeskInfo::Tick).await.unwrap();
    desk.info(1_u8).await.unwrap();

    let (reply, answered) = ReplyTo::pair();
    Desk { waiting: Vec::new() }.reply_first(reply, true);
    assert_eq!(answered.try_get(), Some("now"));
}
