//! An allocator that counts, in the children that ask for it.
//!
//! In all others it costs the look at a flag that never changes.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

#[global_allocator]
static COUNTING: Counting = Counting;

static ACTIVE: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static ALLOCATED: AtomicU64 = AtomicU64::new(0);
static FREED: AtomicU64 = AtomicU64::new(0);

struct Counting;

/// What has been counted so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub(crate) allocations: u64,
    /// Bytes that were asked for and not given back.
    pub(crate) live: u64,
}

/// Begins to count. To be called before the first thread is started, so that nothing is freed that was not counted.
pub(crate) fn activate() {
    ACTIVE.store(true, Relaxed);
}

pub(crate) fn count() -> Count {
    let freed = FREED.load(Relaxed);
    let live = ALLOCATED.load(Relaxed).saturating_sub(freed);
    Count { allocations: ALLOCATIONS.load(Relaxed), live }
}

fn record(allocated: usize, freed: usize) {
    if ACTIVE.load(Relaxed) {
        ALLOCATIONS.fetch_add(u64::from(allocated > 0), Relaxed);
        ALLOCATED.fetch_add(allocated as u64, Relaxed);
        FREED.fetch_add(freed as u64, Relaxed);
    }
}

// SAFETY: all is passed on to the system's allocator as it came.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(layout.size(), 0);
        // SAFETY: the caller's promise is the one that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        record(new_size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(old, layout, new_size) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        record(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(old, layout) }
    }
}
