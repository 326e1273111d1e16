//! Nothing that is generated is confused by the user's names.

mod shadowed {
    // The prelude of std and the names of ghostlight, all taken.
    #![allow(dead_code, non_camel_case_types)]

    pub struct Option;
    pub struct Vec;
    pub struct Box;
    pub struct String;
    pub struct Ctx<T>(T);
    pub struct Message;
    pub struct Handled;
    pub struct Outcome;
    pub struct Call;
    pub struct Cast;
    pub struct Actor;
    pub struct State;
    pub struct Init;
    pub struct Start;
    pub struct ExitReason;
    pub trait Send {}
    pub trait Sync {}
    pub trait Clone {}
    pub trait From {}
    pub trait Future {}
    pub trait Sized {}
    pub trait Deref {}
    pub enum Result {
        Ok,
        Err,
    }
    #[allow(unused_imports)]
    pub use Result::{Err, Ok};
    pub struct Some;
    pub struct None;
    pub mod core {}
    pub mod std {}
    pub mod ghostlight {}
    pub struct F;
    pub fn drop() {}
    pub fn __send() {}

    #[::ghostlight::actor]
    pub struct Odd {
        pub n: u8,
    }

    #[::ghostlight::handlers]
    impl Odd {
        #[::ghostlight::init]
        fn new(args: u8, ctx: u8, context: &mut ::ghostlight::Ctx<Self>) -> Self {
            let _ = context.pid();
            Self { n: args + ctx }
        }

        #[::ghostlight::call]
        fn types(&self, _: Option, _: Ctx<u8>, _: Message, _: Vec) -> Result {
            Result::Ok
        }

        #[::ghostlight::call]
        #[allow(clippy::too_many_arguments)]
        fn names(&self, ctx: u8, reply: u8, message: u8, value: u8, actor: u8, f: u8) -> u8 {
            ctx + reply + message + value + actor + f
        }

        #[::ghostlight::call]
        async fn send(&mut self, send: u8, args: u8, handler: u8) -> u8 {
            send + args + handler
        }

        #[::ghostlight::call]
        fn later(&self, ctx: u8, value: ::ghostlight::ReplyTo<u8>, reply: u8) {
            value.send(ctx + reply);
        }

        #[::ghostlight::cast]
        fn r#type(&mut self, r#match: u8, r#fn: u8) {
            self.n = r#match + r#fn;
        }

        #[::ghostlight::call]
        fn r#async(&self) -> u8 {
            self.n
        }

        #[::ghostlight::info]
        fn message(&mut self, message: u8) {
            self.n = message;
        }

        #[::ghostlight::handle_continue]
        fn call(&mut self, call: u8) {
            self.n = call;
        }

        #[::ghostlight::terminate]
        fn terminate(&mut self, ctx: &::ghostlight::ExitReason) {
            let _ = ctx;
        }

        // Named like what the traits call.
        #[::ghostlight::call]
        fn handle(&self) {}

        #[::ghostlight::call]
        async fn handle_async(&mut self) {}

        #[::ghostlight::call]
        fn from(&self) {}

        #[::ghostlight::call]
        fn self_(&self) {}

        #[::ghostlight::call]
        fn _2nd(&self) {}

        #[::ghostlight::call]
        fn __(&self) {}
    }

    pub async fn odd() -> OddRef {
        let odd = Odd::start(1, 2).await.unwrap();
        odd.types(Option, Ctx(1), Message, Vec).await.unwrap();
        assert_eq!(odd.names(1, 2, 3, 4, 5, 6).await.unwrap(), 21);
        assert_eq!(odd.send(1, 2, 3).await.unwrap(), 6);
        assert_eq!(odd.later(1, 2).await.unwrap(), 3);
        odd.r#type(1, 2).await.unwrap();
        assert_eq!(odd.r#async().await.unwrap(), 3);
        odd.info(9_u8).await.unwrap();
        odd.handle().await.unwrap();
        odd.handle_async().await.unwrap();
        odd.from().await.unwrap();
        odd.self_().await.unwrap();
        odd._2nd().await.unwrap();
        odd.__().await.unwrap();
        odd
    }
}

/// The names of the generic parameters are those that generated code has, too.
mod parameters {
    #[ghostlight::actor]
    pub struct Pair<A, T, F, H, P0>(pub A, pub T, pub F, pub H, pub P0);

    #[ghostlight::handlers]
    impl<A, T, F, H, P0> Pair<A, T, F, H, P0>
    where
        A: Clone + Send,
        T: Send,
        F: Send,
        H: Send,
        P0: Send,
    {
        #[ghostlight::call]
        async fn first(&mut self) -> A {
            self.0.clone()
        }

        #[ghostlight::cast]
        fn set(&mut self, t: T, f: F, h: H, p: P0) {
            (self.1, self.2, self.3, self.4) = (t, f, h, p);
        }
    }

    pub async fn ask() {
        let pair = ghostlight::spawn(Pair(1, "b", 'c', (), [1])).unwrap();
        pair.set("t", 'f', (), [2]).await.unwrap();
        assert_eq!(pair.first().await.unwrap(), 1);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(shadowed::odd().await.is_alive());
    parameters::ask().await;
}
