//! 点单 — how a request comes in.
//!
//! | file | noun |
//! |---|---|
//! | [`slip`] | 扫码点单 — a request handed in on a page |
//! | [`ground`] | 不予受理的理由 — grounds on which a request is not taken |
//! | [`station`] | 阵地 — the places where people can be met |
//! | [`qr`] | 二维码 — the code of which topic or station is asked for |

pub mod ground;
pub mod qr;
pub mod slip;
pub mod station;
