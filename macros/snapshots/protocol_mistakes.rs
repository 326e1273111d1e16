#[allow(trivial_bounds)]
impl StoreRef
where
    u64: ::core::marker::Send + 'static,
    u64: ::core::marker::Send + 'static,
{
    /// A handle to `actor`, as one that speaks [`Store`].
    ///
    /// A handle by name is looked up here, once.
    pub fn of<A>(actor: &::ghostlight::ActorRef<A>) -> Self
    where
        A: ::ghostlight::Spawn + Store,
    {
        Self::__of::<A, A>(actor)
    }
    /// Starts an actor that is nothing but a `speaker` of [`Store`], which need not be one: for a test, say.
    ///
    /// # Errors
    /// Outside of a tokio runtime.
    pub fn spawn<S>(speaker: S) -> ::core::result::Result<Self, ::ghostlight::StartError>
    where
        S: Store + ::core::marker::Send + 'static,
    {
        let actor = ::ghostlight::__private0::start_speaker(speaker)?;
        ::core::result::Result::Ok(Self::__of::<_, S>(&actor))
    }
    #[doc(hidden)]
    pub fn __of<A, S>(actor: &::ghostlight::ActorRef<A>) -> Self
    where
        A: ::ghostlight::__private0::Speaker<S>,
        S: Store + 'static,
    {
        Self(
            ::ghostlight::__private0::any_ref(actor),
            &<::ghostlight::__private0::Speaks<A, S>>::NEW,
        )
    }
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
impl StoreRef {
    pub fn good(&self, n: u64) -> ::ghostlight::ProtocolCall<'_, u64> {
        ::ghostlight::ProtocolCall::__new(
            &self.0,
            __StorePort::good(self.1, n),
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: false,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
        )
    }
}

::core::compile_error! {
    "`derive` is an option of `#[handlers]`"
}

::core::compile_error! {
    "a protocol has methods only: who holds its handle knows no more of an actor\nhelp: move it to a trait of its own, or to the impl block"
}

::core::compile_error! {
    "a protocol has methods only: who holds its handle knows no more of an actor\nhelp: move it to a trait of its own, or to the impl block"
}

::core::compile_error! {
    "is this a `#[call]` or a `#[cast]`?\nhelp: mark each method of a protocol with one of them: a call answers, a cast does not"
}

::core::compile_error! {
    "`#[info]` belongs on a method of a `#[handlers] impl` block"
}

::core::compile_error! {
    "a method is either a `#[call]` or a `#[cast]`, not both"
}

::core::compile_error! {
    "a message parameter cannot be a reference: it moves to the actor's task\nhelp: take an owned value: `String`"
}

::core::compile_error! {
    "a reply cannot borrow from the actor: the caller lives in another task\nhelp: return an owned value: `String`"
}

::core::compile_error! {
    "a `#[call]` handler cannot have type parameters of its own\nhelp: move `T` to the trait"
}

::core::compile_error! {
    "who asks by a protocol does not know what `Self` is\nhelp: name a type that all who speak the protocol share"
}

::core::compile_error! {
    "a call of a protocol answers by its result\nhelp: return the value; an `async fn` may wait for it"
}

::core::compile_error! {
    "a protocol's methods take no context: who speaks it may be no actor\nhelp: leave it out; what needs the context is a handler of the actor's own, that this one casts to"
}

::core::compile_error! {
    "a `#[cast]` handler borrows the actor's state\nhelp: take `&mut self`; to end the actor, call `ctx.stop(reason)`"
}

::core::compile_error! {
    "a method of a protocol needs `&mut self` (or `&self`)\nhelp: a function without `self` has no actor to ask: move it out of the trait"
}

::core::compile_error! {
    "`timeout` is an option of `#[call]`"
}

::core::compile_error! {
    "`stop` would hide the method `stop` that every handle has\nhelp: rename the method"
}
