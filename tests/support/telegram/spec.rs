//! The Bot API as data: every request is checked against it, and so is what the fake itself says.

use super::html;
use regex::Regex;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Bot API 10.1 of 11 June 2026, from PaulSonOfLars/telegram-bot-api-spec, trimmed by `trim_spec.py`.
const TRIMMED: &str = include_str!("bot-api-10.1.json");

pub struct Spec {
    /// By lower-case name: the real server does not care for case.
    methods: HashMap<String, Method>,
    types: HashMap<String, Shape>,
}

pub struct Method {
    pub name: String,
    fields: HashMap<String, Field>,
    returns: Vec<Kind>,
}

enum Shape {
    Object(HashMap<String, Field>),
    OneOf(Vec<Kind>),
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Integer,
    Float,
    Text,
    Boolean,
    File,
    Object(String),
    Array(Box<Kind>),
}

#[derive(Default)]
struct Field {
    kinds: Vec<Kind>,
    required: bool,
    /// Characters of a text, or items of a list, or the number itself.
    range: Option<(i64, i64)>,
    /// The range counts bytes.
    bytes: bool,
    charset: Option<&'static str>,
    language: bool,
    /// What the text must be one of.
    one_of: Vec<String>,
}

/// The specification, read once.
pub fn spec() -> &'static Spec {
    static SPEC: OnceLock<Spec> = OnceLock::new();
    SPEC.get_or_init(|| Spec::read(&serde_json::from_str(TRIMMED).unwrap()))
}

fn regex(pattern: &'static str, cell: &'static OnceLock<Regex>) -> &'static Regex {
    cell.get_or_init(|| Regex::new(pattern).unwrap())
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

impl Kind {
    fn read(name: &str) -> Kind {
        match name {
            "Integer" => Kind::Integer,
            "Float" => Kind::Float,
            "String" => Kind::Text,
            "Boolean" | "True" => Kind::Boolean,
            "InputFile" => Kind::File,
            _ => match name.strip_prefix("Array of ") {
                Some(of) => Kind::Array(Box::new(Kind::read(of))),
                None => Kind::Object(name.to_owned()),
            },
        }
    }
}

impl Field {
    fn read(value: &Value) -> Field {
        let kinds: Vec<Kind> = strings(&value[0]).iter().map(|name| Kind::read(name)).collect();
        let mut field = Field { kinds, required: value[1] == true, ..Field::default() };
        if let Some(sentence) = value[2].as_str() {
            field.limit(sentence);
        }
        field
    }

    /// Takes the limits out of the sentences that carry them.
    fn limit(&mut self, sentence: &str) {
        static COUNTED: OnceLock<Regex> = OnceLock::new();
        static ITEMS: OnceLock<Regex> = OnceLock::new();
        static MOST: OnceLock<Regex> = OnceLock::new();
        static VALUE: OnceLock<Regex> = OnceLock::new();
        static MUST: OnceLock<Regex> = OnceLock::new();
        static QUOTED: OnceLock<Regex> = OnceLock::new();
        let pair = |found: regex::Captures<'_>| Some((found[1].parse().ok()?, found[2].parse().ok()?));
        let text = self.kinds.contains(&Kind::Text);
        let list = self.kinds.iter().any(|kind| matches!(kind, Kind::Array(_)));
        if list {
            self.range = regex(r"(?:list of|include|^List of) (\d+)-(\d+) ", &ITEMS).captures(sentence).and_then(pair);
            if let Some(most) =
                regex(r"(?:At most|up to) (\d+) (?:commands|items|identifiers)", &MOST).captures(sentence)
            {
                self.range = most[1].parse().ok().map(|most| (0, most));
            }
        } else if text {
            let found = regex(r"(\d+)-(\d+) (?:characters|[Bb]ytes)", &COUNTED).captures(sentence);
            self.bytes = found.as_ref().is_some_and(|found| found[0].to_lowercase().ends_with("bytes"));
            self.range = found.and_then(pair);
        } else if self.kinds.iter().any(|kind| matches!(kind, Kind::Integer | Kind::Float)) {
            self.range = regex(r"(?:^|[ ,])(\d+)-(\d+)(?:[.,;]| are|$)|[Mm]ust be between (\d+) and (\d+) if", &VALUE)
                .captures(sentence)
                .and_then(|found| {
                    let number = |at: usize| found.get(at).and_then(|one| one.as_str().parse().ok());
                    Some((number(1).or_else(|| number(3))?, number(2).or_else(|| number(4))?))
                });
        }
        if sentence.contains("nly characters A-Z, a-z, 0-9, _ and -") {
            self.charset = Some("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
        } else if sentence.contains("only lowercase English letters, digits and underscores") {
            self.charset = Some("abcdefghijklmnopqrstuvwxyz0123456789_");
        }
        self.language = text && sentence.contains("two-letter ISO 639-1");
        if let Some(found) = regex(r#"(?:must be ([a-z_]+)$|always "([^"]+)")"#, &MUST).captures(sentence) {
            self.one_of = found.iter().skip(1).flatten().map(|one| one.as_str().to_owned()).collect();
        } else if let Some((_, rest)) = sentence.split_once("ust be one of ") {
            let quoted = regex(r#""([^"]+)""#, &QUOTED);
            self.one_of = quoted.captures_iter(rest).map(|found| found[1].to_owned()).collect();
        }
    }
}

impl Spec {
    fn read(json: &Value) -> Spec {
        let fields = |of: &Value| -> HashMap<String, Field> {
            of["fields"].as_object().unwrap().iter().map(|(name, field)| (name.clone(), Field::read(field))).collect()
        };
        let kinds = |of: &Value| strings(of).iter().map(|name| Kind::read(name)).collect::<Vec<_>>();
        let methods = json["methods"].as_object().unwrap().iter().map(|(name, of)| {
            let method = Method { name: name.clone(), fields: fields(of), returns: kinds(&of["returns"]) };
            (name.to_lowercase(), method)
        });
        let types = json["types"].as_object().unwrap().iter().map(|(name, of)| {
            let shape = if of["subtypes"].is_array() {
                Shape::OneOf(kinds(&of["subtypes"]))
            } else {
                Shape::Object(fields(of))
            };
            (name.clone(), shape)
        });
        Spec { methods: methods.collect(), types: types.collect() }
    }

    /// The method of this name, in any case.
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(&name.to_lowercase())
    }

    /// Whether these parameters may be sent to the method.
    pub fn check(&self, method: &Method, params: &Map<String, Value>) -> Result<(), String> {
        self.object(&method.fields, params, &method.name)
    }

    /// Whether this is what the method may return.
    pub fn check_result(&self, method: &Method, value: &Value) -> Result<(), String> {
        self.any(&method.returns, value, &method.name)
    }

    /// Whether this is an object of the named type.
    pub fn check_type(&self, name: &str, value: &Value) -> Result<(), String> {
        self.kind(&Kind::Object(name.to_owned()), value, name)
    }

    /// Form fields and query parameters are texts: what each stands for is told by the method.
    pub fn typed(&self, method: &Method, pairs: Vec<(String, String)>) -> Result<Map<String, Value>, String> {
        let mut map = Map::new();
        for (name, text) in pairs {
            let Some(field) = method.fields.get(&name) else {
                map.insert(name, Value::String(text));
                continue;
            };
            let value = field.kinds.iter().find_map(|kind| from_text(kind, &text));
            let value = value.ok_or_else(|| format!("{}.{name}: {text:?} cannot be read", method.name))?;
            map.insert(name, value);
        }
        Ok(map)
    }

    /// A JSON body may carry a nested object as a text that holds JSON.
    pub fn unpacked(&self, method: &Method, mut map: Map<String, Value>) -> Map<String, Value> {
        map.retain(|_, value| !value.is_null());
        for (name, value) in &mut map {
            let Some(field) = method.fields.get(name) else { continue };
            let Value::String(text) = &*value else { continue };
            if field.kinds.iter().any(|kind| matches!(kind, Kind::Text | Kind::File)) {
                continue;
            }
            let nested = field.kinds.iter().find_map(|kind| match kind {
                Kind::Object(_) | Kind::Array(_) => from_text(kind, text),
                _ => None,
            });
            if let Some(nested) = nested {
                *value = nested;
            }
        }
        map
    }

    fn object(&self, fields: &HashMap<String, Field>, map: &Map<String, Value>, at: &str) -> Result<(), String> {
        for (name, field) in fields {
            if field.required && map.get(name).is_none_or(Value::is_null) {
                return Err(format!("{at}.{name} is missing"));
            }
        }
        for (name, value) in map {
            let Some(field) = fields.get(name) else { return Err(format!("{at}.{name} is not a field")) };
            if value.is_null() && !field.required {
                continue;
            }
            let at = format!("{at}.{name}");
            self.any(&field.kinds, value, &at)?;
            let mode = map.get(&format!("{name}_parse_mode")).or_else(|| map.get("parse_mode"));
            within(field, value, mode.and_then(Value::as_str), name, &at)?;
        }
        Ok(())
    }

    fn any(&self, kinds: &[Kind], value: &Value, at: &str) -> Result<(), String> {
        let mut told = None;
        for kind in kinds {
            match self.kind(kind, value, at) {
                Ok(()) => return Ok(()),
                // The candidate the value says it is explains best what is wrong with it.
                Err(why) if told.is_none() || self.claims(kind, value) => told = Some(why),
                Err(_) => {}
            }
        }
        Err(told.unwrap_or_else(|| format!("{at} has no type")))
    }

    /// Whether an object says by a fixed field that it is of this kind.
    fn claims(&self, kind: &Kind, value: &Value) -> bool {
        let Kind::Object(name) = kind else { return false };
        let Some(Shape::Object(fields)) = self.types.get(name) else { return false };
        fields.iter().any(|(name, field)| {
            let said = value.get(name).and_then(Value::as_str);
            !field.one_of.is_empty() && said.is_some_and(|said| field.one_of.iter().any(|one| one == said))
        })
    }

    fn kind(&self, kind: &Kind, value: &Value, at: &str) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{at} must be {what}, not {value}"));
        match (kind, value) {
            (Kind::Integer, Value::Number(number)) if number.is_i64() => Ok(()),
            (Kind::Integer, _) => wrong("an integer"),
            (Kind::Float, Value::Number(_)) | (Kind::Text, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => {
                Ok(())
            }
            (Kind::Float, _) => wrong("a number"),
            (Kind::Text, _) => wrong("a string"),
            (Kind::Boolean, _) => wrong("true or false"),
            (Kind::File, value) if value.get(FILE).is_some() => Ok(()),
            (Kind::File, Value::String(text)) if text.starts_with("attach://") => Ok(()),
            (Kind::File, _) => wrong("a file"),
            (Kind::Array(of), Value::Array(items)) => {
                items.iter().enumerate().try_for_each(|(n, item)| self.kind(of, item, &format!("{at}[{n}]")))
            }
            (Kind::Array(_), _) => wrong("a list"),
            (Kind::Object(name), value) => match (self.types.get(name), value) {
                (Some(Shape::OneOf(kinds)), value) => self.any(kinds, value, at),
                (Some(Shape::Object(fields)), Value::Object(map)) => {
                    self.object(fields, map, at)?;
                    if name == "InlineKeyboardButton" { one_action(map, at) } else { Ok(()) }
                }
                (Some(Shape::Object(_)), _) => wrong(name),
                (None, _) => Err(format!("{at}: the specification has no type {name}")),
            },
        }
    }
}

/// How an uploaded file stands among the parameters: an object with this key and the number of its bytes.
pub const FILE: &str = "(file)";

fn from_text(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => text.trim().parse::<i64>().ok().map(Value::from),
        Kind::Float => text.trim().parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
        Kind::Text | Kind::File => Some(Value::from(text)),
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "y" => Some(Value::Bool(true)),
            "false" | "0" | "no" | "n" | "" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Object(_) => serde_json::from_str(text).ok().filter(Value::is_object),
        Kind::Array(_) => serde_json::from_str(text).ok().filter(Value::is_array),
    }
}

/// "Exactly one of the fields other than text, icon_custom_emoji_id, and style must be used".
fn one_action(button: &Map<String, Value>, at: &str) -> Result<(), String> {
    let aside = ["text", "icon_custom_emoji_id", "style"];
    let actions = button.iter().filter(|(name, value)| !aside.contains(&name.as_str()) && !value.is_null()).count();
    if actions == 1 { Ok(()) } else { Err(format!("{at}: a button does exactly one thing, this one {actions}")) }
}

/// The length of a text as Telegram counts it.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn within(field: &Field, value: &Value, mode: Option<&str>, name: &str, at: &str) -> Result<(), String> {
    let size = match value {
        Value::String(text) if field.bytes => text.len(),
        // The text of a message is measured where it is parsed.
        Value::String(_) if name == "text" && field.range == Some((1, 4096)) => return Ok(()),
        Value::String(text) if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("html")) => {
            units(&html::parse(text).map_err(|why| format!("{at}: can't parse entities: {why}"))?.text)
        }
        Value::String(text) => units(text),
        Value::Array(items) => items.len(),
        Value::Number(number) => usize::try_from(number.as_i64().unwrap_or(0)).unwrap_or(0),
        _ => return Ok(()),
    };
    if let Some((least, most)) = field.range {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if size < least || size > most {
            return Err(format!("{at} is {size}, it must be {least}-{most}"));
        }
    }
    let Value::String(text) = value else { return Ok(()) };
    if field.charset.is_some_and(|set| text.chars().any(|c| !set.contains(c))) {
        return Err(format!("{at} has characters that are not allowed: {text:?}"));
    }
    if field.language && !text.is_empty() && (text.len() != 2 || text.chars().any(|c| !c.is_ascii_lowercase())) {
        return Err(format!("{at} must be a two-letter language code, not {text:?}"));
    }
    if !field.one_of.is_empty() && !field.one_of.contains(text) {
        return Err(format!("{at} must be one of {:?}, not {text:?}", field.one_of));
    }
    Ok(())
}
