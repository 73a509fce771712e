"""A server on the Python SDK with everything that a client can ask for."""

import sys
from typing import Annotated

from mcp.server.mcpserver import Context, Image, MCPServer
from pydantic import BaseModel, Field

server = MCPServer("python-peer", instructions="Knows the weather.")


class Weather(BaseModel):
    city: str
    temperature: float
    tags: list[str] = []


class Name(BaseModel):
    name: str


@server.tool()
def weather(city: Annotated[str, Field(description="Name of the city")]) -> Weather:
    """The weather of a city"""
    return Weather(city=city, temperature=21.5, tags=["dry", "windy"])


@server.tool()
def add(a: int, b: int = 2) -> int:
    """Adds two numbers"""
    return a + b


@server.tool()
async def count(to: int, ctx: Context) -> str:
    """Counts, and tells how far it is"""
    for step in range(to):
        await ctx.report_progress(step + 1, to, f"step {step + 1}")
    return "done"


@server.tool()
async def greet(ctx: Context) -> str:
    """Asks for a name"""
    answer = await ctx.elicit("What is your name?", Name)
    return f"{answer.action}: {getattr(answer, 'data', None)}"


@server.tool()
def fail() -> str:
    """Fails"""
    raise ValueError("nothing to be had — ünïcode")


@server.tool()
def picture() -> Image:
    """A picture"""
    return Image(data=bytes(range(256)), format="png")


@server.resource("note://hello")
def hello() -> str:
    """A note"""
    return "hello"


@server.resource("note://{name}/text")
def note(name: str) -> str:
    """A note by name"""
    return f"the note {name}"


@server.prompt()
def review(code: str) -> str:
    """Asks for a review"""
    return f"Please review: {code}"


if __name__ == "__main__":
    if sys.argv[1] == "stdio":
        server.run("stdio")
    else:
        server.run("streamable-http", port=int(sys.argv[2]), stateless_http=sys.argv[1] == "stateless")
