pub struct Vault {
    ledger: LedgerRef,
}

/// A handle to a running [`Vault`].
///
/// Cheap to clone, and valid across restarts: it names the role, not one life.
#[must_use = "an actor without a supervisor ends when its last handle is dropped"]
pub struct VaultRef(::ghostlight::ActorRef<Vault>);

impl VaultRef {
    /// A handle to whichever `Vault` has this name.
    ///
    /// The name is resolved at each use, in the runtime of that moment: there need be no such actor yet.
    pub const fn named(name: &'static str) -> Self {
        Self(::ghostlight::ActorRef::named(name))
    }
    #[doc(hidden)]
    #[inline]
    pub fn __actor(&self) -> &::ghostlight::ActorRef<Vault> {
        &self.0
    }
}

#[automatically_derived]
impl ::core::clone::Clone for VaultRef {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0))
    }
}

#[automatically_derived]
impl ::core::fmt::Debug for VaultRef {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}

#[automatically_derived]
impl ::core::cmp::PartialEq for VaultRef {
    fn eq(&self, other: &Self) -> bool {
        ::core::cmp::PartialEq::eq(&self.0, &other.0)
    }
}

#[automatically_derived]
impl ::core::cmp::Eq for VaultRef {}

#[automatically_derived]
impl ::core::hash::Hash for VaultRef {
    fn hash<__H: ::core::hash::Hasher>(&self, state: &mut __H) {
        ::core::hash::Hash::hash(&self.0, state);
    }
}

#[automatically_derived]
impl ::core::ops::Deref for VaultRef {
    type Target = ::ghostlight::ActorRef<Vault>;
    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[automatically_derived]
impl ::core::convert::From<::ghostlight::ActorRef<Vault>> for VaultRef {
    fn from(actor: ::ghostlight::ActorRef<Vault>) -> Self {
        Self(actor)
    }
}

#[automatically_derived]
impl ::core::convert::From<VaultRef> for ::ghostlight::ActorRef<Vault> {
    fn from(handle: VaultRef) -> Self {
        handle.0
    }
}

#[diagnostic::do_not_recommend]
#[automatically_derived]
impl ::ghostlight::State for Vault {
    type Ref = VaultRef;
    const OPTIONS: ::ghostlight::Options = ::ghostlight::Options::new();
}

#[doc(hidden)]
#[allow(missing_debug_implementations)]
pub struct __VaultActor;

const _: () = ::ghostlight::__private0::assert_handlers::<__VaultActor>();

const _: () = ::ghostlight::__private0::assert_state::<Vault>();
