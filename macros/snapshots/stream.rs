/// The replies to the calls of `Room`.
#[allow(dead_code, missing_docs, private_interfaces, clippy::type_complexity)]
pub enum RoomReply<T: Send + 'static> {
    Listen(::ghostlight::__private0::Opened<T>),
    Replay(::ghostlight::__private0::Opened<Option<Room<T>>>),
    #[doc(hidden)]
    __Marker(::core::marker::PhantomData<fn() -> (T,)>, ::ghostlight::__private0::Never),
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
impl<T: Send + 'static> RoomRef<T> {
    #[inline]
    pub fn listen(&self) -> ::ghostlight::Call<'_, Room<T>, ::ghostlight::Streaming<T>> {
        ::ghostlight::Call::__new(
            self.__actor(),
            RoomCall::Listen,
            ::ghostlight::__private0::CallOptions {
                inline: true,
                later: true,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
            |reply| match reply {
                RoomReply::Listen(value) => value.into_streaming(),
                _ => ::core::unreachable!(),
            },
        )
    }
    #[inline]
    pub fn replay(
        &self,
        from: usize,
    ) -> ::ghostlight::Call<'_, Room<T>, ::ghostlight::Streaming<Option<Room<T>>>> {
        ::ghostlight::Call::__new(
            self.__actor(),
            RoomCall::Replay { from },
            ::ghostlight::__private0::CallOptions {
                inline: false,
                later: true,
                always: false,
                limit: ::ghostlight::__private0::Limit::Default,
            },
            |reply| match reply {
                RoomReply::Replay(value) => value.into_streaming(),
                _ => ::core::unreachable!(),
            },
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
#[diagnostic::do_not_recommend]
#[automatically_derived]
impl<T: Send + 'static> ::ghostlight::Actor for Room<T> {
    type Call = RoomCall<T>;
    type Reply = RoomReply<T>;
    type Cast = ::ghostlight::__private0::Never;
    type Info = ::ghostlight::__private0::Never;
    type Continue = ::ghostlight::__private0::Never;
    const MESSAGES: &'static [&'static str] = &["listen", "replay"];
    #[allow(unreachable_patterns)]
    fn message_index(message: &::ghostlight::Message<Self>) -> u16 {
        match message {
            ::ghostlight::Message::Call(RoomCall::Listen) => 0u16,
            ::ghostlight::Message::Call(RoomCall::Replay { .. }) => 1u16,
            _ => u16::MAX,
        }
    }
    fn handle(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Handled<Self> {
        match message {
            ::ghostlight::Message::Call(RoomCall::Listen) => {
                ctx.__handling(0u16);
                ::ghostlight::Handled::Now({
                    let (out, opened) = {
                        #[allow(unused_imports)]
                        use ::ghostlight::__private0::NoStreams as _;
                        ::ghostlight::__private0::Streams::<T>::open(ctx, 16usize)
                    };
                    Self::listen(self, out);
                    ::ghostlight::Outcome::Reply(RoomReply::Listen(opened))
                })
            }
            message => ::ghostlight::Handled::Later(message),
        }
    }
    async fn handle_async(
        &mut self,
        message: ::ghostlight::Message<Self>,
        ctx: &mut ::ghostlight::Ctx<Self>,
    ) -> ::ghostlight::Outcome<Self> {
        #[inline]
        fn __send<F: ::core::future::Future + ::core::marker::Send>(
            future: F,
        ) -> impl ::core::future::Future<Output = F::Output> + ::core::marker::Send {
            future
        }
        const {
            #[allow(unused_imports)]
            use ::ghostlight::__private0::{
                assert_item, assert_message, assert_reply, assert_sync_state,
            };
            const fn assert_send<T: ::core::marker::Send>() {}
            assert_send::<T>();
            assert_send::<Option<Room<T>>>();
            assert_message::<usize>();
        }
        match message {
            ::ghostlight::Message::Call(RoomCall::Replay { from }) => {
                ctx.__handling(1u16);
                {
                    let (out, opened) = {
                        #[allow(unused_imports)]
                        use ::ghostlight::__private0::NoStreams as _;
                        ::ghostlight::__private0::Streams::<
                            Option<Room<T>>,
                        >::open(ctx, 64usize)
                    };
                    ctx.__stream_now::<1usize, _>(opened);
                    __send(Self::replay(self, from, out)).await;
                    ::ghostlight::Outcome::Done
                }
            }
            _ => ::core::unreachable!(),
        }
    }
    const TERMINATES: bool = false;
    fn terminate(
        &mut self,
        _: &::ghostlight::ExitReason,
        _: &mut ::ghostlight::Ctx<Self>,
    ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
        ::core::future::ready(())
    }
}

#[allow(
    deprecated,
    missing_docs,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::used_underscore_binding
)]
#[automatically_derived]
impl<
    T: Send + 'static,
> ::ghostlight::__private0::Deferred<
    1usize,
    ::ghostlight::__private0::Opened<Option<Room<T>>>,
    RoomReply<T>,
> for Room<T> {
    fn wrap(value: ::ghostlight::__private0::Opened<Option<Room<T>>>) -> RoomReply<T> {
        RoomReply::Replay(value)
    }
}

#[allow(dead_code)]
impl<T: Send + 'static> Room<T>
where
    for<'__a> <&'__a Self as ::core::ops::Deref>::Target: ::ghostlight::__private0::HasInit,
{
    #[doc(hidden)]
    pub fn start(self) {}
    #[doc(hidden)]
    pub fn child_spec(self) {}
}
