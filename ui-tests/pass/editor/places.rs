//! Where an actor may stand: in a function, in a macro, in a crate that re-exports ghostlight.

use ghostlight::prelude::*;

mod framework {
    pub mod rt {
        pub use ghostlight as actors;
    }
}

mod renamed {
    use super::framework::rt::actors::prelude::*;

    #[actor(crate = crate::framework::rt::actors, mailbox = 5)]
    pub struct Renamed;

    #[handlers(crate = crate::framework::rt::actors, derive(Debug))]
    impl Renamed {
        #[init]
        fn new(_: u8) -> Self {
            Self
        }

        #[call]
        pub fn get(&self) -> u8 {
            5
        }

        #[call]
        pub async fn later(&mut self, reply: ReplyTo<u8>) {
            reply.send(6);
        }

        #[cast]
        pub fn put(&mut self, _: u8) {}

        #[info]
        fn tick(&mut self, _: u8) {}
    }

    pub async fn start() -> RenamedRef {
        Renamed::start(1).await.unwrap()
    }
}

macro_rules! counter {
    ($name:ident, $ty:ty, $add:ident, |$n:ident| $body:expr, $key:pat => $option:ident = $value:expr) => {
        #[actor($option = $value)]
        struct $name($ty);

        #[handlers]
        impl $name {
            #[init]
            fn new(start: $ty) -> Self {
                Self(start)
            }

            #[call]
            fn $add(&mut self, $n: $ty) -> Result<$ty, Option<$ty>> {
                self.0 += $body;
                Ok(self.0)
            }

            #[call]
            async fn wait(&mut self, $n: $ty, ctx: &mut Ctx<Self>) -> $ty {
                let _ = ctx.pid();
                $n
            }
        }
    };
}

counter!(Counter, u64, add, |n| n * 2, _ => mailbox = 64);

macro_rules! whole {
    ($($item:item)*) => { $($item)* };
}

whole! {
    #[actor]
    struct Passed;

    #[handlers]
    impl Passed {
        #[call]
        fn get(&self) -> u8 {
            7
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let renamed = renamed::start().await;
    assert_eq!(renamed.get().await.unwrap(), 5);
    assert_eq!(renamed.later().await.unwrap(), 6);
    renamed.put(1).await.unwrap();

    let counter = Counter::start(1).await.unwrap();
    assert_eq!(counter.add(2).await.unwrap(), Ok(5));
    assert_eq!(counter.wait(2).await.unwrap(), 2);
    assert_eq!(ghostlight::spawn(Passed).unwrap().get().await.unwrap(), 7);

    #[actor]
    struct Local<T>(T);

    #[handlers]
    impl<T: Clone + Send> Local<T> {
        #[init]
        fn new(value: T) -> Self {
            Self(value)
        }

        #[call]
        fn get(&self) -> T {
            self.0.clone()
        }
    }

    assert_eq!(Local::start("a").await.unwrap().get().await.unwrap(), "a");
    {
        // A second one of the same name, in a scope of its own.
        #[actor]
        struct Local;

        #[handlers]
        impl Local {
            #[call]
            fn get(&self) -> u8 {
                8
            }
        }

        assert_eq!(ghostlight::spawn(Local).unwrap().get().await.unwrap(), 8);
    }
}
