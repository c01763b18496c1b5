"""Two clients that know Telegram, not the fake: python-telegram-bot and aiogram go through what a bot does.

Run by `tests/run clients`. The test that starts this script plays the people: a line `> what` on stdout asks for it, a
line on stdin says it is done. Every line `ok …` is something that was checked; anything unexpected ends the script.
"""

import asyncio
import os
import sys

import aiogram
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, InlineKeyboardButton, InlineKeyboardMarkup

URL = os.environ["FAKE_URL"]
TOKEN = os.environ["FAKE_TOKEN"]
GROUP = int(os.environ["FAKE_GROUP"])
OLD_GROUP = int(os.environ["FAKE_OLD_GROUP"])
NEW_GROUP = int(os.environ["FAKE_NEW_GROUP"])
STRANGER = int(os.environ["FAKE_STRANGER"])
CARD = "😀 <b>路灯不亮</b> &lt;三号楼&gt; <a href=\"https://example.org/a?b=1&amp;c=2\">详情</a>"
SHOWN = "😀 路灯不亮 <三号楼> 详情"


async def ask(what):
    print("> " + what, flush=True)
    if not await asyncio.to_thread(sys.stdin.readline):
        raise SystemExit("nobody plays the people")


def ok(what):
    print("ok " + what, flush=True)


def same(found, wanted):
    if found != wanted:
        raise SystemExit(f"{found!r} is not {wanted!r}")


async def fails(kind, call):
    try:
        await call
    except kind as error:
        return error
    raise SystemExit(f"{kind.__name__} did not come")


async def python_telegram_bot():
    name = "python-telegram-bot: "
    bot = telegram.Bot(TOKEN, base_url=f"{URL}/bot")
    async with bot:
        me = await bot.get_me()
        same((me.is_bot, me.username, me.can_read_all_group_messages), (True, "xieshang_bot", True))
        ok(name + "getMe")
        commands = [telegram.BotCommand("vote", "投票"), telegram.BotCommand("help", "帮助")]
        scope = telegram.BotCommandScopeAllGroupChats()
        await bot.set_my_commands(commands, scope=scope, language_code="zh")
        same(list(await bot.get_my_commands(scope=scope, language_code="zh")), commands)
        same(list(await bot.get_my_commands()), [])
        ok(name + "setMyCommands and getMyCommands by scope and language")
        keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("支持", callback_data="v:1")]])
        sent = await bot.send_message(GROUP, CARD, parse_mode="HTML", reply_markup=keyboard)
        same(sent.text, SHOWN)
        marked = {kind: sent.parse_entities([kind]) for kind in ("bold", "text_link")}
        same([list(found.values()) for found in marked.values()], [["路灯不亮"], ["详情"]])
        same(sent.entities[1].url, "https://example.org/a?b=1&c=2")
        ok(name + "sendMessage with HTML, entities in UTF-16, an inline keyboard")
        await ask("say /vote@xieshang_bot 3")
        (update,) = await bot.get_updates(timeout=5)
        same((update.message.text, update.message.chat.id), ("/vote@xieshang_bot 3", GROUP))
        same(list(update.message.parse_entities().values()), ["/vote@xieshang_bot"])
        again = await bot.get_updates()
        same([one.update_id for one in again], [update.update_id])
        ok(name + "getUpdates: a message with its command, again until it is confirmed")
        await ask(f"press {sent.message_id} 支持")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        same((update.callback_query.data, update.callback_query.message.text), ("v:1", SHOWN))
        same(await update.callback_query.answer("记下了"), True)
        error = await fails(telegram.error.BadRequest, update.callback_query.answer("再来"))
        same(error.message, "Query is too old and response timeout expired or query id is invalid")
        ok(name + "a press comes, is answered, and cannot be answered twice")
        edited = await sent.edit_text("一票 <i>赞成</i>", parse_mode="HTML", reply_markup=keyboard)
        same((edited.text, edited.edit_date is not None), ("一票 赞成", True))
        error = await fails(telegram.error.BadRequest, sent.edit_text("一票 <i>赞成</i>", parse_mode="HTML", reply_markup=keyboard))
        same(error.message.split(":")[0], "Message is not modified")
        ok(name + "editMessageText, and not modified the second time")
        error = await fails(telegram.error.BadRequest, bot.send_message(GROUP, "<b>一", parse_mode="HTML"))
        same(error.message.split(":")[0], "Can't parse entities")
        error = await fails(telegram.error.BadRequest, bot.send_message(GROUP, "长" * 4097))
        same(error.message, "Message is too long")
        ok(name + "unbalanced HTML and 4097 characters are refused")
        await ask("pace strict")
        error = await fails(telegram.error.RetryAfter, bot.send_message(GROUP, "太快"))
        same(error._retry_after.total_seconds() if hasattr(error, "_retry_after") else error.retry_after, 1)
        await ask("pace off")
        ok(name + "429 is RetryAfter with its seconds")
        error = await fails(telegram.error.ChatMigrated, bot.send_message(OLD_GROUP, "在"))
        same(error.new_chat_id, NEW_GROUP)
        ok(name + "a moved group is ChatMigrated with the new number")
        await fails(telegram.error.Forbidden, bot.send_message(STRANGER, "你好"))
        ok(name + "somebody who never started the bot is Forbidden")
        first = asyncio.create_task(fails(telegram.error.Conflict, bot.get_updates(offset=update.update_id + 1, timeout=5)))
        await ask("wait for a poll")
        async with telegram.Bot(TOKEN, base_url=f"{URL}/bot") as second:
            await second.get_updates(offset=update.update_id + 1, timeout=0)
        await first
        ok(name + "a second poller ends the first with Conflict")
        sent = await bot.send_poll(GROUP, "修不修", ["修", "不修"], is_anonymous=False)
        await ask(f"vote {sent.message_id} 1")
        answer, poll = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        same((tuple(answer.poll_answer.option_ids), poll.poll.options[1].voter_count), ((1,), 1))
        same((await bot.stop_poll(GROUP, sent.message_id)).is_closed, True)
        (closed,) = await bot.get_updates(offset=poll.update_id + 1)
        await bot.get_updates(offset=closed.update_id + 1)
        ok(name + "sendPoll, a vote, stopPoll")
        document = await bot.send_document(GROUP, "一二三".encode(), filename="纪要.txt", caption="<b>纪要</b>", parse_mode="HTML")
        same((document.caption, document.document.file_size), ("纪要", 9))
        ok(name + "sendDocument as multipart")
        member = await bot.get_chat_member(GROUP, me.id)
        chat = await bot.get_chat(GROUP)
        admins = await bot.get_chat_administrators(GROUP)
        same((member.status, chat.title, len(admins)), ("member", "清河里", 1))
        ok(name + "getChat, getChatMember, getChatAdministrators")
        await bot.set_webhook("https://127.0.0.1:9/hook", secret_token="s-1", max_connections=1)
        info = await bot.get_webhook_info()
        same((info.url, info.max_connections), ("https://127.0.0.1:9/hook", 1))
        await fails(telegram.error.Conflict, bot.get_updates())
        await bot.delete_webhook()
        ok(name + "setWebhook, getWebhookInfo, Conflict for getUpdates, deleteWebhook")
    async def other():
        await telegram.Bot("1:other", base_url=f"{URL}/bot").initialize()
    await fails(telegram.error.InvalidToken, other())
    ok(name + "another token is InvalidToken")


async def aiogram_client():
    name = "aiogram: "
    session = AiohttpSession(api=TelegramAPIServer.from_base(URL))
    async with aiogram.Bot(TOKEN, session=session) as bot:
        me = await bot.get_me()
        same((me.is_bot, me.username), (True, "xieshang_bot"))
        ok(name + "getMe")
        commands = [BotCommand(command="vote", description="投票")]
        await bot.set_my_commands(commands, scope=BotCommandScopeAllGroupChats(), language_code="en")
        kept = await bot.get_my_commands(scope=BotCommandScopeAllGroupChats(), language_code="en")
        same([(one.command, one.description) for one in kept], [("vote", "投票")])
        ok(name + "setMyCommands and getMyCommands")
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="支持", callback_data="v:1")]])
        sent = await bot.send_message(GROUP, CARD, parse_mode="HTML", reply_markup=keyboard)
        same([entity.extract_from(sent.text) for entity in sent.entities], ["路灯不亮", "详情"])
        ok(name + "sendMessage with HTML, entities in UTF-16, an inline keyboard")
        await ask("say /vote 3")
        (update,) = await bot.get_updates(timeout=5)
        same((update.message.text, update.message.entities[0].type), ("/vote 3", "bot_command"))
        await ask(f"press {sent.message_id} 支持")
        (update,) = await bot.get_updates(offset=update.update_id + 1, timeout=5)
        same(update.callback_query.data, "v:1")
        same(await bot.answer_callback_query(update.callback_query.id, text="记下了", show_alert=True), True)
        await bot.get_updates(offset=update.update_id + 1)
        ok(name + "a message and a press by getUpdates, answered")
        edited = await bot.edit_message_text("一票", chat_id=GROUP, message_id=sent.message_id)
        same((edited.text, edited.reply_markup), ("一票", None))
        error = await fails(TelegramBadRequest, bot.edit_message_text("一票", chat_id=GROUP, message_id=sent.message_id))
        same("message is not modified" in error.message, True)
        ok(name + "editMessageText, and not modified the second time")
        await ask("pace strict")
        error = await fails(TelegramRetryAfter, bot.send_message(GROUP, "太快"))
        same(error.retry_after, 1)
        await ask("pace off")
        ok(name + "429 is TelegramRetryAfter with its seconds")
        error = await fails(TelegramMigrateToChat, bot.send_message(OLD_GROUP, "在"))
        same(error.migrate_to_chat_id, NEW_GROUP)
        ok(name + "a moved group is TelegramMigrateToChat with the new number")
        await fails(TelegramForbiddenError, bot.send_message(STRANGER, "你好"))
        ok(name + "somebody who never started the bot is TelegramForbiddenError")
        first = asyncio.create_task(fails(TelegramConflictError, bot.get_updates(timeout=5)))
        await ask("wait for a poll")
        await bot.get_updates(timeout=0)
        await first
        ok(name + "a second poller ends the first with TelegramConflictError")
        await ask("fault 500")
        await fails(TelegramServerError, bot.send_message(GROUP, "在"))
        ok(name + "500 is TelegramServerError")
    async with aiogram.Bot("1:other", session=AiohttpSession(api=TelegramAPIServer.from_base(URL))) as bot:
        await fails(TelegramUnauthorizedError, bot.get_me())
    ok(name + "another token is TelegramUnauthorizedError")


print(f"versions Python {sys.version.split()[0]}, python-telegram-bot {telegram.__version__}, aiogram {aiogram.__version__}")
asyncio.run(python_telegram_bot())
asyncio.run(aiogram_client())
