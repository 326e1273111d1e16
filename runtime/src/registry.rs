//! Names: which role has which, in one runtime.

use crate::{
    Pid,
    cell::{Process, shield::shielded, typed::Typed},
    node::Node,
    sync::lock,
};
use std::{
    any::TypeId,
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex},
};

/// A name, with the type of actor that has it: a `Vault` and a `Ledger` may both be `main`.
pub(crate) type Name = (TypeId, Cow<'static, str>);

/// The names of a runtime.
#[derive(Default)]
pub(crate) struct Names(Mutex<HashMap<Name, Arc<dyn Process>>>);

/// Somebody else has the name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pub(crate) by: Option<Pid>,
}

impl Names {
    /// Gives `process` a name. It keeps an actor without a supervisor alive, as a strong handle does.
    ///
    /// A role that has the name already keeps it.
    pub(crate) fn add(&self, name: Name, process: &Arc<dyn Process>) -> Result<(), Taken> {
        match lock(&self.0).entry(name.clone()) {
            Entry::Occupied(holder) if Arc::ptr_eq(holder.get(), process) => return Ok(()),
            Entry::Occupied(holder) => return Err(Taken { by: holder.get().header().ties.pid() }),
            Entry::Vacant(place) => {
                place.insert(Arc::clone(process));
            }
        }
        process.header().add_handle();
        let earlier = process.header().role_or_new().name.replace(name);
        if let Some(earlier) = earlier {
            self.remove(&earlier);
        }
        Ok(())
    }

    /// Frees a name, for the role that had it.
    pub(crate) fn remove(&self, name: &Name) {
        let process = lock(&self.0).remove(name);
        if let Some(process) = process
            && process.header().drop_handle()
        {
            process.last_handle_gone();
        }
    }

    /// The runtime ends, and with it those whom only their names keep: they may have no task of their own that would tell them.
    pub(crate) fn end(&self) {
        let named: Vec<_> = lock(&self.0).drain().map(|(_, process)| process).collect();
        for process in named {
            shielded(|| process.node_down());
        }
    }

    fn find(&self, name: &Name) -> Option<Arc<dyn Process>> {
        lock(&self.0).get(name).cloned()
    }
}

/// The actor of type `A` that has this name in the current runtime.
pub(crate) fn find<A: 'static>(name: &'static str) -> Option<Typed<A>> {
    let node = Node::current().ok()?;
    let process = node.names.find(&(TypeId::of::<A>(), Cow::Borrowed(name)))?;
    Typed::of_type(process)
}
