// An MCP peer on the official Go SDK: `peer stdio`, `peer http|stateless|json PORT`, `peer client REVISION URL|COMMAND...`.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var err error
	switch os.Args[1] {
	case "stdio":
		err = server().Run(context.Background(), &mcp.StdioTransport{})
	case "client":
		err = converse(ctx, os.Args[2], os.Args[3:])
	default:
		err = serveHTTP(os.Args[1], "127.0.0.1:"+os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
