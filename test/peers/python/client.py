"""Asks a server for everything it has, on version 1 of the Python SDK, and prints one line for each answer."""

import asyncio
import json
import os
from contextlib import asynccontextmanager
from datetime import timedelta

from mcp import ClientSession, StdioServerParameters, stdio_client, types
from mcp.client.streamable_http import streamablehttp_client
from pydantic import AnyUrl

PREFIX = os.environ.get("PREFIX", "")
LINE_MAX = 20_000
ODD = "\0\x1b tab\t \u2028 e\u0301 \U0001f469\u200d\U0001f52c \ufffd <b>&\\u0041 \"'"
heard: dict[str, list] = {}


def plain(value):
    return value.model_dump(mode="json", by_alias=True, exclude_none=True) if hasattr(value, "model_dump") else value


def hear(kind, what):
    heard.setdefault(kind, []).append(plain(what))


async def show(step, asked):
    try:
        answer = plain(await asyncio.wait_for(asked, 40))
    except Exception as error:
        answer = f"error: {type(error).__name__} {error}"
    line = json.dumps([step, answer], sort_keys=True)
    print(line if len(line) < LINE_MAX else json.dumps([step, len(line), line[:200], line[-200:]]), flush=True)


async def settle(kind, count):
    for _ in range(60):
        if len(heard.get(kind, [])) >= count:
            break
        await asyncio.sleep(0.025)
    await asyncio.sleep(0.05)


async def on_elicit(_context, params):
    hear("asked", params)
    return types.ElicitResult(action="accept", content={"name": "Ann — 安"})


async def on_sample(_context, params):
    hear("sampled", params)
    words = types.TextContent(type="text", text="drip, drop")
    return types.CreateMessageResult(role="assistant", content=words, model="small")


async def on_message(message):
    if isinstance(message, Exception):
        hear("trouble", repr(message))
    elif isinstance(message, types.ServerNotification):
        kind = message.root.method
        if kind != "notifications/progress":
            hear(kind, message.root.params)


async def on_progress(progress, total, message):
    hear("progress", [progress, total, message])


@asynccontextmanager
async def reach(words):
    if not words[0].startswith("http"):
        async with stdio_client(StdioServerParameters(command=words[0], args=words[1:], env=dict(os.environ))) as way:
            yield way
        return
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with streamablehttp_client(words[0], headers=headers, timeout=timedelta(seconds=40)) as (read, write, _):
        yield read, write


async def converse(revision, words):
    types.LATEST_PROTOCOL_VERSION = revision
    async with reach(words) as (read, write):
        ears = {"elicitation_callback": on_elicit, "sampling_callback": on_sample, "message_handler": on_message}
        async with ClientSession(read, write, **ears) as session:
            await show("opening", session.initialize())
            for ask in (session.list_tools, session.list_resources, session.list_resource_templates, session.list_prompts):
                await show(ask.__name__, ask())
            await calls(session)
            await reads(session)
            for kind in sorted(heard):
                print(json.dumps([f"heard {kind}", heard[kind]], sort_keys=True), flush=True)


async def calls(session):
    async def call(name, **given):
        await show(name, session.call_tool(PREFIX + name, given))

    await call("weather", city="Bern")
    await call("weather", town=1)
    await show("slow", session.call_tool(PREFIX + "slow", {"count": 3}, progress_callback=on_progress))
    await settle("progress", 3)
    await show("level", session.set_logging_level("info"))
    await call("log")
    await settle("notifications/message", 2)
    for name in ("ask", "sample", "fail", "picture", "mixed", "nowhere"):
        await call(name)
    await call("big", count=45_000)
    await call("echo", text=ODD)
    await call("grow")
    await settle("notifications/tools/list_changed", 1)
    await call("grown")
    short = timedelta(seconds=0.5)
    await show("hang", session.call_tool(PREFIX + "hang", {}, read_timeout_seconds=short))
    cities = [session.call_tool(PREFIX + "weather", {"city": f"city {i}"}) for i in range(20)]
    answers = await asyncio.gather(*cities)
    print(json.dumps(["many", [plain(answer) for answer in answers]], sort_keys=True), flush=True)


async def reads(session):
    for uri in ("note://text", "note://blob", "note://some/where", "else://where"):
        await show(uri, session.read_resource(AnyUrl(uri)))
    await show("subscribe", session.subscribe_resource(AnyUrl("note://text")))
    await show("touch", session.call_tool(PREFIX + "touch", {}))
    await settle("notifications/resources/updated", 1)
    await show("unsubscribe", session.unsubscribe_resource(AnyUrl("note://text")))
    await show("prompt", session.get_prompt(PREFIX + "review", {"code": "x = 1"}))
    await show("no prompt", session.get_prompt(PREFIX + "none"))
    ref = types.PromptReference(type="ref/prompt", name=PREFIX + "review")
    await show("complete", session.complete(ref, {"name": "tone", "value": "w"}))
    await show("ping", session.send_ping())
