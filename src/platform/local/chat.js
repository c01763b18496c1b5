// 内置网页聊天, the page's own part. Everything people wrote is put in place as text, never as markup.
'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const english = (navigator.language || 'zh').toLowerCase().startsWith('en');
  const EN = {
    chats: 'Chats', switch: 'Switch', down: 'Connection lost, reconnecting…', demo: 'For trying out: who you are proves nothing', choose: 'Choose a chat on the left',
    back: 'Back to the list', messages: 'Messages', older: 'Earlier messages', commands: 'Commands', noreply: 'Do not reply', voice: 'Voice message', write: 'Write a message',
    attach: 'Send a file', file: 'File', noattach: 'Do not send this file',
    hint: 'Say something, or type / for commands', starters: 'Useful lines', send: 'Send', whoareyou: 'Who are you?', close: 'Close', typename: 'Not in the list? Type your name', ok: 'Go in',
    voicenote: 'For trying out: nothing is recorded, only a voice message of some seconds is sent.', seconds: 'seconds', cancel: 'Cancel',
    story: 'Play a story', storynote: 'Never seen a consultation? About 20 minutes, or faster', theatre: 'A show · not a real group', exit: 'Leave',
    progress: 'How far it has come', again: 'Start over', next: 'Next', keys: 'Space: pause, go on · →: next · F: faster · Esc: leave',
  };
  const say = (zh, en) => (english ? en : zh);
  const WRONG = {
    busy: 'Many people are speaking; this was not recorded. Wait a few seconds, then send it again.', closed: 'The assistant is not accepting now; this was not recorded. Try again later.',
    name: 'That name cannot be used: at most 20 letters, digits and spaces.', chat: 'There is no such group.', large: 'Too long. Please send it in parts.', file_large: 'The file is too large: 5 MB at most.', empty: 'Nothing is written yet.',
    reply: 'The message you reply to is gone.', button: 'That button is gone; nothing was recorded.', voice: 'A voice message lasts 1 to 60 seconds.', slow: 'The network is too slow; send it again.',
    inner: 'It was not recorded; send it again.', full: 'Too many pages are open.', history: 'The history cannot be read now.', story: 'The story cannot be played. Press again; if that does not help, whoever runs the program finds the reason in its log.', no_story: 'There is no story here.',
    forbidden: 'Open this page as http://127.0.0.1 on this machine.',
  };
  const SIDES = ['政协', '部门', '企业', '专家', '群众', ''];
  const SIDES_EN = { 政协: 'Committee', 部门: 'Departments', 企业: 'Companies', 专家: 'Experts', 群众: 'Residents', '': 'Others' };

  // ------------------------------------------------------------------------------------------------ what is known now
  let who = '';
  let data = null; // the last /chat/state
  let commands = [];
  let open = null; // id of the open chat
  let cursor = 0; // the last change this page has
  let skew = 0; // server's clock less ours
  let quoting = null;
  let drafts = {};
  let presses = new Set();
  const chats = new Map(); // id → {id, name, count, more, messages: Map n → message}
  let outbox = []; // said here, not yet accepted

  const keep = {
    get(key, otherwise) { try { return JSON.parse(localStorage.getItem('xieshang.' + key)) ?? otherwise; } catch { return otherwise; } },
    set(key, value) { try { localStorage.setItem('xieshang.' + key, JSON.stringify(value)); } catch { /* private mode: it lasts as long as the page */ } },
  };
  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');
  };

  function make(tag, props, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key === 'class') node.className = value;
      else if (key === 'on') for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
      else if (key === 'data') for (const [name, text] of Object.entries(value)) node.dataset[name] = text;
      else node.setAttribute(key, value === true ? '' : value);
    }
    node.append(...children.filter(child => child !== undefined && child !== null));
    return node;
  }
  const SVG = 'http://www.w3.org/2000/svg';
  function icon(path) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS(SVG, 'path');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  }
  const WAVES = 'M7 10.5a3 3 0 0 1 0 3M11 8a6.5 6.5 0 0 1 0 8M15 5.5a10 10 0 0 1 0 13';
  const CODE = 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM19 14h1M14 19v1';

  // ---------------------------------------------------------------------------------------------------------- avatars
  const letters = text => [...(text || '')].filter(c => c.trim());
  function colour(text) { let sum = 7; for (const c of text) sum = (sum * 31 + c.codePointAt(0)) % 997; return 'c' + (sum % 8); }
  function avatar(name) {
    if (name === null) return make('span', { class: 'avatar bot', 'aria-hidden': 'true' }, '商');
    const all = letters(name.split('·')[0]);
    const latin = /^[\x20-\x7e]+$/.test(name);
    return make('span', { class: 'avatar ' + colour(name), 'aria-hidden': 'true' }, latin ? name.slice(0, 2) : all.slice(-2).join(''));
  }
  function groupAvatar(name) {
    const four = letters(name.replace(/[0-9号]/g, '')).slice(0, 4);
    return make('span', { class: 'avatar four', 'aria-hidden': 'true' }, ...four.map((c, i) => make('i', { class: colour(c + i + name) }, c)));
  }
  const person = name => data.people.find(p => p.name === name);

  // ------------------------------------------------------------------------------------------------------------- time
  const zone = () => data?.timezone || 'Asia/Shanghai';
  function parts(date) {
    const found = {};
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone(), year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    for (const { type, value } of format.formatToParts(date)) found[type] = value;
    return { y: +found.year, m: +found.month, d: +found.day, clock: found.hour + ':' + found.minute, day: `${found.year}-${found.month}-${found.day}` };
  }
  const now = () => new Date(Date.now() + skew);
  function when(at, short) {
    const then = parts(new Date(at));
    const today = parts(now());
    const days = Math.round((Date.UTC(today.y, today.m - 1, today.d) - Date.UTC(then.y, then.m - 1, then.d)) / 864e5);
    if (days === 0) return then.clock;
    if (days === 1) return say('昨天', 'Yesterday') + (short ? '' : ' ' + then.clock);
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
    const date = english ? `${then.d} ${months[then.m - 1]}` : `${then.m}月${then.d}日`;
    const full = then.y === today.y ? date : english ? `${date} ${then.y}` : `${then.y}年${date}`;
    return short ? (then.y === today.y ? date : `${then.y}/${then.m}/${then.d}`) : full + ' ' + then.clock;
  }

  // ------------------------------------------------------------------------------------------------------- the server
  async function ask(path, body) {
    const options = body === undefined ? {} : body instanceof Blob ? { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body } : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    let response;
    try {
      response = await fetch(path, options);
    } catch {
      throw Object.assign(new Error(say('网络不通，没有发出去。', 'No connection; it was not sent.')), { retry: true });
    }
    let answer = null;
    try { answer = await response.json(); } catch { /* not ours */ }
    if (response.ok && answer !== null) return answer;
    const text = (english && WRONG[answer?.code]) || answer?.error || say('没有办成，请再试一次。', 'That did not work; try again.');
    throw Object.assign(new Error(text), { retry: response.status >= 500 || response.status === 408, code: answer?.code });
  }
  const query = extra => '?' + new URLSearchParams({ ...(who ? { who } : {}), ...extra });

  function take(chat, messages) {
    for (const message of messages) {
      const had = chat.messages.get(message.n);
      if (!had || had.rev < message.rev) chat.messages.set(message.n, message);
      if (message.id && message.from?.name === who) delivered(message.id);
    }
  }
  async function load() {
    const fresh = await ask('/chat/state' + query());
    data = fresh;
    cursor = fresh.seq;
    skew = new Date(fresh.now) - Date.now();
    const before = new Map(chats);
    chats.clear();
    for (const { id, name, count, messages, more } of fresh.chats) {
      const chat = { id, name, count, more, messages: new Map() };
      take(chat, messages);
      // What was scrolled to before stays, if it joins on without a hole.
      const old = before.get(id);
      if (old && messages.length && old.messages.has(messages[0].n)) {
        for (const [n, message] of old.messages) if (n < messages[0].n) chat.messages.set(n, message);
        chat.more = old.more;
      }
      chats.set(id, chat);
    }
    document.title = fresh.title;
    $('house').textContent = fresh.title;
    for (const button of document.querySelectorAll('.story-open')) button.hidden = !fresh.story;
  }

  // ---------------------------------------------------------------------------------------------------- live changes
  let line = null;
  let lineTimer = 0;
  function listen() {
    clearTimeout(lineTimer);
    line?.close();
    const mine = (line = new EventSource('/chat/events' + query({ last: String(cursor) })));
    const seen = event => { if (event.lastEventId) cursor = Math.max(cursor, +event.lastEventId); };
    mine.onopen = () => { if (mine === line) { $('link-down').hidden = true; for (const entry of outbox) if (entry.state === 'failed' && entry.retry) send(entry); } };
    mine.onerror = () => {
      if (mine !== line) return;
      $('link-down').hidden = false;
      // The browser comes back by itself unless the server answered with a refusal.
      if (mine.readyState === EventSource.CLOSED) lineTimer = setTimeout(listen, 3000);
    };
    const message = event => {
      if (mine !== line) return;
      seen(event);
      const { chat: id, message } = JSON.parse(event.data);
      arrived(id, message, event.type === 'message');
    };
    mine.addEventListener('message', message);
    mine.addEventListener('edit', message);
    mine.addEventListener('person', event => {
      const { name } = JSON.parse(event.data);
      if (!person(name)) data.people.push({ name, side: '', note: '' });
    });
    mine.addEventListener('refetch', async event => {
      if (mine !== line) return;
      seen(event);
      try { await load(); drawAll(); } catch (error) { toast(error.message); lineTimer = setTimeout(listen, 3000); }
    });
  }
  // A browser opens few connections to one host; a page nobody looks at gives its own back and catches up later.
  let hiddenTimer = 0;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) hiddenTimer = setTimeout(() => { line?.close(); line = null; }, 20000);
    else if (!line && data && who) listen();
    if (!document.hidden && open) { read(open); drawList(); }
  });
  // A page the browser keeps aside to come back to would hold its connection for as long.
  addEventListener('pagehide', () => { line?.close(); line = null; });
  addEventListener('pageshow', event => { if (event.persisted && !line && data && who) listen(); });

  function arrived(id, message, isNew) {
    const chat = chats.get(id);
    if (!chat) return;
    const had = chat.messages.get(message.n);
    if (had && had.rev >= message.rev) return;
    chat.messages.set(message.n, message);
    if (!had && isNew) {
      chat.count += 1;
      if (message.from?.name === who) {
        if (message.id) delivered(message.id);
        if (unread(chat) === 1) read(id);
      }
    }
    if (id === open) {
      const atEnd = nearEnd();
      drawMessage(chat, message);
      if (atEnd || message.from?.name === who) { toEnd(); if (!document.hidden) read(id); } else if (!had) fresh(1);
    }
    drawList();
  }

  // ------------------------------------------------------------------------------------------------------------ unread
  const unread = chat => !who ? 0 : Math.max(0, chat.count - (keep.get('read.' + who, {})[chat.id] ?? 0));
  function read(id) {
    const chat = chats.get(id);
    if (!chat) return;
    const all = keep.get('read.' + who, {});
    if (all[id] !== chat.count) { all[id] = chat.count; keep.set('read.' + who, all); }
  }

  // -------------------------------------------------------------------------------------------------------------- list
  const last = chat => { let found = null; for (const message of chat.messages.values()) if (!found || message.n > found.n) found = message; return found; };
  const speaker = from => (from === 'bot' ? data.bot : from.name);
  function drawList() {
    const list = $('list');
    const items = [...chats.values()].map(chat => ({ chat, last: last(chat) }));
    const pm = items.filter(item => item.chat.id === 'pm');
    const groups = items.filter(item => item.chat.id !== 'pm').sort((a, b) => (b.last?.born ?? 0) - (a.last?.born ?? 0));
    let total = 0;
    const nodes = [...pm, ...groups].map(({ chat, last }) => {
      const n = chat.id === open && !document.hidden ? 0 : unread(chat);
      total += n;
      const name = chat.id === 'pm' ? say('协商助手（私聊）', data.bot + ' (private)') : chat.name;
      const text = last ? (chat.id === 'pm' || last.from === 'bot' && !last.text ? '' : speaker(last.from) + '：') + (last.kind === 'voice' ? say('[语音] ', '[Voice] ') + last.seconds + '″' : last.text.replace(/\s+/g, ' ').slice(0, 80)) : say('还没有消息', 'No messages yet');
      return make('button', { type: 'button', class: 'item' + (chat.id === open ? ' on' : ''), 'aria-current': chat.id === open && 'true', data: { testid: 'chat-' + chat.id, unread: String(n) }, on: { click: () => enter(chat.id, true) } },
        make('span', { class: 'item-face' }, chat.id === 'pm' ? avatar(null) : groupAvatar(chat.name), n ? make('span', { class: 'badge', 'aria-label': say(n + '条未读', n + ' unread') }, n > 99 ? '99+' : String(n)) : null),
        make('span', { class: 'item-text' }, make('span', { class: 'item-name' }, name), make('span', { class: 'item-time' }, last ? when(last.at, true) : ''), make('span', { class: 'item-last' }, text)));
    });
    if (data.stations.length) nodes.push(make('h2', {}, say('扫码点单', 'Scan a code')));
    for (const station of data.stations) {
      nodes.push(make('a', { class: 'item', href: '/s/' + encodeURIComponent(station.name) + query(), data: { testid: 'station-' + station.name } },
        make('span', { class: 'item-face' }, make('span', { class: 'avatar code', 'aria-hidden': 'true' }, icon(CODE))),
        make('span', { class: 'item-text' }, make('span', { class: 'item-name' }, say('扫码点单 · ', 'Raise a matter · ') + station.name), make('span', { class: 'item-time' }), make('span', { class: 'item-last' }, say('像扫了墙上的码一样提一件事', 'As if the code on the wall had been scanned')))));
    }
    // Focus stays where it was.
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    list.replaceChildren(...nodes);
    if (focused) [...list.children].find(node => node.dataset.testid === focused)?.focus();
    $('back-badge').hidden = !total;
    $('back-badge').textContent = total > 99 ? '99+' : String(total);
    document.title = (total ? `(${total > 99 ? '99+' : total}) ` : '') + data.title;
  }
  function drawMe() {
    const me = person(who);
    $('me-avatar').replaceWith(Object.assign(who ? avatar(who) : make('span', { class: 'avatar' }, '?'), { id: 'me-avatar' }));
    $('me-name').textContent = who || say('还没选身份', 'Nobody yet');
    $('me-note').textContent = who ? [me?.side, me?.note].filter(Boolean).join(' · ') || say('自己写的名字', 'A name typed here') : say('点这里选择', 'Choose here');
    $('me').setAttribute('aria-label', say(`现在是${who}，点按换人`, `You are ${who}; press to switch`));
  }

  // ------------------------------------------------------------------------------------------------------ conversation
  function drawAll() {
    drawMe();
    drawList();
    if (open && !chats.has(open)) open = null;
    $('app').dataset.view = open ? 'talk' : 'list';
    if (open) drawTalk();
  }
  function drawTalk() {
    const chat = chats.get(open);
    $('talk-name').textContent = chat.id === 'pm' ? data.bot : chat.name;
    $('messages').replaceChildren();
    for (const n of [...chat.messages.keys()].sort((a, b) => a - b)) $('messages').append(row(chat, chat.messages.get(n)));
    $('older').hidden = !chat.more;
    if (!chat.messages.size) $('messages').append(make('p', { class: 'empty' }, chat.id === 'pm' ? say('有话直接说。发 帮助 看常用的几句话；表决时在这里投票不公开。', 'Just write. Send 帮助 for the usual lines; a vote given here is not shown to the group.') : say('还没有消息。发 /帮助 看常用的几句话。', 'No messages yet. Send /帮助 for the usual lines.')));
    times();
    drawOutbox();
    fresh(0);
    toEnd();
  }
  function drawMessage(chat, message) {
    const made = row(chat, message);
    $('messages').querySelector('.empty')?.remove();
    const old = $('m-' + message.n);
    if (old) old.replaceWith(made);
    else {
      const rows = $('messages');
      let after = rows.lastElementChild;
      while (after && (after.className === 'when' || +after.dataset.n > message.n)) after = after.previousElementSibling;
      if (after) after.after(made); else rows.prepend(made);
    }
    times();
  }
  function times() {
    const rows = $('messages');
    for (const node of rows.querySelectorAll('.when')) node.remove();
    const chat = chats.get(open);
    let before = null;
    for (const node of [...rows.children]) {
      const at = chat.messages.get(+node.dataset.n)?.at;
      if (!at) continue;
      if (!before || new Date(at) - new Date(before) > 5 * 60e3 || parts(new Date(at)).day !== parts(new Date(before)).day) node.before(make('div', { class: 'when' }, make('time', { datetime: at }, when(at))));
      before = at;
    }
  }
  // Addresses can be followed; everything else is only text.
  function written(text) {
    const nodes = [];
    let from = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s<>"'“”‘’（）()【】，。；！？、\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g)) {
      let url = null;
      try { url = new URL(found[0]); } catch { continue; }
      if (url.protocol !== 'http:' && url.protocol !== 'https:') continue;
      nodes.push(text.slice(from, found.index), make('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer' }, found[0]));
      from = found.index + found[0].length;
    }
    nodes.push(text.slice(from));
    return nodes;
  }
  function bubble(message, name) {
    const inside = make('span', {});
    const box = make('div', { class: 'bubble', data: { testid: 'msg', n: String(message.n ?? ''), from: name, kind: message.kind } }, inside);
    if (message.kind === 'voice') {
      box.classList.add('voice', 's' + Math.min(4, 1 + Math.floor(message.seconds / 15)));
      box.setAttribute('aria-label', message.text);
      inside.append(icon(WAVES), message.seconds + '″');
    } else {
      inside.append(...written(message.text));
      if (message.text.length > 1200 || message.text.split('\n').length > 30) box.classList.add('long');
    }
    return box;
  }
  function quoted(reply) {
    return make('button', { type: 'button', class: 'quoted', on: { click: () => show(reply.n) }, 'aria-label': say('引用：', 'Quote: ') + speaker(reply.from) + '：' + reply.text }, make('span', {}, speaker(reply.from) + '：' + reply.text.replace(/\s*\n\s*/g, ' ')));
  }
  function row(chat, message) {
    const bot = message.from === 'bot';
    const name = bot ? 'bot' : message.from.name;
    const own = name === who && !bot;
    const box = bubble(message, name);
    const node = make('div', { class: 'row' + (own ? ' own' : '') + (bot ? ' from-bot' : ''), id: 'm-' + message.n, data: { n: String(message.n) } },
      avatar(bot ? null : name),
      make('div', { class: 'row-body' },
        own ? null : make('div', { class: 'row-name' }, bot ? data.bot : name),
        make('div', { class: 'row-line' }, box, make('button', { type: 'button', class: 'act', data: { testid: 'reply', n: String(message.n) }, 'aria-label': say('回复', 'Reply to ') + (bot ? data.bot : name), on: { click: () => quote(message) } }, say('回复', 'Reply')))));
    const body = node.lastElementChild;
    if (box.classList.contains('long')) {
      const whole = make('button', { type: 'button', class: 'whole', on: { click: () => { box.classList.remove('long'); whole.remove(); } } }, say('展开全文', 'Show all'));
      body.append(whole);
    }
    if (message.reply) body.append(quoted(message.reply));
    if (message.buttons?.length) {
      body.append(make('div', { class: 'btns', role: 'group', 'aria-label': say('可以按的回答', 'Answers') }, ...message.buttons.map(label => make('button', { type: 'button', class: 'btn', data: { testid: 'btn', n: String(message.n) }, on: { click: event => press(chat, message, label, event.currentTarget) } }, label))));
    }
    box.addEventListener('contextmenu', event => { event.preventDefault(); menu(message, event.clientX, event.clientY); });
    longPress(box, (x, y) => menu(message, x, y));
    return node;
  }
  function longPress(node, act) {
    let timer = 0;
    let start = null;
    const stop = () => { clearTimeout(timer); start = null; };
    node.addEventListener('pointerdown', event => {
      if (event.pointerType === 'mouse') return;
      start = [event.clientX, event.clientY];
      timer = setTimeout(() => { if (start) act(...start); start = null; }, 480);
    });
    node.addEventListener('pointermove', event => { if (start && Math.hypot(event.clientX - start[0], event.clientY - start[1]) > 10) stop(); });
    for (const end of ['pointerup', 'pointercancel', 'pointerleave']) node.addEventListener(end, stop);
  }
  function menu(message, x, y) {
    const box = $('menu');
    const shut = () => { box.hidden = true; };
    box.replaceChildren(
      make('button', { type: 'button', role: 'menuitem', on: { click: () => { shut(); quote(message); } } }, say('回复', 'Reply')),
      make('button', { type: 'button', role: 'menuitem', on: { click: async () => { shut(); try { await navigator.clipboard.writeText(message.text); toast(say('已复制', 'Copied')); } catch { toast(say('这个浏览器不让复制', 'This browser does not allow copying')); } } } }, say('复制', 'Copy')));
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    box.style.left = Math.max(8, Math.min(x - width / 2, innerWidth - width - 8)) + 'px';
    box.style.top = (y - height - 14 > 8 ? y - height - 14 : y + 14) + 'px';
    box.firstElementChild.focus();
  }
  document.addEventListener('pointerdown', event => { if (!$('menu').hidden && !$('menu').contains(event.target)) $('menu').hidden = true; });
  $('log').addEventListener('scroll', () => { $('menu').hidden = true; if (nearEnd()) { fresh(0); if (open && !document.hidden) { read(open); } } });

  const nearEnd = () => { const log = $('log'); return log.scrollHeight - log.scrollTop - log.clientHeight < 120; };
  const toEnd = () => { const log = $('log'); log.scrollTop = log.scrollHeight; fresh(0); };
  let waiting = 0;
  function fresh(more) {
    waiting = more ? waiting + more : 0;
    $('newer').hidden = !waiting;
    $('newer').textContent = say(`↓ ${waiting}条新消息`, `↓ ${waiting} new`);
  }
  $('newer').addEventListener('click', () => { toEnd(); read(open); drawList(); });
  async function older() {
    const chat = chats.get(open);
    const first = Math.min(...chat.messages.keys());
    $('older').disabled = true;
    try {
      const { messages, more } = await ask('/chat/history' + query({ chat: chat.id, before: String(first) }));
      chat.more = more;
      take(chat, messages);
      if (open !== chat.id) return;
      const log = $('log');
      const from = log.scrollHeight - log.scrollTop;
      for (const message of messages) if (!$('m-' + message.n)) drawMessage(chat, message);
      $('older').hidden = !more;
      log.scrollTop = log.scrollHeight - from;
    } catch (error) { toast(error.message); } finally { $('older').disabled = false; }
  }
  $('older').addEventListener('click', older);
  function show(n) {
    const node = $('m-' + n);
    if (!node) { toast(say('那条消息在更早的地方', 'That message is further up')); return; }
    node.scrollIntoView({ block: 'center' });
    node.classList.remove('flash');
    void node.offsetWidth;
    node.classList.add('flash');
  }

  function enter(id, byHand) {
    if (open) drafts[who + '|' + open] = $('input').value;
    open = id;
    quote(null);
    if (attached) attach(null);
    starters(false);
    $('input').value = (id && drafts[who + '|' + id]) || '';
    typed();
    if (id) read(id);
    drawAll();
    if (byHand) history.pushState({ chat: id }, '', query(id ? { chat: id } : {}));
    if (id && byHand && matchMedia('(hover: hover)').matches) $('input').focus();
  }
  $('back').addEventListener('click', () => enter(null, true));
  addEventListener('popstate', () => { const id = new URLSearchParams(location.search).get('chat'); if (data) enter(chats.has(id) ? id : null, false); });

  // ------------------------------------------------------------------------------------------------------------ saying
  const saveOutbox = () => keep.set('outbox.' + who, outbox.filter(entry => !entry.file).map(({ timer, ...entry }) => entry));
  function delivered(id) {
    const at = outbox.findIndex(entry => entry.id === id);
    if (at < 0) return;
    clearTimeout(outbox[at].timer);
    outbox.splice(at, 1);
    saveOutbox();
    drawOutbox();
  }
  function speak(text, seconds, file) {
    if (!open) return;
    const entry = { id: newId(), chat: open, text, seconds, file, at: now().toISOString(), reply: quoting && { n: quoting.n, from: quoting.from, text: quoting.text.slice(0, 120) }, state: 'wait', tries: 0 };
    outbox.push(entry);
    quote(null);
    saveOutbox();
    drawOutbox();
    toEnd();
    send(entry);
  }
  async function send(entry) {
    const me = who;
    clearTimeout(entry.timer);
    entry.state = 'wait';
    entry.wrong = '';
    entry.tries += 1;
    drawOutbox();
    try {
      const body = { chat: entry.chat, who, text: entry.text, id: entry.id };
      if (entry.seconds) { body.voice_seconds = entry.seconds; body.text = ''; }
      if (entry.reply) body.reply_to = entry.reply.n;
      const handing = entry.file && new URLSearchParams({ chat: body.chat, who, id: body.id, name: entry.file.name, text: entry.text, ...(entry.reply ? { reply_to: String(entry.reply.n) } : {}) });
      // A blob of no kind of its own: what it is, is seen by what is in it.
      const answer = handing ? await ask('/chat/file?' + handing, entry.file.slice(0, entry.file.size, 'application/octet-stream')) : await ask('/chat/say', body);
      if (answer.toast) toast(answer.toast);
      // The message itself comes with the live changes; if these are cut off it is fetched.
      entry.state = 'sent';
      entry.timer = setTimeout(async () => { if (me === who && outbox.includes(entry)) { try { await load(); drawAll(); } catch { /* the line comes back */ } delivered(entry.id); } }, 2500);
    } catch (error) {
      entry.retry = Boolean(error.retry);
      if (entry.retry && entry.tries < 4) { entry.timer = setTimeout(() => { if (me === who) send(entry); }, 1000 * 3 ** (entry.tries - 1)); } else { entry.state = 'failed'; entry.wrong = error.message; entry.tries = 0; }
      if (me === who) { saveOutbox(); drawOutbox(); }
    }
  }
  function drawOutbox() {
    const atEnd = nearEnd();
    $('outbox').replaceChildren(...outbox.filter(entry => entry.chat === open).map(entry => {
      const message = { text: (entry.file ? '📎 ' + entry.file.name + '\n' : '') + entry.text, kind: entry.seconds ? 'voice' : 'text', seconds: entry.seconds };
      const state = entry.state === 'failed' ? make('span', { class: 'state', 'aria-hidden': 'true' }, '❗') : make('span', { class: 'state' + (entry.state === 'wait' ? ' wait' : ''), 'aria-label': say('正在发送', 'Sending') });
      return make('div', { class: 'row own', data: { testid: 'unsent' } }, avatar(who), make('div', { class: 'row-body' },
        make('div', { class: 'row-line' }, bubble(message, who), state),
        entry.reply ? quoted(entry.reply) : null,
        entry.state === 'failed' ? make('div', { class: 'failed', role: 'alert' }, make('span', {}, entry.wrong || say('没有发出去。', 'Not sent.')),
          make('button', { type: 'button', class: 'again', data: { testid: 'resend' }, on: { click: () => send(entry) } }, say('重发', 'Send again')),
          make('button', { type: 'button', on: { click: () => delivered(entry.id) } }, say('删除', 'Delete'))) : null));
    }));
    if (atEnd) toEnd();
  }
  async function press(chat, message, label, button) {
    const key = chat.id + '|' + message.n + '|' + label;
    if (presses.has(key)) return;
    presses.add(key);
    button.setAttribute('aria-busy', 'true');
    button.disabled = true;
    const id = newId();
    try {
      for (let tries = 0; ; tries += 1) {
        try {
          const answer = await ask('/chat/press', { chat: chat.id, who, n: message.n, label, id });
          toast(answer.toast || say('已收到', 'Received'));
          break;
        } catch (error) {
          if (!error.retry || tries >= 2) { toast(error.message.replace('重发', label)); break; }
          await new Promise(done => setTimeout(done, 800 * (tries + 1)));
        }
      }
    } finally {
      presses.delete(key);
      button.disabled = false;
      button.removeAttribute('aria-busy');
    }
  }
  function toast(text) {
    const node = make('div', { class: 'toast', data: { testid: 'toast' }, on: { click: () => node.remove() } }, text);
    $('toasts').append(node);
    while ($('toasts').children.length > 3) $('toasts').firstElementChild.remove();
    setTimeout(() => node.remove(), Math.min(12000, 3500 + 90 * text.length));
  }

  // ---------------------------------------------------------------------------------------------------------- composer
  const input = $('input');
  function quote(message) {
    quoting = message;
    $('quoting').hidden = !message;
    if (!message) return;
    $('quoting-text').textContent = say('回复 ', 'Reply to ') + speaker(message.from) + '：' + message.text.replace(/\s+/g, ' ').slice(0, 80);
    input.focus();
  }
  let attached = null;
  function attach(file) {
    attached = file;
    $('file').value = '';
    $('attached').hidden = !file;
    $('attached-name').textContent = file ? '📎 ' + file.name : '';
    input.placeholder = file ? say('写上做什么用，如 /名册 1', 'Say what for, e.g. /roll 1') : say('说点什么，输入 / 看命令', EN.hint);
    typed();
  }
  $('file').addEventListener('change', () => {
    const file = $('file').files[0];
    if (!file) return;
    if (file.size > 5 * 1024 * 1024) { $('file').value = ''; toast(say('文件太大，最大5MB。请只留名册那一张表，另存后再发。', WRONG.file_large)); return; }
    attach(file);
    input.focus();
  });
  $('attached-end').addEventListener('click', () => { attach(null); input.focus(); });
  $('quoting-end').addEventListener('click', () => { quote(null); input.focus(); });
  function typed() {
    $('composer').classList.toggle('idle', !input.value.trim() && !attached);
    if (!CSS.supports('field-sizing', 'content')) { input.style.height = 'auto'; input.style.height = input.scrollHeight + 'px'; }
    palette();
  }
  input.addEventListener('input', typed);
  input.addEventListener('focus', () => starters(false));
  input.addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return;
    const box = $('palette');
    if (!box.hidden) {
      const all = [...box.children];
      const at = all.findIndex(node => node.getAttribute('aria-selected') === 'true');
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        const to = (at + (event.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1) + all.length) % all.length;
        all.forEach((node, i) => node.setAttribute('aria-selected', String(i === to)));
        all[to].scrollIntoView({ block: 'nearest' });
        return;
      }
      if (event.key === 'Tab' || (event.key === 'Enter' && at >= 0)) { event.preventDefault(); all[Math.max(at, 0)].click(); return; }
      if (event.key === 'Escape') { event.preventDefault(); box.hidden = true; return; }
    }
    if (event.key === 'Escape' && quoting) { quote(null); return; }
    if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); submit(); }
  });
  function submit() {
    const text = input.value;
    if (!text.trim() && !attached) return;
    if (new TextEncoder().encode(text).length > 65536) { toast(say('太长了，一条最多约2万字，请分几条发。', WRONG.large)); return; }
    input.value = '';
    delete drafts[who + '|' + open];
    const file = attached;
    attach(null);
    speak(text, undefined, file);
    if (matchMedia('(hover: hover)').matches) input.focus();
  }
  $('composer').addEventListener('submit', event => { event.preventDefault(); submit(); });
  // A press on a button keeps the keyboard of a phone where it is.
  $('send').addEventListener('pointerdown', event => event.preventDefault());

  function palette() {
    const box = $('palette');
    const text = input.value;
    const typedCommand = /^[\/／、]([^\s]*)$/.exec(text);
    const found = typedCommand ? commands.filter(c => c.plain.toLowerCase().startsWith(typedCommand[1].toLowerCase())) : [];
    box.hidden = !found.length;
    box.replaceChildren(...found.slice(0, 60).map(command => make('button', { type: 'button', role: 'option', 'aria-selected': 'false', tabindex: '-1', data: { testid: 'command' }, on: {
      pointerdown: event => { if (event.pointerType === 'mouse') event.preventDefault(); },
      click: () => fill('/' + command.plain + (command.alone ? '' : ' ')),
    } }, make('b', {}, '/' + command.plain), make('em', {}, command.what), command.alone ? null : make('small', {}, command.usage))));
    box.scrollTop = 0;
  }
  function fill(text) {
    starters(false);
    input.value = text;
    typed();
    $('palette').hidden = true;
    input.focus();
    input.setSelectionRange(text.length, text.length);
  }
  const STARTERS = [
    ['提一件事', 'Raise a matter', '/议题 ', 'M12 4v16M4 12h16'],
    ['出个主意', 'Suggest', '/建议 ', 'M9 18h6M10 21h4M12 3a6 6 0 0 0-3.6 10.8c.8.7 1.1 1.4 1.1 2.2h5c0-.8.3-1.5 1.1-2.2A6 6 0 0 0 12 3z'],
    ['在办的事', 'What is on', '/议题', 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01'],
    ['投票', 'Vote', '/投 ', 'M4 12l5 5L20 6'],
    ['报名活动', 'Join', '/报名 ', 'M5 6h14v14H5zM5 10h14M9 3v4M15 3v4'],
    ['今天的事', 'Digest', '/日报', 'M6 4h12v16H6zM9 8h6M9 12h6M9 16h3'],
    ['我的', 'Mine', '/我', 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0'],
    ['帮助', 'Help', '/帮助', 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2M12 17.5h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z'],
  ];
  $('starters').append(...STARTERS.map(([zh, en, text, path]) => make('button', { type: 'button', data: { testid: 'starter' }, on: { click: () => { if (text === '/我' && open !== 'pm') enter('pm', true); fill(text); } } }, make('span', {}, icon(path)), say(zh, en))));
  function starters(shown) {
    const atEnd = nearEnd();
    $('starters').hidden = !shown;
    $('plus').setAttribute('aria-expanded', String(shown));
    if (atEnd) toEnd();
  }
  $('plus').addEventListener('click', () => { const shown = $('starters').hidden; if (shown) input.blur(); starters(shown); });

  $('voice').addEventListener('click', () => { $('voicing').returnValue = ''; $('voicing').showModal(); });
  for (const button of document.querySelectorAll('[data-seconds]')) button.addEventListener('click', () => { $('voice-seconds').value = button.dataset.seconds; });
  $('voicing').addEventListener('close', () => {
    const seconds = Math.round(+$('voice-seconds').value);
    if ($('voicing').returnValue === 'yes' && seconds >= 1 && seconds <= 60) speak(say('语音 ' + seconds + '秒', 'Voice ' + seconds + ' s'), seconds);
  });

  // ------------------------------------------------------------------------------------------------------- who are you
  function choose() {
    const box = $('people-list');
    box.replaceChildren();
    for (const side of SIDES) {
      const these = data.people.filter(p => (SIDES.includes(p.side) ? p.side : '') === side);
      if (!these.length) continue;
      box.append(make('h3', {}, english ? SIDES_EN[side] : side || '其他人'), make('div', {}, ...these.slice(0, 400).map(p => make('button', { type: 'button', 'aria-pressed': String(p.name === who), data: { testid: 'who-' + p.name }, on: { click: () => become(p.name) } },
        avatar(p.name), make('span', {}, make('b', {}, p.name), make('small', {}, p.note))))));
    }
    $('who-wrong').hidden = true;
    $('who-name').value = '';
    $('people-close').hidden = !who;
    if (!$('people').open) $('people').showModal();
  }
  $('me').addEventListener('click', choose);
  $('people').addEventListener('cancel', event => { if (!who) event.preventDefault(); });
  $('newname').addEventListener('submit', event => { event.preventDefault(); const name = $('who-name').value.trim(); if (name) become(name); });
  async function become(name) {
    const was = who;
    const draft = open && was ? was + '|' + open : null;
    if (draft) drafts[draft] = input.value;
    line?.close();
    line = null;
    try {
      who = name;
      const chat = open;
      chats.clear();
      await load();
      who = data.who;
      keep.set('who', who);
      for (const entry of outbox) clearTimeout(entry.timer);
      outbox = keep.get('outbox.' + who, []);
      // Nothing is unread for somebody who looks for the first time.
      if (!keep.get('read.' + who, null)) for (const id of chats.keys()) read(id);
      quote(null);
      open = chats.has(chat) ? chat : null;
      input.value = (open && drafts[who + '|' + open]) || '';
      if (open) read(open);
      $('people').close();
      $('who-wrong').hidden = true;
      history.replaceState({ chat: open }, '', query(open ? { chat: open } : {}));
      typed();
      drawAll();
      listen();
      for (const entry of outbox) for (const message of chats.get(entry.chat)?.messages.values() || []) if (message.id === entry.id) entry.state = 'sent';
      outbox = outbox.filter(entry => entry.state !== 'sent');
      for (const entry of outbox) { entry.state = 'failed'; entry.retry = false; entry.wrong ||= say('上次没有发出去。', 'It was not sent last time.'); }
      saveOutbox();
      drawOutbox();
      return true;
    } catch (error) {
      who = was;
      $('who-wrong').textContent = error.message;
      $('who-wrong').hidden = false;
      if (was) { try { await load(); drawAll(); listen(); } catch { /* the message above stands */ } }
      return false;
    }
  }

  // -------------------------------------------------------------------------------------------------------------- start
  if (english) {
    document.documentElement.lang = 'en';
    for (const node of document.querySelectorAll('[data-t]')) node.textContent = EN[node.dataset.t] ?? node.textContent;
    for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', EN[node.dataset.label]);
    for (const node of document.querySelectorAll('[data-title]')) node.setAttribute('title', EN[node.dataset.title]);
    for (const node of document.querySelectorAll('[data-hint]')) node.setAttribute('placeholder', EN[node.dataset.hint]);
  }
  async function start() {
    const asked = new URLSearchParams(location.search);
    typed();
    ask('/chat/commands').then(list => {
      commands = list.map(({ name, usage, what }) => {
        const plain = String(name).replace(/^[\/／、]/, '');
        return { plain, usage: String(usage), what: String(what), alone: !usage || String(usage).replace(/^[\/／、]/, '').trim() === plain };
      });
      palette();
    }, () => { /* without it one types */ });
    const name = asked.get('who') || keep.get('who', '');
    try { await load(); } catch (error) {
      toast(error.message);
      $('link-down').hidden = false;
      setTimeout(start, 3000);
      return;
    }
    $('link-down').hidden = true;
    open = asked.get('chat');
    if (!name || !(await become(name))) {
      open = null;
      const wrong = $('who-wrong').textContent;
      drawAll();
      choose();
      if (name && wrong) { $('who-wrong').textContent = wrong; $('who-wrong').hidden = false; }
    }
  }
  // For the theatre, which is a script of its own.
  window.xieshang = { make, icon, WAVES, avatar, groupAvatar, ask, say, english };
  start();
})();
