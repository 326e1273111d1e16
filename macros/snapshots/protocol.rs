/// Keeps values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not speak `Store`",
    label = "does not speak `Store`",
    note = "write `impl Store<K, V> for {Self} {{ .. }}`"
)]
pub trait Store<K: Eq, V = u64>: Base + Log<K> + Debug {
    /// The value of `key`.
    fn get(&self, key: K) -> Option<V>;
    fn load(
        &mut self,
        path: String,
    ) -> impl ::core::future::Future<
        Output = Result<usize, Error>,
    > + ::core::marker::Send {
        async move { Ok(path.len()) }
    }
    fn put(&mut self, key: K, value: V) -> Result<(), Error>;
}

#[doc(hidden)]
#[allow(missing_docs, private_interfaces, clippy::type_complexity)]
pub trait __StorePort<K: Eq, V>: ::core::marker::Send + ::core::marker::Sync
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn get(&self, key: K) -> ::ghostlight::__private0::Errand<Option<V>>;
    fn load(
        &self,
        path: String,
    ) -> ::ghostlight::__private0::Errand<Result<usize, Error>>;
    fn put(&self, key: K, value: V) -> ::ghostlight::__private0::Errand<()>;
}

#[allow(
    deprecated,
    trivial_bounds,
    clippy::used_underscore_binding,
    clippy::type_complexity
)]
impl<K: Eq, V, A, S> __StorePort<K, V> for ::ghostlight::__private0::Speaks<A, S>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
    K: ::core::marker::Send + 'static,
    Option<V>: ::core::marker::Send + 'static,
    String: ::core::marker::Send + 'static,
    Result<usize, Error>: ::core::marker::Send + 'static,
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
    A: ::ghostlight::__private0::Speaker<S>,
    S: Store<K, V> + 'static,
{
    fn get(&self, key: K) -> ::ghostlight::__private0::Errand<Option<V>> {
        Self::errand(
            "Store::get",
            false,
            move |mut life: ::ghostlight::__private0::Held<A>| async move {
                let done = ::ghostlight::__private0::caught(async {
                        <S as Store<K, V>>::get(life.speaker::<S>(), key)
                    })
                    .await;
                (life, done)
            },
        )
    }
    fn load(
        &self,
        path: String,
    ) -> ::ghostlight::__private0::Errand<Result<usize, Error>> {
        Self::errand(
            "Store::load",
            true,
            move |mut life: ::ghostlight::__private0::Held<A>| async move {
                let done = ::ghostlight::__private0::caught(async {
                        <S as Store<K, V>>::load(life.speaker::<S>(), path).await
                    })
                    .await;
                (life, done)
            },
        )
    }
    fn put(&self, key: K, value: V) -> ::ghostlight::__private0::Errand<()> {
        Self::errand(
            "Store::put",
            false,
            move |mut life: ::ghostlight::__private0::Held<A>| async move {
                let done = ::ghostlight::__private0::caught(async {
                        <S as Store<K, V>>::put(life.speaker::<S>(), key, value)
                    })
                    .await;
                let done = match done {
                    ::core::result::Result::Ok(done) => {
                        <Result<
                            (),
                            Error,
                        > as ::ghostlight::__private0::IntoOutcome>::into_outcome(done)
                    }
                    ::core::result::Result::Err(done) => {
                        ::core::result::Result::Err(done)
                    }
                };
                (life, done)
            },
        )
    }
}

/// A handle to an actor that speaks [`Store`], whatever else it is.
///
/// Cheap to clone. It keeps an actor alive as the actor's own handle does.
#[must_use = "an actor without a supervisor ends when its last handle is dropped"]
pub struct StoreRef<K: Eq, V = u64>(
    BaseRef,
    &'static dyn __StorePort<K, V>,
    LogRef<K>,
)
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static;

#[automatically_derived]
impl<K: Eq, V> ::core::clone::Clone for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn clone(&self) -> Self {
        Self(
            ::core::clone::Clone::clone(&self.0),
            self.1,
            ::core::clone::Clone::clone(&self.2),
        )
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::fmt::Debug for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::cmp::PartialEq for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn eq(&self, other: &Self) -> bool {
        ::core::cmp::PartialEq::eq(&self.0, &other.0)
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::cmp::Eq for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{}

#[automatically_derived]
impl<K: Eq, V> ::core::hash::Hash for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::ops::Deref for StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    type Target = BaseRef;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::convert::From<StoreRef<K, V>> for BaseRef
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn from(handle: StoreRef<K, V>) -> Self {
        handle.0
    }
}

#[automatically_derived]
impl<K: Eq, V> ::core::convert::From<StoreRef<K, V>> for LogRef<K>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    fn from(handle: StoreRef<K, V>) -> Self {
        handle.2
    }
}

#[allow(trivial_bounds)]
impl<K: Eq, V> StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
    K: ::core::marker::Send + 'static,
    Option<V>: ::core::marker::Send + 'static,
    String: ::core::marker::Send + 'static,
    Result<usize, Error>: ::core::marker::Send + 'static,
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    /// A handle to `actor`, as one that speaks [`Store`].
    ///
    /// A handle by name is looked up here, once.
    pub fn of<A>(actor: &::ghostlight::ActorRef<A>) -> Self
    where
        A: ::ghostlight::Spawn + Store<K, V>,
    {
        Self::__of::<A, A>(actor)
    }
    /// Starts an actor that is nothing but a `speaker` of [`Store`], which need not be one: for a test, say.
    ///
    /// # Errors
    /// Outside of a tokio runtime.
    pub fn spawn<S>(speaker: S) -> ::core::result::Result<Self, ::ghostlight::StartError>
    where
        S: Store<K, V> + ::core::marker::Send + 'static,
    {
        let actor = ::ghostlight::__private0::start_speaker(speaker)?;
        ::core::result::Result::Ok(Self::__of::<_, S>(&actor))
    }
    #[doc(hidden)]
    pub fn __of<A, S>(actor: &::ghostlight::ActorRef<A>) -> Self
    where
        A: ::ghostlight::__private0::Speaker<S>,
        S: Store<K, V> + 'static,
    {
        Self(
            <BaseRef>::__of::<A, S>(actor),
            &<::ghostlight::__private0::Speaks<A, S>>::NEW,
            <LogRef<K>>::__of::<A, S>(actor),
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
impl<K: Eq, V> StoreRef<K, V>
where
    K: ::core::marker::Send + 'static,
    V: ::core::marker::Send + 'static,
{
    /// The value of `key`.
    pub fn get(&self, key: K) -> ::ghostlight::ProtocolCall<'_, Option<V>> {
        ::ghostlight::ProtocolCall::__new(
            &self.0,
            __StorePort::get(self.1, key),
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: false,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
        )
    }
    pub fn load(
        &self,
        path: String,
    ) -> ::ghostlight::ProtocolCall<'_, Result<usize, Error>> {
        ::ghostlight::ProtocolCall::__new(
            &self.0,
            __StorePort::load(self.1, path),
            ::ghostlight::__private0::CallOptions {
                inline: false,
                later: false,
                always: true,
                limit: ::ghostlight::__private0::Limit::After(
                    ::core::time::Duration::from_millis(1000u64),
                ),
            },
        )
    }
    pub fn put(&self, key: K, value: V) -> ::ghostlight::ProtocolCast<'_> {
        ::ghostlight::ProtocolCast::__new(&self.0, __StorePort::put(self.1, key, value))
    }
}

#[allow(unused_imports)]
const _: () = {
    use ::ghostlight::call as _;
    use ::ghostlight::call as _;
    use ::ghostlight::cast as _;
};
