//! Every form of a stream, under every lint, in a generic actor.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused)]
#![deny(unused_qualifications, single_use_lifetimes, unused_lifetimes, elided_lifetimes_in_paths)]
#![deny(unsafe_code, trivial_casts, unused_results, unused_import_braces, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic)]

pub mod room {
    //! A room.

    use futures_core::Stream;
    use ghostlight::{StreamTo as Out, prelude::*};
    use std::pin::Pin;

    type MyStream<T> = Out<T>;

    /// Says something again to all who listen.
    #[actor]
    #[derive(Debug, Default)]
    pub struct Room<T> {
        readers: Vec<StreamTo<T>>,
        fed_by: Option<StreamRef>,
    }

    #[handlers(derive(Debug, Clone, PartialEq, Eq, Hash))]
    impl<T: Clone + Send + Sync> Room<T> {
        /// All that is said from now on.
        #[call]
        pub fn listen(&mut self, out: StreamTo<T>) {
            self.readers.push(out);
        }

        /// The same, for a reader with time.
        #[call(capacity = 64, timeout = "1s", always)]
        pub fn listen_slowly(&mut self, _: u8, to: StreamTo<T>, ctx: &mut Ctx<Self>) {
            let _ = ctx.pid();
            self.readers.push(to);
        }

        /// By another name.
        #[call]
        pub fn by_another_name(&mut self, #[stream] s: MyStream<T>) {
            self.readers.push(s);
        }

        /// Several values over time.
        #[call]
        pub async fn count(&mut self, to: u8, out: StreamTo<Result<u8, String>>) {
            for n in 0..to {
                if out.send(Ok(n)).await.is_err() {
                    break;
                }
            }
        }

        /// With the state.
        #[call]
        pub async fn echo(&self, out: StreamTo<Option<Self>>) {
            drop(out.send(None).await);
        }

        /// Stops what it is fed with.
        #[call]
        pub fn close(&mut self, ctx: &mut Ctx<Self>) -> bool {
            self.fed_by.take().is_some_and(|stream| ctx.detach(stream))
        }

        #[info]
        fn fed(&mut self, _: Fed) {}

        #[info]
        fn ended(&mut self, end: StreamEnd) {
            if self.fed_by == Some(end.stream) {
                self.fed_by = None;
            }
        }
    }

    /// What it may be fed with.
    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    pub struct Fed;

    /// Is fed by anything.
    #[actor]
    #[derive(Debug)]
    pub struct Mouth;

    #[handlers]
    impl Mouth {
        /// Begins.
        #[init]
        pub fn open(stream: Pin<Box<dyn Stream<Item = u8> + Send>>, ctx: &mut Ctx<Self>) -> Self {
            let _ = ctx.attach_with_end(stream);
            Self
        }

        #[info]
        fn fed(&mut self, _: u8) {}

        #[info]
        fn ended(&mut self, _: StreamEnd, ctx: &mut Ctx<Self>) {
            ctx.stop(ExitReason::Normal);
        }
    }
}

use ghostlight::StreamTo;
use room::{Mouth, Room};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let room = ghostlight::spawn(Room::<u32>::default())?;
    let streams =
        [room.listen().await?, room.listen_slowly(1).await?, room.by_another_name().await?];
    assert!(streams.iter().all(|stream| stream.reason().is_none()));
    assert_eq!(room.count(3).await?.next().await, Some(Ok(0)));
    assert!(room.echo().await?.next().await.is_some_and(|none| none.is_none()));
    assert!(!room.close().await?);

    let (out, stream) = StreamTo::pair();
    let mouth = Mouth::start(Box::pin(stream)).await?;
    out.send(1).await?;
    drop(out);
    assert!(mouth.monitor().await.reason.is_orderly());
    Ok(())
}
