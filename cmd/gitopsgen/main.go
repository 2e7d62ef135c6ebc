// Command gitopsgen generates Argo CD repositories, checks them and keeps them current.
package main

import (
	"context"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/gitopsgen/gitopsgen/generator/doors"
)

func main() {
	// The libraries of Helm and kustomize log; what a person must know, we say ourselves.
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	// Charts and files by URL have a client of their own; whatever else a library asks for, it shall not get.
	http.DefaultTransport = doors.Refusal{}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, environment{
		args: os.Args, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
	})
	stop()
	os.Exit(status)
}
