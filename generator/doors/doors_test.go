package doors_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/doors"
)

// program puts a program on the path that is there when the test begins.
func program(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "git"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	os.Unsetenv("GIT_ALLOW_PROTOCOL")
}

func found() bool {
	_, err := exec.LookPath("git")
	return err == nil
}

func TestShut(t *testing.T) {
	program(t)
	first, second := doors.Shut(), doors.Shut()
	if found() || os.Getenv("GIT_ALLOW_PROTOCOL") != "none" {
		t.Error("got a program, want none while the doors are shut")
	}
	first()
	first() // which does nothing
	if found() {
		t.Error("got a program, want none while another one works behind shut doors")
	}
	second()
	if _, set := os.LookupEnv("GIT_ALLOW_PROTOCOL"); !found() || set {
		t.Error("want everything as it was before")
	}
}

func TestOutside(t *testing.T) {
	program(t)
	open := doors.Shut()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := doors.Outside(ctx, func() { t.Error("want no work while the doors are shut") })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	done := make(chan bool)
	go func() {
		_ = doors.Outside(t.Context(), func() { done <- found() })
	}()
	open()
	if !<-done {
		t.Error("got no program, want it found outside")
	}
}

// TestBoth lets many in and out at the same time: what is found must never depend on the others.
func TestBoth(t *testing.T) {
	program(t)
	done := make(chan bool)
	for range 50 {
		go func() {
			defer doors.Shut()()
			done <- !found()
		}()
		go func() {
			right := false
			err := doors.Outside(t.Context(), func() { right = found() })
			done <- right && err == nil
		}()
	}
	for range 100 {
		if !<-done {
			t.Error("got a program behind shut doors, or none outside")
		}
	}
}

func TestRefusal(t *testing.T) {
	_, err := (&http.Client{Transport: doors.Refusal{}}).Get("http://charts.example.org/index.yaml")
	if err == nil || !strings.Contains(err.Error(), "charts.example.org is not asked") {
		t.Errorf("got %v, want a refusal that names the host", err)
	}
}
