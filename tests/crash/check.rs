//! 检查 — what `xieshang check` says of a folder, with which exit code, and that it leaves what is damaged as it was: whoever looks after it
//! goes by that line alone.

use crate::support::bot::{Bot, Folder};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const ADMINS: &str = "[committee]\nadmins = [\"local:周敏\"]\n";

/// A folder with some records, and its program stopped.
async fn used(name: &str) -> Folder {
    let folder = Folder::new(name, ADMINS);
    let bot = Bot::start(&folder);
    bot.told("g_df", "张桂英", "/议题 新建 南门路灯不亮").await;
    bot.told("g_df", "王建国", "/买单 1").await;
    assert_eq!(bot.stop(), Some(0));
    folder
}

/// The exit code, and everything that is said.
fn checked(folder: &Folder) -> (Option<i32>, String) {
    let output = folder.ask(&["check"]);
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code(), said.concat())
}

fn says(folder: &Folder, code: i32, all: &[&str]) {
    let (found, said) = checked(folder);
    assert_eq!(found, Some(code), "{said}");
    for text in all {
        assert!(said.contains(text), "“{text}” is not in\n{said}");
    }
    assert!(code == 0 || said.contains("wrong ") || code == 2, "{said}");
}

/// Changes a file as a disk or a hand might.
fn spoil(path: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    how(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_folder_that_is_well_is_said_to_be() {
    let folder = Folder::new("check-new", ADMINS);
    says(&folder, 0, &["is empty; it is made at the first start"]);
    drop(folder);
    let folder = used("check-well").await;
    says(&folder, 0, &["ok    ledger: ", "chain and vault whole", "ok    working store: at record ", "ok    disk: "]);
    assert!(!checked(&folder).1.contains("wrong "));
}

#[tokio::test]
async fn a_folder_in_use_is_looked_at_beside_it() {
    let folder = Folder::new("check-busy", ADMINS);
    let bot = Bot::start(&folder);
    bot.told("g_df", "张桂英", "/议题 新建 南门路灯不亮").await;
    says(&folder, 0, &["chain and vault whole", "in use by a running xieshang"]);
    bot.told("g_df", "王建国", "/买单 1").await;
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn a_last_record_cut_short_is_told_apart_by_whether_it_was_answered() {
    let folder = used("check-torn").await;
    let ledger = folder.data().join("ledger/ledger.jsonl");
    let whole = std::fs::read(&ledger).unwrap();
    spoil(&ledger, |bytes| bytes.extend_from_slice(b"{\"seq\":99,\"at\""));
    says(&folder, 0, &["the last batch is unfinished and was never acknowledged"]);
    assert!(std::fs::read(&ledger).unwrap().len() > whole.len(), "check left it as it was");
    std::fs::write(&ledger, &whole[..whole.len() - 20]).unwrap();
    says(&folder, 3, &["had been applied and answered; do not start, restore the folder from a copy"]);
    assert_eq!(std::fs::read(&ledger).unwrap().len(), whole.len() - 20, "check left it as it was");
}

#[tokio::test]
async fn one_changed_byte_is_found_in_chain_and_vault() {
    let folder = used("check-byte").await;
    for file in ["ledger/ledger.jsonl", "ledger/vault/000001.jsonl"] {
        let path = folder.data().join(file);
        let whole = std::fs::read(&path).unwrap();
        spoil(&path, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        says(&folder, 3, &["wrong ledger: ", "line ", "do not start, restore the folder from a copy"]);
        std::fs::write(&path, whole).unwrap();
    }
    says(&folder, 0, &["chain and vault whole"]);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let folder = used("check-gone").await;
    let away = |what: &str| {
        let (from, to) = (folder.data().join(what), folder.path().join("away"));
        std::fs::rename(&from, &to).unwrap();
        (from, to)
    };
    for what in ["ledger/vault", "ledger/ledger.jsonl"] {
        let (from, to) = away(what);
        says(&folder, 3, &["wrong ledger: ", "restore the folder from a copy"]);
        std::fs::rename(to, from).unwrap();
    }
    // The store alone would be taken for a new beginning.
    let (from, to) = away("ledger");
    says(&folder, 3, &["wrong ledger: it is gone, and the working store of it is there"]);
    assert!(!from.exists(), "check made no new one");
    std::fs::rename(to, from).unwrap();
    std::fs::remove_dir_all(folder.data().join("state")).unwrap();
    says(&folder, 0, &["made anew from the ledger", "chain and vault whole"]);
}

#[tokio::test]
async fn a_configuration_that_is_missing_or_wrong_is_named() {
    let folder = used("check-config").await;
    let output = folder.ask(&["check", "--config", "nowhere.toml"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("nowhere.toml"), "{said}");
    let good = std::fs::read_to_string(folder.config()).unwrap();
    std::fs::write(folder.config(), format!("{good}\n[nowhere]\nx = 1\n")).unwrap();
    let (code, said) = checked(&folder);
    assert!(code == Some(2) && said.contains("nowhere") && said.contains("config.example.toml"), "{said}");
    std::fs::write(folder.config(), good.replace(ADMINS, "[committee]\nadmins = [\"nowhere:1\"]\n")).unwrap();
    says(&folder, 1, &["there is no platform “nowhere”", "something needs attention"]);
    std::fs::remove_file(folder.config()).unwrap();
    let (code, said) = checked(&folder);
    assert!(code == Some(2) && said.contains("config.toml") && said.contains("No such file"), "{said}");
}

#[tokio::test]
async fn what_others_may_read_is_taken_from_them_and_said() {
    let folder = used("check-open").await;
    let ledger = folder.data().join("ledger/ledger.jsonl");
    std::fs::set_permissions(&ledger, std::fs::Permissions::from_mode(0o644)).unwrap();
    says(&folder, 0, &["others could read 1 files or folders", "chain and vault whole"]);
    assert_eq!(std::fs::metadata(&ledger).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!checked(&folder).1.contains("others could read"));
}

/// Whoever looks as root may look everywhere.
#[tokio::test]
async fn what_may_not_be_read_is_not_taken_for_damage() {
    let folder = used("check-shut").await;
    let ledger = folder.data().join("ledger/ledger.jsonl");
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(&ledger, 0o000);
    if std::fs::read(&ledger).is_ok() {
        return;
    }
    says(&folder, 2, &["says nothing of what it holds: mend the permissions or the disk"]);
    set(&ledger, 0o600);
    set(&folder.data(), 0o000);
    says(&folder, 2, &["look as the owner of the folder, or mend the permissions"]);
    set(&folder.data(), 0o700);
    says(&folder, 0, &["chain and vault whole"]);
}
