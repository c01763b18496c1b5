//! 下一页 — a list in a chat, a page at a time: none ends without saying how to see the rest.

use crate::domain::kernel::say::Say;
use crate::say;

/// A page of a list, and the number of the next, if there is one.
pub(super) struct Page<'a, T> {
    /// What is on it, in the order of the list.
    pub rows: &'a [T],
    /// The page that comes next.
    pub next: Option<u32>,
}

/// Which page of a list is asked for, in its own order: what has waited longest comes first.
pub(super) fn in_order<T>(all: &[T], page: u32, a_page: usize) -> Result<Page<'_, T>, Say> {
    let pages = all.len().div_ceil(a_page).max(1);
    let at = usize::try_from(page).unwrap_or(usize::MAX);
    if at == 0 || at > pages {
        return Err(say!("e.page", n = pages));
    }
    let begin = (at - 1) * a_page;
    let rows = all.get(begin..(begin + a_page).min(all.len())).unwrap_or_default();
    Ok(Page { rows, next: (at < pages).then(|| page + 1) })
}

/// Which page of a list is asked for: the first one has the latest, which stand at the end of the list.
pub(super) fn latest<T>(all: &[T], page: u32, a_page: usize) -> Result<Page<'_, T>, Say> {
    let pages = all.len().div_ceil(a_page).max(1);
    let at = usize::try_from(page).unwrap_or(usize::MAX);
    if at == 0 || at > pages {
        return Err(say!("e.page", n = pages));
    }
    let end = all.len() - (at - 1) * a_page;
    let rows = all.get(end.saturating_sub(a_page)..end).unwrap_or_default();
    Ok(Page { rows, next: (at < pages).then(|| page + 1) })
}
