"""A server on version 1 of the Python SDK with everything that a client can ask for."""

import asyncio
import sys

from mcp import types
from mcp.server.fastmcp import Context, FastMCP, Image
from mcp.server.session import ServerSession
from pydantic import AnyUrl, BaseModel


class Weather(BaseModel):
    city: str
    high: float
    tags: list[str] = []


class Name(BaseModel):
    name: str


def served(kind: str, port: int) -> FastMCP:
    words = {"host": "127.0.0.1", "port": port, "stateless_http": kind == "stateless", "json_response": kind == "json"}
    server = FastMCP("python-peer", instructions="Knows the weather.", log_level="ERROR", **words)
    for tool in (weather, slow, log, ask, sample, fail, big, echo, picture, touch, grow, hang):
        server.add_tool(tool)
    server.resource("note://text")(note)
    server.resource("note://blob", mime_type="application/octet-stream")(blob)
    server.resource("note://{folder}/{name}")(any_note)
    server.prompt()(review)
    server.completion()(complete)
    low = server._mcp_server
    low.set_logging_level()(level)
    low.subscribe_resource()(subscribed)
    low.unsubscribe_resource()(subscribed)
    return server


def weather(city: str) -> Weather:
    """The weather of a city"""
    return Weather(city=city, high=21.5, tags=["dry"])


async def slow(count: int, ctx: Context) -> str:
    """Counts, and tells how far it is"""
    for step in range(1, count + 1):
        await ctx.report_progress(step, count, f"step {step}")
        await asyncio.sleep(0.02)
    return "counted"


async def log(ctx: Context) -> str:
    """Writes to the log"""
    await ctx.info("cloud", logger_name="weather")
    await ctx.error("cloud — ü", logger_name="weather")
    return "logged"


async def ask(ctx: Context) -> str:
    """Asks for a name"""
    answer = await ctx.elicit("What is your name?", Name)
    return f"{answer.action} {getattr(answer, 'data', None)}"


async def sample(ctx: Context) -> str:
    """Asks the model of the client"""
    words = types.SamplingMessage(role="user", content=types.TextContent(type="text", text="A poem on rain"))
    answer = await ctx.session.create_message([words], max_tokens=9, related_request_id=ctx.request_id)
    return f"{answer.model} {answer.content}"


def fail() -> str:
    """Fails"""
    raise ValueError("no weather — ünïcode 🌧")


def big(count: int) -> str:
    """A long answer"""
    return "rain and wind and sun. " * count


def echo(text: str) -> str:
    """Says what it hears"""
    return text


def picture() -> Image:
    """A picture"""
    return Image(data=bytes(range(256)), format="png")


async def touch(ctx: Context) -> str:
    """Changes the note"""
    await ctx.session.send_resource_updated(AnyUrl("note://text"))
    return "touched"


async def grow(ctx: Context) -> str:
    """Adds a tool"""
    ctx.fastmcp.add_tool(grown)
    session: ServerSession = ctx.session
    await session.send_tool_list_changed()
    return "added"


def grown() -> str:
    """Was added later"""
    return "grown"


async def hang() -> str:
    """Waits"""
    await asyncio.sleep(20)
    return "waited"


def note() -> str:
    return "the note"


def blob() -> bytes:
    return bytes([0, 255, 128])


def any_note(folder: str, name: str) -> str:
    return f"the note {name} in {folder}"


def review(code: str, tone: str = "mild") -> str:
    return f"review {code} {tone}"


async def complete(_ref, argument, _context):
    return types.Completion(values=[f"{argument.value}arm", f"{argument.value}ild"], total=2)


async def level(_level):
    return None


async def subscribed(_uri):
    return None


def serve(words):
    kind, port = words[0], int(words[1]) if len(words) > 1 else 0
    served(kind, port).run("stdio" if kind == "stdio" else "streamable-http")
