const _: () = {
    #[allow(unused_imports)]
    use ::ghostlight::__private0::{assert_message, assert_reply, assert_sync_state};
    #[allow(dead_code)]
    const fn check<K: Eq + Send + 'static, V>()
    where
        V: Clone + Send + 'static,
    {
        assert_message::<K>();
        assert_reply::<V>();
        assert_message::<K>();
    }
};

#[automatically_derived]
impl ::ghostlight::__private0::HasHandlers for __CacheActor {}

#[doc(hidden)]
#[allow(
    dead_code,
    missing_debug_implementations,
    missing_docs,
    non_snake_case,
    unreachable_pub,
    clippy::pedantic
)]
mod __CacheNeedsActor0 {
    pub struct CacheRef<P0, P1>(::core::marker::PhantomData<(P0, P1)>);
    impl<P0, P1> CacheRef<P0, P1> {
        pub fn __actor<T>(&self) -> T {
            ::core::unreachable!()
        }
    }
    pub struct __CacheActor;
}

#[allow(unused_imports)]
use __CacheNeedsActor0::*;

const _: () = {
    #[allow(unused_imports)]
    use ::ghostlight::call as _;
    #[allow(unused_imports)]
    use ::ghostlight::info as _;
};
