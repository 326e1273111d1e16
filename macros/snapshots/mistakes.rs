impl Vault {
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn borrowed(&self, key: &str) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn lent(&self) -> &[u8] {
        &self.bytes
    }
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn consumed(self) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn generic<T>(&self, t: T) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn misspelt(&self) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn two(&self, a: u8, b: u8) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn answered(&self, reply: ReplyTo<u8>) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    fn both(&self) {}
    #[allow(
        clippy::must_use_candidate,
        clippy::needless_pass_by_value,
        clippy::unused_self
    )]
    pub fn good(&self) -> u8 {
        1
    }
}

/// The calls of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum VaultCall {
    Good,
}

/// The replies to the calls of `Vault`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum VaultReply {
    Good(u8),
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
impl VaultRef {
    #[inline]
    pub fn good(&self) -> ::ghostlight::Call<'_, Vault, u8> {
        ::ghostlight::Call::__new(
            self.__actor(),
            VaultCall::Good,
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: false,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
            |reply| match reply {
                VaultReply::Good(value) => value,
                _ => ::core::unreachable!(),
            },
        )
    }
}

#[allow(dead_code)]
impl Vault
where
    for<'__a> <&'__a Self as ::core::ops::Deref>::Target: ::ghostlight::__private0::HasInit,
{
    #[doc(hidden)]
    pub fn start(self) {}
    #[doc(hidden)]
    pub fn child_spec(self) {}
}

::core::compile_error! {
    "a message parameter cannot be a reference: it moves to the actor's task\nhelp: take an owned value: `String`"
}

::core::compile_error! {
    "a reply cannot borrow from the actor: the caller lives in another task\nhelp: return an owned value: `Vec<u8>`"
}

::core::compile_error! {
    "a `#[cast]` handler borrows the actor's state\nhelp: take `&mut self`; to end the actor, call `ctx.stop(reason)`"
}

::core::compile_error! {
    "a `#[call]` handler cannot have type parameters of its own\nhelp: move `T` to the impl block"
}

::core::compile_error! {
    "unknown option `tmeout`\nhelp: `#[call]` takes `timeout`, `always`, `capacity`"
}

::core::compile_error! {
    "an `#[info]` handler takes one message\nhelp: put the values in one struct"
}

::core::compile_error! {
    "only a `#[call]` has a caller to reply to, and this is a `#[cast]`"
}

::core::compile_error! {
    "a method is either a `#[call]` or a `#[cast]`, not both"
}
