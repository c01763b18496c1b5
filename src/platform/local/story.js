// 播放故事: the theatre, in which a consultation goes by at the pace of a reader. Everything said in it is put in place as text.
'use strict';
(() => {
  const { make, icon, WAVES, avatar, groupAvatar, ask, say, english } = window.xieshang;
  const $ = id => document.getElementById(id);
  const theatre = $('theatre');
  const log = $('theatre-log');

  // Characters a second that an older reader reads, and bounds of a pause, in milliseconds.
  const READS = 7;
  const LEAST = 900;
  const MOST = 12000;
  // Letters of the clock longer than this that several groups get at one moment: the first is shown, the others can be opened.
  const LONG = 100;

  let story = null; // what the server told, kept
  let help = new Map(); // command → what it does
  let steps = [];
  let at = 0; // the next step
  let speed = 1;
  let timer = 0;
  let due = 0; // when the timer rings
  let left = 0; // of the pause that was interrupted, at single speed
  let block = null; // the chat written to last
  let day = '';
  let explained = new Set();
  let restAt = 0; // where the log was left by us

  // ----------------------------------------------------------------------------------------------------------- the steps
  const keyOf = spot => spot.kind + ':' + spot.name;
  function stepsOf({ scenes }) {
    const all = [];
    let moment = '';
    for (const scene of scenes) {
      const { date, clock, deed } = scene;
      if (deed) all.push({ date, clock, spot: deed.spot, deed });
      const same = new Map();
      for (const letter of scene.received) {
        const words = JSON.stringify([letter.text, letter.buttons]);
        const shown = same.get(words);
        if (shown && letter.spot.kind !== 'toast') { shown.also.push(letter.spot); continue; }
        const whisper = letter.spot.kind === 'toast' && letter.spot.name;
        const step = { date, clock, spot: whisper && deed ? deed.spot : letter.spot, letter, also: [], whisper, byClock: !deed };
        if (!deed && letter.text.length > LONG) {
          step.folded = moment === date + clock;
          moment = date + clock;
        }
        same.set(words, step);
        all.push(step);
      }
    }
    return all;
  }
  const wordsOf = ({ deed, letter }) => (letter ? letter.text : [deed.said.title, deed.said.text, deed.said.label].filter(Boolean).join(' '));
  function readingTime(text) {
    let signs = 0;
    for (const c of text) if (c.trim()) signs += c >= '\u2e80' ? 1 : 0.35;
    return Math.min(MOST, LEAST + (signs / READS) * 1000);
  }
  const pauseAfter = step => (step.folded ? LEAST : readingTime(wordsOf(step)));

  // ------------------------------------------------------------------------------------------------------------- drawing
  function dayOf(date) {
    const [y, m, d] = date.split('-').map(Number);
    const then = new Date(Date.UTC(y, m - 1, d));
    return new Intl.DateTimeFormat(english ? 'en-GB' : 'zh-CN', { timeZone: 'UTC', month: 'long', day: 'numeric', weekday: 'long' }).format(then);
  }
  function nameOf({ kind, name }) {
    if (kind === 'private') return say(`${name}和协商助手的私聊`, `Private chat of ${name} with the assistant`);
    if (kind === 'page') return say('扫码打开的网页', 'The page behind the code') + (name ? ' · ' + name : '');
    return name;
  }
  function faceOf({ kind, name }) {
    if (kind === 'group') return groupAvatar(name);
    return kind === 'private' ? avatar(name) : make('span', { class: 'avatar code', 'aria-hidden': 'true' }, '码');
  }
  function roleOf(name) {
    const person = story.people.find(p => p.name === name);
    return person ? [person.side, person.note].filter(Boolean).join(' · ') : '';
  }
  function bubbleOf({ kind, text, title, seconds, label }) {
    const inside = make('span', {});
    const box = make('div', { class: 'bubble' }, inside);
    if (kind === 'voice') {
      box.classList.add('voice', 's2');
      box.setAttribute('aria-label', say(`语音 ${seconds}秒`, `Voice message, ${seconds} s`));
      inside.append(icon(WAVES), seconds + '″');
    } else if (kind === 'form') inside.append(make('b', {}, title), text ? '\n' + text : '');
    else if (kind === 'press') inside.append(say(`按了“${label}”`, `pressed “${label}”`));
    else inside.append(text);
    return box;
  }
  // What a command is for is said where it is first used, in the words of /帮助.
  function hint({ said, who }) {
    if (said.kind === 'form') return say(`${who}用手机扫了墙上的码，填了这张表`, `${who} scanned the code on the wall and filled in this form`);
    const word = said.kind === 'press' ? said.label : said.kind === 'text' ? /^[\/／、#]?\s*([^\s\d０-９　]+)/.exec(said.text)?.[1] : null;
    if (!help.has(word) || explained.has(word)) return null;
    explained.add(word);
    return word + say('：', ': ') + help.get(word);
  }
  const small = text => text && make('p', { class: 'story-note' }, text);
  function rowOf(step) {
    const { deed, letter, clock } = step;
    const who = deed ? deed.who : say('协商助手', 'Assistant');
    const role = deed ? roleOf(deed.who) : step.whisper ? say(`只有${step.whisper}看得到`, `seen by ${step.whisper} only`) : step.byClock ? say('到点了，自动发出', 'sent by the clock') : '';
    const quote = deed?.said.quote;
    const body = make('div', { class: 'row-body' },
      make('div', { class: 'row-name' }, make('b', {}, who), make('span', {}, [role, clock].filter(Boolean).join(' · '))),
      bubbleOf(deed ? deed.said : { kind: 'text', text: letter.text }),
      quote ? make('div', { class: 'quoted' }, make('span', {}, say('回复：', 'Reply to: ') + quote.replace(/\s*\n\s*/g, ' '))) : null,
      letter?.buttons.length ? make('div', { class: 'btns', 'aria-label': say('可以按的回答', 'Answers') }, ...letter.buttons.map(label => make('span', { class: 'btn' }, label))) : null,
      step.also?.length ? small(say('同样的话也发到：', 'The same also went to: ') + step.also.map(nameOf).join(say('、', ', '))) : null,
      deed ? small(hint(deed)) : null);
    return make('div', { class: 'row' + (deed ? '' : ' from-bot'), data: { testid: 'story-msg', from: deed ? who : 'bot' } }, avatar(deed ? who : null), body);
  }
  function foldedOf({ spot, letter }) {
    const first = letter.text.split('\n')[0];
    return make('details', { class: 'story-more', data: { testid: 'story-msg', from: 'bot' } },
      make('summary', {}, say(`${nameOf(spot)}也收到：`, `${nameOf(spot)} received: `) + first), make('div', { class: 'bubble' }, make('span', {}, letter.text)));
  }
  function draw(step) {
    const wasFollowed = Math.abs(log.scrollTop - restAt) < 60 || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    if (step.date !== day) {
      day = step.date;
      block = null;
      log.append(make('h3', { class: 'story-day' }, dayOf(day)));
    }
    let node;
    if (step.folded) {
      node = foldedOf(step);
      log.append(node);
      block = null;
    } else {
      if (block?.dataset.spot !== keyOf(step.spot)) {
        block = make('section', { class: 'story-chat', data: { spot: keyOf(step.spot) } }, make('h4', {}, faceOf(step.spot), nameOf(step.spot)));
        log.append(block);
      }
      node = rowOf(step);
      block.append(node);
    }
    node.classList.add('fresh');
    return wasFollowed ? node : null;
  }
  function follow(node) {
    if (!node) return;
    const { height } = node.getBoundingClientRect();
    const first = node.previousElementSibling?.tagName === 'H4' ? node.parentElement : node;
    // What is taller than the screen is read from its beginning.
    if (height > log.clientHeight - 40) first.scrollIntoView({ block: 'start' }); else log.scrollTop = log.scrollHeight;
    restAt = log.scrollTop;
  }

  // ------------------------------------------------------------------------------------------------------------- playing
  const state = () => theatre.dataset.state;
  function become(now) {
    theatre.dataset.state = now;
    const playing = now === 'playing';
    $('story-pause').textContent = now === 'end' ? say('放完了', 'The end') : playing || now === 'loading' ? say('暂停', 'Pause') : say('继续', 'Go on');
    for (const id of ['story-pause', 'story-next']) $(id).disabled = !playing && now !== 'paused';
    $('story-speed').textContent = say('快一点', 'Faster') + ' ×' + speed;
    $('story-progress').max = Math.max(1, steps.length);
    $('story-progress').value = at;
    // Who pressed the last button there was to press goes on with the one that is left.
    if (document.activeElement?.disabled && theatre.contains(document.activeElement)) $('story-again').focus();
  }
  function wait(ms) {
    clearTimeout(timer);
    due = performance.now() + ms;
    timer = setTimeout(next, ms);
  }
  function hold() {
    clearTimeout(timer);
    left = Math.max(0, due - performance.now()) * speed;
  }
  function next() {
    clearTimeout(timer);
    if (at >= steps.length || (state() !== 'playing' && state() !== 'paused')) return;
    const step = steps[at];
    at += 1;
    left = pauseAfter(step);
    const node = draw(step);
    if (at === steps.length) {
      log.append(make('p', { class: 'story-end', data: { testid: 'story-end' } }, say('演到这里。这一版的程序就做到这一步。退出以后，您可以自己试一试。', 'This is as far as this version goes. Leave the theatre and try it yourself.')));
      become('end');
    } else {
      become(state());
      if (state() === 'playing') wait(left / speed);
    }
    follow(node);
  }
  function toggle() {
    if (state() === 'playing') { hold(); become('paused'); } else if (state() === 'paused') { become('playing'); wait(left / speed); }
  }
  function faster() {
    if (state() === 'playing') hold();
    speed = speed >= 4 ? 1 : speed * 2;
    become(state());
    if (state() === 'playing') wait(left / speed);
  }
  async function begin() {
    if (state() === 'loading') return;
    clearTimeout(timer);
    [steps, at, block, day, explained, restAt] = [[], 0, null, '', new Set(), 0];
    log.replaceChildren(make('p', { class: 'story-note' }, say('正在准备…', 'Getting ready…')));
    become('loading');
    if (!story) {
      try {
        const [told, commands] = await Promise.all([ask('/chat/story'), ask('/chat/commands').catch(() => [])]);
        story = told;
        help = new Map(commands.map(({ name, what }) => [String(name).replace(/^[\/／、]/, ''), String(what)]));
      } catch (error) {
        log.replaceChildren(make('p', { class: 'wrong', role: 'alert', data: { testid: 'story-wrong' } }, error.message));
        become('wrong');
        return;
      }
    }
    if (!theatre.open || state() !== 'loading') return;
    steps = stepsOf(story);
    const dates = story.scenes.map(scene => scene.date);
    const minutes = Math.max(1, Math.round(steps.reduce((sum, step) => sum + pauseAfter(step), 0) / 60e3));
    log.replaceChildren(make('p', { class: 'story-intro' }, say(
      `这是一个编好的故事，人和楼都不是真的；机器人的每一句，是这套程序自己真的跑出来的。从${dayOf(dates[0])}到${dayOf(dates.at(-1))}，全部慢慢放完约${minutes}分钟，可以快放。`,
      `A made-up story; neither the people nor the house exist. Every word of the assistant is what this very program answered. From ${dayOf(dates[0])} to ${dayOf(dates.at(-1))}; about ${minutes} minutes at reading pace, less if you go faster.`)));
    become('playing');
    wait(4000 / speed);
  }

  // ------------------------------------------------------------------------------------------------------------ the hands
  function enter() {
    if (theatre.open) return;
    speed = 1;
    theatre.showModal();
    log.focus();
    begin();
  }
  for (const button of document.querySelectorAll('.story-open')) button.addEventListener('click', enter);
  theatre.addEventListener('close', () => { if (theatre.open) return; clearTimeout(timer); become('closed'); log.replaceChildren(); });
  $('story-exit').addEventListener('click', () => theatre.close());
  $('story-again').addEventListener('click', begin);
  $('story-speed').addEventListener('click', faster);
  $('story-next').addEventListener('click', next);
  $('story-pause').addEventListener('click', toggle);
  theatre.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const pressable = event.target.closest('button, summary');
    if (event.key === ' ' && !pressable) toggle();
    else if (event.key === 'ArrowRight') next();
    else if (event.key === 'f' || event.key === 'F') faster();
    else return;
    event.preventDefault();
  });
  // Nothing goes by while nobody looks.
  document.addEventListener('visibilitychange', () => {
    if (state() !== 'playing') return;
    if (document.hidden) hold(); else wait(left / speed);
  });
})();
