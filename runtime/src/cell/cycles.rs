//! The counter of the processor's cycles.

/// How many cycles there have been. Read out of order with what stands beside it, by some hundred cycles.
#[inline]
#[allow(unsafe_code, reason = "an instruction of the processor")]
pub(crate) fn count() -> u64 {
    // SAFETY: every x86-64 has the instruction. Where a process is forbidden to use it the kernel's own clock, which this stands for, is, too.
    unsafe { std::arch::x86_64::_rdtsc() }
}
