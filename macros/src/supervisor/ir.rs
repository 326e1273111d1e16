//! What `#[supervisor]` knows of a tree.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Generics, Path, Type, Visibility};

/// One impl block, reduced to what is generated from it.
pub(crate) struct Supervisor {
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    /// The type of the block, with its generic arguments: `Bank<K>`.
    pub(crate) path: Path,
    /// The last name of the path: `Bank`.
    pub(crate) name: Ident,
    /// Those of the impl, with `'static`.
    pub(crate) generics: Generics,
    /// The variant of `Strategy`; the first one where none was given, which has been reported.
    pub(crate) strategy: &'static str,
    pub(crate) intensity: Option<Intensity>,
    /// In milliseconds.
    pub(crate) period: Option<u64>,
    /// In the order of the block; those with mistakes are left out.
    pub(crate) children: Vec<Child>,
    /// All methods that are marked, those too that are left out: their names are known.
    pub(crate) marked: Vec<Ident>,
    /// Methods that are named like one that is generated, which then is not; they have been reported.
    pub(crate) own: Vec<Ident>,
    /// Every marker of the block, where the user wrote it.
    pub(crate) markers: Vec<Ident>,
}

/// `intensity = 3`
pub(crate) struct Intensity {
    pub(crate) most: u32,
}

/// A method marked `#[child]`.
pub(crate) struct Child {
    pub(crate) name: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// In the user's order.
    pub(crate) dependencies: Vec<Dependency>,
    /// The `Vault` of the `ChildSpec<Vault>` that it returns, without `Self`.
    pub(crate) role: Type,
}

/// A parameter named like another child.
pub(crate) struct Dependency {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
}

impl Supervisor {
    /// Which child has this name, of those that are good.
    pub(crate) fn child(&self, name: &Ident) -> Option<&Child> {
        self.children.iter().find(|child| child.name == *name)
    }
}
