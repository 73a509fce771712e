// An MCP peer on mark3labs/mcp-go: `peer stdio`, `peer http|stateless|json PORT`, `peer client REVISION URL|COMMAND...`.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/mark3labs/mcp-go/server"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var err error
	switch os.Args[1] {
	case "stdio":
		err = server.ServeStdio(newServer())
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
