"""An MCP peer on version 1 of the Python SDK: stdio | http|stateless|json PORT | client REVISION URL|COMMAND..."""

import asyncio
import sys

if sys.argv[1] == "client":
    import client

    asyncio.run(client.converse(sys.argv[2], sys.argv[3:]))
else:
    import server

    server.serve(sys.argv[1:])
