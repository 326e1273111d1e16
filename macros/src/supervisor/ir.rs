//! What `#[supervisor]` knows of a tree.

use crate::attrs;
use crate::self_type::SelfType;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Attribute, Type, Visibility};

/// One impl block, reduced to what is generated from it.
pub(crate) struct Supervisor {
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    /// The configuration of the tree.
    pub(crate) ty: SelfType,
    /// The options as a value: `SupervisorOptions::new(..)` and the calls on it.
    pub(crate) options: TokenStream,
    /// A significant child may end it.
    pub(crate) ends_with_children: bool,
    /// In the order of the block, which is the order in which they start.
    pub(crate) children: Vec<Child>,
    /// Every marker of the block, where the user wrote it.
    pub(crate) markers: Vec<Ident>,
    /// What is generated unless the block has a method of that name: `start`, `child_spec`, `tree`.
    pub(crate) taken: Vec<&'static str>,
}

/// A method marked `#[child]`.
pub(crate) struct Child {
    pub(crate) name: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// The `Vault` of `ChildSpec<Vault>`, without `Self`. `None` where the method does not say it: it is reported, and
    /// such a child has no accessor.
    pub(crate) role: Option<Type>,
    pub(crate) dependencies: Vec<Dependency>,
    /// The `significant` of `#[child(significant)]`.
    pub(crate) significant: Option<Ident>,
    /// Whether its restart type is that of its actor, as far as can be seen: the method makes the spec itself, and says nothing of
    /// restarts.
    pub(crate) restarts_as_its_type: bool,
    /// One with a mistake is not started. Its accessor stays: code that uses it has no error of its own.
    pub(crate) is_sound: bool,
}

/// A parameter: the handle of the earlier child of this name.
pub(crate) struct Dependency {
    pub(crate) name: Ident,
    /// As the user wrote it.
    pub(crate) ty: Type,
}

impl Supervisor {
    /// The children of this name among those that start before number `index`: several only where each is for another
    /// configuration.
    pub(crate) fn earlier<'a>(
        &'a self,
        index: usize,
        name: &'a Ident,
    ) -> impl Iterator<Item = &'a Child> {
        self.children.iter().take(index).filter(move |child| child.is_named(name))
    }
}

impl Child {
    pub(crate) fn is_named(&self, name: &Ident) -> bool {
        self.name.unraw() == name.unraw()
    }

    /// What the supervisor calls it.
    pub(crate) fn id(&self) -> String {
        self.name.unraw().to_string()
    }

    /// The `#[cfg(..)]`s of the method, for whatever is generated from it.
    pub(crate) fn cfg(&self) -> TokenStream {
        attrs::cfg(&self.attrs)
    }
}
