//! Questions about a type, answered by its syntax.

use proc_macro2::{Group, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{
    GenericArgument, Generics, Ident, Lifetime, Path, PathArguments, PathSegment, Token, Type,
    TypeParamBound, TypeReference, WherePredicate,
};

/// The type without the parentheses and invisible groups around it.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        _ => ty,
    }
}

/// The last segment of a type that is a plain path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// The type arguments of a path segment.
pub(crate) fn type_arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The `Ctx` in `&Ctx<_>` and `&mut Ctx<_>`.
pub(crate) fn is_ctx(ty: &Type) -> bool {
    matches!(peel(ty), Type::Reference(reference) if is_named(&reference.elem, "Ctx"))
}

/// `Ctx<Self>` by value. (A `Ctx` of something else is a type of the user's.)
pub(crate) fn is_owned_ctx(ty: &Type, actor: &Ident) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == "Ctx" && is_of(segment, actor))
}

/// Whether `Self`, or the actor by its name, is among the arguments.
fn is_of(segment: &PathSegment, actor: &Ident) -> bool {
    type_arguments(segment)
        .filter_map(last_segment)
        .any(|argument| argument.ident == "Self" || argument.ident == *actor)
}

/// The `Context<Self>` in `&mut Context<Self>`, as other actor frameworks call it.
pub(crate) fn foreign_ctx<'a>(ty: &'a Type, actor: &Ident) -> Option<&'a Type> {
    let Type::Reference(reference) = peel(ty) else { return None };
    let segment = last_segment(&reference.elem)?;
    (segment.ident == "Context" && is_of(segment, actor)).then_some(&reference.elem)
}

pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The `T` of a `ReplyTo<T>` or a `StreamTo<T>`, whichever `name` is. (One without it is a type of the user's.)
pub(crate) fn carried<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    last_segment(ty).filter(|segment| segment.ident == name).and_then(last_argument)
}

/// The `T` of an `impl Stream<Item = T>`, as a user would write it; `T` where it does not say.
pub(crate) fn stream_item(ty: &Type) -> Option<String> {
    find(ty, &|ty| {
        let Type::ImplTrait(found) = ty else { return None };
        let stream = found.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                bound.path.segments.last().filter(|segment| segment.ident == "Stream")
            }
            _ => None,
        })?;
        let item = match &stream.arguments {
            PathArguments::AngleBracketed(arguments) => {
                arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::AssocType(item) if item.ident == "Item" => Some(&item.ty),
                    _ => None,
                })
            }
            _ => None,
        };
        Some(item.map_or("T".to_owned(), text))
    })
}

/// Whether `ty` is an `impl Future`, or has one in it.
pub(crate) fn has_future(ty: &Type) -> bool {
    let is_future = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|segment| segment.ident == "Future")
        }
        _ => false,
    };
    let found = find(ty, &|ty| match ty {
        Type::ImplTrait(found) => found.bounds.iter().any(is_future).then_some(()),
        _ => None,
    });
    found.is_some()
}

/// The `T` of a `ChildSpec<T>`.
pub(crate) fn child_spec(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "ChildSpec")?;
    let mut arguments = type_arguments(segment);
    let role = arguments.next();
    role.filter(|_| arguments.next().is_none())
}

/// The handle of an actor or a supervisor as a user would write it: `CacheRef<K>` for `Cache<K>`.
pub(crate) fn handle_text(role: &Type) -> String {
    let text = text(role);
    let (name, arguments) = text.split_at(text.find('<').unwrap_or(text.len()));
    format!("{name}Ref{arguments}")
}

/// The last type argument, for what an alias of `ReplyTo` or `StreamTo` carries.
pub(crate) fn last_argument(segment: &PathSegment) -> Option<&Type> {
    type_arguments(segment).last()
}

/// Something in a type that borrows, and the words for owning it instead.
pub(crate) struct Borrow {
    pub(crate) tokens: TokenStream,
    /// The owned type, where the syntax tells.
    pub(crate) owned: Option<String>,
}

/// The first borrow in `ty` that is not `'static`.
pub(crate) fn borrow(ty: &Type) -> Option<Borrow> {
    find(ty, &|ty| match ty {
        Type::Reference(reference) if !reference.lifetime.as_ref().is_some_and(is_static) => {
            Some(Borrow { tokens: ty.to_token_stream(), owned: Some(owned(reference)) })
        }
        Type::Path(path) => path.path.segments.iter().find_map(|segment| {
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                return None;
            };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Lifetime(lifetime) => lifetime_borrow(lifetime),
                _ => None,
            })
        }),
        Type::TraitObject(object) => object.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Lifetime(lifetime) => lifetime_borrow(lifetime),
            _ => None,
        }),
        _ => None,
    })
}

fn is_static(lifetime: &Lifetime) -> bool {
    lifetime.ident == "static"
}

fn lifetime_borrow(lifetime: &Lifetime) -> Option<Borrow> {
    (!is_static(lifetime)).then(|| Borrow { tokens: lifetime.to_token_stream(), owned: None })
}

/// `&str` becomes `String`, `&[u8]` becomes `Vec<u8>`.
fn owned(reference: &TypeReference) -> String {
    let target = peel(&reference.elem);
    if let Type::Slice(slice) = target {
        return format!("Vec<{}>", text(&slice.elem));
    }
    let name = last_segment(target).map(|segment| segment.ident.to_string());
    match name.as_deref() {
        Some("str") => "String".to_owned(),
        Some("Path") => "PathBuf".to_owned(),
        Some("OsStr") => "OsString".to_owned(),
        Some("CStr") => "CString".to_owned(),
        _ if matches!(target, Type::TraitObject(_)) => format!("Box<{}>", text(target)),
        _ => text(target),
    }
}

/// The first `impl Trait` in `ty`.
pub(crate) fn impl_trait(ty: &Type) -> Option<TokenStream> {
    find(ty, &|ty| match ty {
        Type::ImplTrait(found) => Some(found.to_token_stream()),
        _ => None,
    })
}

/// The first part of `ty` that is known by name not to be `Send`, with the way out.
pub(crate) fn not_send(ty: &Type) -> Option<(TokenStream, &'static str)> {
    find(ty, &|ty| {
        let help = match ty {
            Type::Ptr(_) => "send an index or an owned value in place of a raw pointer",
            _ => match last_segment(ty)?.ident.to_string().as_str() {
                "Rc" => "use `Arc` in place of `Rc`",
                "MutexGuard" | "RwLockReadGuard" | "RwLockWriteGuard" => {
                    "send what the guard protects, or the `Arc` around the lock"
                }
                _ => return None,
            },
        };
        Some((ty.to_token_stream(), help))
    })
}

/// The first answer of `question` about `ty` and the types in it. Function types are not entered: what
/// they mention is not held.
fn find<R>(ty: &Type, question: &dyn Fn(&Type) -> Option<R>) -> Option<R> {
    question(ty).or_else(|| match ty {
        Type::Array(array) => find(&array.elem, question),
        Type::Group(group) => find(&group.elem, question),
        Type::Paren(paren) => find(&paren.elem, question),
        Type::Ptr(pointer) => find(&pointer.elem, question),
        Type::Reference(reference) => find(&reference.elem, question),
        Type::Slice(slice) => find(&slice.elem, question),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|ty| find(ty, question)),
        Type::Path(path) => {
            path.path.segments.iter().flat_map(type_arguments).find_map(|ty| find(ty, question))
        }
        _ => None,
    })
}

/// Where the type begins: at the `&` of a reference.
pub(crate) fn place(ty: &Type) -> Span {
    ty.to_token_stream().into_iter().next().map_or_else(Span::call_site, |tree| tree.span())
}

/// Whether one of `names` is in `tokens`.
pub(crate) fn mentions(tokens: &TokenStream, names: &[&Ident]) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(word) => names.contains(&&word),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        _ => false,
    })
}

/// The type as a user would write it.
pub(crate) fn text(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("< ", "<"),
        (" <", "<"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

/// A state is `'static`, so its parameters are: the user need not say so. The bound goes where the others
/// of its parameter are.
pub(crate) fn with_static(mut generics: Generics) -> Generics {
    let mut clause = generics.where_clause.take();
    for parameter in generics.type_params_mut() {
        // Where rustc would tell the user to write a bound.
        parameter.colon_token.get_or_insert(Token![:](parameter.ident.span()));
        let bounds = clause
            .iter_mut()
            .flat_map(|clause| &mut clause.predicates)
            .find_map(|predicate| bounds_of(&parameter.ident, predicate))
            .unwrap_or(&mut parameter.bounds);
        // Without a place among the user's tokens, where rustc would tell them to write on behind it.
        bounds.push(TypeParamBound::Lifetime(Lifetime::new("'static", Span::call_site())));
    }
    generics.where_clause = clause;
    generics
}

fn bounds_of<'p>(
    parameter: &Ident,
    predicate: &'p mut WherePredicate,
) -> Option<&'p mut Punctuated<TypeParamBound, Token![+]>> {
    match predicate {
        WherePredicate::Type(predicate) => match peel(&predicate.bounded_ty) {
            Type::Path(ty) if ty.path.is_ident(parameter) => Some(&mut predicate.bounds),
            _ => None,
        },
        _ => None,
    }
}

/// The first `Self` in `tokens`.
pub(crate) fn self_in(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|tree| match tree {
        TokenTree::Ident(word) if word == "Self" => Some(word),
        TokenTree::Group(group) => self_in(group.stream()),
        _ => None,
    })
}

// Input:  Option<Self>, [u8; Self::LEN]
// Output: Option<Vault>, [u8; <Vault>::LEN]: generated items stand outside the impl block
pub(crate) fn without_self(tokens: TokenStream, actor: &Path) -> TokenStream {
    let mut output = TokenStream::new();
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) if word == "Self" => {
                let is_qualifier = trees.peek().is_some_and(begins_path_separator);
                output.extend(actor_at(actor, &word, is_qualifier));
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), actor));
                inner.set_span(group.span());
                output.extend([TokenTree::Group(inner)]);
            }
            tree => output.extend([tree]),
        }
    }
    output
}

/// `::`, but not the `:` of `Self: Sized`.
fn begins_path_separator(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint)
}

fn actor_at(actor: &Path, word: &Ident, is_qualifier: bool) -> TokenStream {
    let needs_brackets =
        is_qualifier && actor.segments.last().is_some_and(|last| !last.arguments.is_none());
    if needs_brackets { quote_spanned!(word.span()=> <#actor>) } else { quote!(#actor) }
}
