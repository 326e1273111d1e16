use futures_core::Stream;
use ghostlight::prelude::*;
use std::{pin::Pin, rc::Rc, task::{Context, Poll}};

struct Items(Rc<u32>);

impl Stream for Items {
    type Item = u32;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        Poll::Ready(Some(*self.0))
    }
}

#[actor]
struct Room;

#[handlers]
impl Room {
    #[call]
    fn feed(&mut self, ctx: &mut Ctx<Self>) {
        ctx.attach(Items(Rc::new(1)));
    }

    #[info]
    fn fed(&mut self, _: u32) {}
}

fn main() {}
