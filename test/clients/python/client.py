"""Asks a server for everything it has, and prints the answers as one JSON document: client.py ERA URL|COMMAND..."""

import asyncio
import json
import os
import sys

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult

ANSWER_S = 30


def reach(words):
    if not words[0].startswith("http"):
        return stdio_client(StdioServerParameters(command=words[0], args=words[1:], env=dict(os.environ)))
    token = os.environ.get("TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return streamable_http_client(words[0], http_client=httpx2.AsyncClient(headers=headers, timeout=ANSWER_S))


async def elicit(_context, _params):
    return ElicitResult(action="accept", content={"name": "Ann"})


async def told(asked):
    try:
        answer = await asyncio.wait_for(asked, ANSWER_S)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return answer.model_dump(mode="json", by_alias=True, exclude_none=True)


async def converse(era, words):
    steps = []

    async def step(progress, total, message):
        steps.append([progress, total, message])

    async with Client(reach(words), mode=era, elicitation_callback=elicit) as client:
        asks = [client.list_tools(), client.list_resources(), client.list_resource_templates(), client.list_prompts()]
        calls = [("weather", {"city": "Bern"}), ("add", {"a": 1}), ("greet", {}), ("fail", {}), ("picture", {})]
        asks += [client.call_tool(name, arguments) for name, arguments in calls]
        asks += [client.call_tool("count", {"to": 3}, progress_callback=step)]
        asks += [client.read_resource(uri) for uri in ("note://hello", "note://abc/text", "note://none")]
        asks += [client.get_prompt("review", {"code": "x = 1"})]
        answers = [await told(asked) for asked in asks]
        crowd = await asyncio.gather(*[told(client.call_tool("add", {"a": a})) for a in range(30)])
    return {"answers": answers, "progress": steps, "crowd": crowd}


print(json.dumps(asyncio.run(converse(sys.argv[1], sys.argv[2:]))))
