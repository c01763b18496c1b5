//! 协商 — the consultation itself: who may do what, when, and what follows. Pure: no I/O, no clock, no platform, no wording.
//!
//! A noun lies in a family: its data, what can be read of it from the [`World`](kernel::world::World), and the facts that are its own.
//! What is done with nouns lies in four rooms, where the file of a noun bears the noun's name: `decide` (world + scene + command → facts
//! or a refusal), `due` (world + time → facts), `evolve` (world + fact → world), `announce` (facts → who is told what).
//!
//! Each may import only those above it in this list, and not what the last column names (`tests/tidy` reads this table).
//!
//! | folder or file | what lies there | must not know |
//! |---|---|---|
//! | [`kernel`] | what every noun is made of: numbers, words, what is said, the world, settings, moments at which something is due | |
//! | [`people`] | 人 — persons, groups, accounts and whose they are, what somebody did last | |
//! | [`process`] | 四单六步 — a topic, its form and steps, where it rests or ends, its card | |
//! | [`intake`] | 点单 — how a request comes in: slips, stations, codes, what others enter for somebody | |
//! | [`talk`] | 解单 — what is said and agreed: suggestions, plans, notices, reviews, pacts, gatherings | |
//! | [`vote`] | 表决 — rules, rolls, polls, ballots, the count, who is away and who votes for another | |
//! | [`work`] | 查单 — what is done about it: tasks, handing them over, outcomes | |
//! | [`brief`] | 建言 — what members write upward, and what comes of it | |
//! | [`history`] | 动态 — what happened when and whose deed it was: the single source of every figure and paper | |
//! | [`about`] | what it is about: categories, levels, campaigns, charity projects; a topic on its card | |
//! | [`event`] | 事实 — what has happened, as the ledger keeps it | |
//! | [`command`] | 命令 — what a person can ask for | |
//! | [`scene`] | who speaks, where, when, to what; what a decision looks like | |
//! | [`act`] | what a message did, by name | `command`, `scene` |
//! | [`effects`] | what a fact means to whoever keeps time, cards and 撤回: one closed table | |
//! | [`addressee`] | as what somebody is written to, asked again when a letter leaves | |
//! | [`in_name`] | in whose name a fact is recorded by somebody else: one closed table | |
//! | [`standing`] | what of somebody's rights or standing a fact changes: one closed table | |
//! | [`haste`] | whether what a fact tells somebody may wait for the morning: one closed table | |
//! | [`belongings`] | whose words a fact holds: one closed table | |
//! | [`chronicle`] | how a fact stands in the history, in the words of its moment: one closed table | `command`, `scene` |
//! | [`evolve`] | what a fact makes of the world | `command`, `scene` |
//! | [`announce`] | who is told what when something has happened | `evolve`, `command`, `scene` |
//! | [`decide`] | who may, what must be there, what follows | `evolve`, `announce` |
//! | [`due`] | what the clock brings about | `evolve`, `announce` |

pub mod about;
pub mod act;
pub mod addressee;
pub mod announce;
pub mod belongings;
pub mod brief;
pub mod chronicle;
pub mod command;
pub mod decide;
pub mod due;
pub mod effects;
pub mod event;
pub mod evolve;
pub mod haste;
pub mod history;
pub mod in_name;
pub mod intake;
pub mod kernel;
pub mod people;
pub mod process;
pub mod scene;
pub mod standing;
pub mod talk;
pub mod vote;
pub mod work;
