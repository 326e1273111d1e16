//! Rings of actors that wait for each other: how they are found, and what is refused where the last to close one cannot be.

use super::{
    slot::Slot,
    waits::{Edge, Vertex},
};
use crate::pid::Pid;
use std::collections::HashSet;

/// More changes than this while somebody looks: it is no ring, for those in a ring do nothing.
const LOOKS: usize = 64;

/// Actors that wait for each other.
pub(super) struct Ring {
    /// The one who closes it.
    me: Vertex,
    /// From whom that one waits for, back to it.
    steps: Vec<Step>,
    /// Or to one around it on its thread, which waits for it.
    around: Option<Vertex>,
}

/// A step on a way: who waits, and for whom.
#[derive(Clone, Copy)]
struct Step {
    from: Vertex,
    /// `None` if it waits for its supervisor, to live again.
    slot: Option<&'static Slot>,
    edge: Edge,
}

impl Step {
    /// Whether it is there now, as it was.
    fn is_there(&self) -> bool {
        match self.slot {
            Some(slot) => slot.edge_of(self.from) == Some(self.edge),
            None => self.from.keeper() == Some(self.edge.target),
        }
    }
}

impl Ring {
    /// The lives in it, as the one who closes it sees them.
    pub(super) fn path(&self) -> Vec<Pid> {
        self.path_from(self.steps.len() + usize::from(self.around.is_some()))
    }

    /// The same, as the one who waits at this step sees them.
    fn path_from(&self, at: usize) -> Vec<Pid> {
        let steps = self.steps.iter().map(|step| step.from);
        let mut ring: Vec<_> = steps.chain(self.around).chain([self.me]).collect();
        ring.rotate_left(at);
        ring.push(ring[0]);
        ring.into_iter().filter_map(Vertex::pid).collect()
    }

    /// Tells one of those in it not to wait; the one nearest to whoever closed it. Says whether there is one who can be told.
    #[cold]
    fn refuse(&self) -> bool {
        let can = |step: &&Step| step.slot.is_some() && !step.edge.is_certain;
        let Some(at) = self.steps.iter().rposition(|step| can(&step)) else { return false };
        let Step { from, slot, edge } = self.steps[at];
        if let Some(slot) = slot {
            from.refuse(slot, edge, self.path_from(at));
        }
        true
    }
}

/// What is searched for a ring.
#[derive(Clone, Copy)]
pub(super) struct Search<'a> {
    /// The one who closes it.
    pub(super) me: Vertex,
    /// For whom it is going to wait.
    pub(super) from: Vertex,
    /// It waits for that one also between two lives.
    pub(super) lives_on: bool,
    /// Those who wait with it: itself, and the actors around it on this thread.
    pub(super) waiting: &'a [Vertex],
    /// Who waits for the end of one of these waits for it.
    pub(super) ends_count: bool,
}

impl<'a> Search<'a> {
    pub(super) fn of(me: Vertex, from: Vertex, waiting: &'a [Vertex]) -> Self {
        Self { me, from, lives_on: true, waiting, ends_count: true }
    }
}

/// The ring that is closed, if one is.
#[cold]
pub(super) fn find(search: &Search<'_>) -> Option<Ring> {
    let Search { me, from, .. } = *search;
    for _ in 0..LOOKS {
        let steps = way(search)?;
        // All of these edges are there now if all are still the same.
        if steps.iter().all(Step::is_there) {
            let end = steps.last().map_or(from, |step| step.edge.target);
            return Some(Ring { me, steps, around: (end != me).then_some(end) });
        }
    }
    None
}

/// Whoever closes the rings cannot be refused: in each of them another one is.
pub(super) fn break_all(search: &Search<'_>) {
    while let Some(ring) = find(search) {
        if !ring.refuse() {
            return;
        }
    }
}

/// The way to one of those who wait, if there is one.
fn way(search: &Search<'_>) -> Option<Vec<Step>> {
    let mut path: Vec<Step> = Vec::new();
    let mut seen = HashSet::new();
    // Where to go on, and how long the way to there is.
    let mut open: Vec<(usize, Option<Step>)> = vec![(0, None)];
    while let Some((length, step)) = open.pop() {
        path.truncate(length);
        path.extend(step);
        let at = step.map_or(search.from, |step| step.edge.target);
        let lives_on = step.map_or(search.lives_on, |step| !step.edge.for_end);
        if search.waiting.contains(&at) && (lives_on || search.ends_count) {
            return Some(path);
        }
        if seen.insert((at.as_ptr(), lives_on)) {
            let mut go = |slot, edge| open.push((path.len(), Some(Step { from: at, slot, edge })));
            at.each(|slot, edge| go(Some(slot), edge));
            if let Some(target) = at.keeper().filter(|_| lives_on) {
                go(None, Edge { target, generation: 0, for_end: false, is_certain: true });
            }
        }
    }
    None
}
