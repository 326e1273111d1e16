//! What the macros read of the user's items: signatures are parsed, bodies stay tokens. So an
//! unfinished body, as an editor sends it, is no error here.

use crate::attrs;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, FnArg, Generics, Ident, Pat, Signature, Token, Type, TypeParamBound, Visibility,
    WhereClause, braced, token,
};

/// The head of a struct or an enum.
pub(crate) struct StateHead {
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
}

/// What an attribute was put on.
pub(crate) enum Target {
    /// A struct or an enum.
    State(StateHead),
    Impl(Token![impl]),
    /// Anything else, with the word that says what it is.
    Other(TokenStream),
}

impl Parse for Target {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if input.peek(Token![struct]) || input.peek(Token![enum]) {
            input.parse::<TokenTree>()?;
            let name = input.parse()?;
            let mut generics: Generics = input.parse()?;
            generics.where_clause = input.parse()?;
            // The where clause of a tuple struct comes behind its fields.
            if generics.where_clause.is_none() && input.peek(token::Paren) {
                input.parse::<TokenTree>()?;
                generics.where_clause = input.parse::<Option<WhereClause>>()?;
            }
            input.parse::<TokenStream>()?;
            return Ok(Target::State(StateHead { vis, name, generics }));
        }
        if input.peek(Token![unsafe]) && input.peek2(Token![impl]) {
            input.parse::<TokenTree>()?;
        }
        let target = if let Some(impl_token) = input.parse()? {
            Target::Impl(impl_token)
        } else {
            Target::Other(input.parse::<Option<TokenTree>>()?.into_token_stream())
        };
        input.parse::<TokenStream>()?;
        Ok(target)
    }
}

/// An impl block.
pub(crate) struct ImplBlock {
    pub(crate) attrs: Vec<Attribute>,
    unsafety: Option<Token![unsafe]>,
    impl_token: Token![impl],
    pub(crate) generics: Generics,
    /// `Trait` and `for`, where the block implements a trait.
    pub(crate) of_trait: Option<(TokenStream, Token![for])>,
    pub(crate) self_ty: Type,
    brace: token::Brace,
    inner_attrs: Vec<Attribute>,
    pub(crate) items: Vec<ImplItem>,
}

pub(crate) enum ImplItem {
    Method(Box<Method>),
    /// Constants, types, macro calls, and what the grammar here does not know: passed on as it is.
    Other(TokenStream),
}

/// A function of an impl block.
pub(crate) struct Method {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: Body,
}

/// What follows a signature.
enum Body {
    Block(Group),
    /// In a trait.
    None(Token![;]),
}

impl Parse for ImplBlock {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let unsafety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics: Generics =
            if input.peek(Token![<]) { input.parse()? } else { Generics::default() };
        let negative: Option<Token![!]> = input.parse()?;
        let mut self_ty: Type = input.parse()?;
        let mut of_trait = None;
        if let Some(for_token) = input.parse::<Option<Token![for]>>()? {
            of_trait = Some((quote!(#negative #self_ty), for_token));
            self_ty = input.parse()?;
        }
        generics.where_clause = input.parse()?;
        let content;
        let brace = braced!(content in input);
        let inner_attrs = content.call(Attribute::parse_inner)?;
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(ImplBlock {
            attrs,
            unsafety,
            impl_token,
            generics,
            of_trait,
            self_ty,
            brace,
            inner_attrs,
            items,
        })
    }
}

impl Parse for ImplItem {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let ahead = input.fork();
        if is_method(&ahead).unwrap_or(false) {
            return input.parse().map(|method| ImplItem::Method(Box::new(method)));
        }
        Ok(ImplItem::Other(until_item_end(input)?))
    }
}

/// Whether a function comes next. Functions without a body and `default fn` are left to rustc, which
/// refuses them here.
fn is_method(input: ParseStream) -> syn::Result<bool> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    Ok(input.parse::<Signature>().is_ok() && input.peek(token::Brace))
}

fn until_item_end(input: ParseStream) -> syn::Result<TokenStream> {
    let mut tokens: TokenStream =
        input.call(Attribute::parse_outer)?.iter().map(ToTokens::to_token_stream).collect();
    let ends_with_semicolon = has_semicolon_before_item(input);
    while !input.is_empty() {
        let is_brace = input.peek(token::Brace);
        let is_semicolon = input.peek(Token![;]);
        tokens.append(input.parse::<TokenTree>()?);
        if is_semicolon || (is_brace && !ends_with_semicolon) {
            break;
        }
    }
    Ok(tokens)
}

/// `const X: T = T { .. };` and `type X = ..;` run up to their semicolon, the others end at their body.
fn has_semicolon_before_item(input: ParseStream) -> bool {
    let ahead = input.fork();
    let _ = ahead.parse::<Visibility>();
    ahead.peek(Token![type]) || (ahead.peek(Token![const]) && !ahead.peek2(Token![fn]))
}

impl Parse for Method {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Method {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            sig: input.parse()?,
            body: if input.peek(Token![;]) {
                Body::None(input.parse()?)
            } else {
                Body::Block(input.parse()?)
            },
        })
    }
}

/// A trait.
pub(crate) struct TraitBlock {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) trait_token: Token![trait],
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) supertraits: Punctuated<TypeParamBound, Token![+]>,
    pub(crate) items: Vec<TraitItem>,
}

pub(crate) enum TraitItem {
    Method(Box<Method>),
    /// Types, constants, macro calls, with the word that it begins with.
    Other(TokenStream, TokenStream),
}

impl Parse for TraitBlock {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let trait_token = input.parse()?;
        let name = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let mut supertraits = Punctuated::new();
        if input.parse::<Option<Token![:]>>()?.is_some() {
            while !input.peek(Token![where]) && !input.peek(token::Brace) {
                supertraits.push_value(input.parse()?);
                if !input.peek(Token![+]) {
                    break;
                }
                supertraits.push_punct(input.parse()?);
            }
        }
        generics.where_clause = input.parse()?;
        let content;
        braced!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            items.push(content.parse()?);
        }
        Ok(TraitBlock { attrs, vis, trait_token, name, generics, supertraits, items })
    }
}

impl Parse for TraitItem {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        if ahead.parse::<Signature>().is_ok() && (ahead.peek(token::Brace) || ahead.peek(Token![;]))
        {
            return input.parse().map(|method| TraitItem::Method(Box::new(method)));
        }
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        let word = ahead.parse::<TokenTree>()?.into_token_stream();
        let mut tokens: TokenStream =
            input.call(Attribute::parse_outer)?.iter().map(ToTokens::to_token_stream).collect();
        while !input.is_empty() {
            let is_end = input.peek(Token![;]) || input.peek(token::Brace);
            tokens.append(input.parse::<TokenTree>()?);
            if is_end {
                break;
            }
        }
        Ok(TraitItem::Other(tokens, word))
    }
}

impl Method {
    /// What follows the signature in a trait: `async` bodies become futures.
    pub(crate) fn trait_body(&self, is_async: bool) -> TokenStream {
        match &self.body {
            Body::Block(body) if is_async => {
                let mut block = Group::new(Delimiter::Brace, quote!(async move #body));
                block.set_span(body.span());
                block.into_token_stream()
            }
            Body::Block(body) => body.to_token_stream(),
            Body::None(semicolon) => semicolon.to_token_stream(),
        }
    }

    pub(crate) fn body(&self) -> TokenStream {
        match &self.body {
            Body::Block(body) => body.stream(),
            Body::None(_) => TokenStream::new(),
        }
    }
}

impl ImplBlock {
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.items.iter().filter_map(|item| match item {
            ImplItem::Method(method) => Some(&**method),
            ImplItem::Other(_) => None,
        })
    }
}

impl Method {
    /// The parameters besides `self`.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &syn::PatType> {
        self.sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(parameter) => Some(parameter),
            FnArg::Receiver(_) => None,
        })
    }
}

/// The name that a parameter binds, where its pattern is one.
pub(crate) fn plain_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => Some(&name.ident),
        _ => None,
    }
}

/// Prints the block as the user wrote it, without the attributes that are consumed.
impl ToTokens for ImplBlock {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(self.attrs.iter().filter(|attr| !attrs::is_async_trait(attr)));
        self.unsafety.to_tokens(tokens);
        self.impl_token.to_tokens(tokens);
        self.generics.to_tokens(tokens);
        if let Some((of_trait, for_token)) = &self.of_trait {
            tokens.extend(quote!(#of_trait #for_token));
        }
        self.self_ty.to_tokens(tokens);
        self.generics.where_clause.to_tokens(tokens);
        self.brace.surround(tokens, |tokens| {
            tokens.append_all(&self.inner_attrs);
            tokens.append_all(&self.items);
        });
    }
}

impl ToTokens for ImplItem {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            ImplItem::Method(method) => method.to_tokens(tokens),
            ImplItem::Other(other) => other.to_tokens(tokens),
        }
    }
}

impl ToTokens for Method {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let is_marked = self.attrs.iter().any(|attr| attrs::marker(attr).is_some());
        let mut sig = self.sig.clone();
        if is_marked {
            tokens.extend(attrs::allowed_for_marked());
            for input in &mut sig.inputs {
                if let FnArg::Typed(parameter) = input {
                    parameter.attrs.retain(|attr| attrs::parameter_marker(attr).is_none());
                }
            }
        }
        tokens.append_all(self.attrs.iter().filter(|attr| !attrs::is_consumed(attr)));
        self.vis.to_tokens(tokens);
        sig.to_tokens(tokens);
        match &self.body {
            Body::Block(body) => body.to_tokens(tokens),
            Body::None(semicolon) => semicolon.to_tokens(tokens),
        }
    }
}
