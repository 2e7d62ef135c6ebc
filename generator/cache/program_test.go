package cache

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestBuildID states that a program is told by what the Go toolchain says is its ID, and by no name that somebody else gave.
func TestBuildID(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems have other files")
	}
	file, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "buildid", file).Output()
	id := strings.TrimSpace(string(out))
	if err != nil || id == "" || strings.TrimRight(buildID(file), "\x00") != id {
		t.Fatalf("got %q, want %q: %v", buildID(file), id, err)
	}
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"redacted": bytes.ReplaceAll(program, []byte(id), []byte(strings.ReplaceAll(id, "/", "-"))),
		"no note":  bytes.ReplaceAll(program, []byte(".note.go.buildid"), []byte(".note.go.nothing")),
		"text":     []byte("#!/bin/sh\n"),
	} {
		file := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(file, data, 0o755); err != nil {
			t.Fatal(err)
		}
		if got := buildID(file); got != "" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
