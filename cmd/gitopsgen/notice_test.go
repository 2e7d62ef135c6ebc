package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// licences are what a licence's text says and no other does, by its SPDX identifier.
var licences = map[string]*regexp.Regexp{
	"Apache-2.0":   regexp.MustCompile(`apache license,? version 2\.0`),
	"BSD-2-Clause": regexp.MustCompile(`redistribution and use in source and binary forms`),
	"BSD-3-Clause": regexp.MustCompile(`redistribution and use in source and binary forms.*(neither the names? of|may not be used to endorse)`),
	"CC0-1.0":      regexp.MustCompile(`cc0 1\.0 universal`),
	"ISC":          regexp.MustCompile(`permission to use, copy, modify, and(/or)? distribute this software for any purpose with or without fee`),
	"MIT":          regexp.MustCompile(`permission is hereby granted, free of charge, to any person obtaining a copy`),
	"MPL-2.0":      regexp.MustCompile(`mozilla public license,? version 2\.0`),
	"Unlicense":    regexp.MustCompile(`this is free and unencumbered software`),
}

var (
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)`)
	noticeFile  = regexp.MustCompile(`(?i)^notice`)
)

// module is one Go module that the program is built from.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// linked lists the modules that are linked into the program, on any system that it is built for.
func linked(t *testing.T) []module {
	t.Helper()
	byPath := map[string]module{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/gitopsgen")
		cmd.Dir = repositoryRoot
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v", system, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(out))
		for {
			var one struct{ Module *module }
			if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if m := one.Module; m != nil && !m.Main {
				byPath[m.Path] = *m
			}
		}
	}
	var all []module
	for _, name := range slices.Sorted(maps.Keys(byPath)) {
		all = append(all, byPath[name])
	}
	return all
}

// licence gives the identifiers of a module's licences, and the files that have their texts.
func licence(t *testing.T, m module) (ids, files []string) {
	t.Helper()
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		t.Fatalf("%s: %v", m.Path, err)
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || path.Ext(e.Name()) == ".docs" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, e.Name())
		plain := strings.ToLower(strings.Join(strings.Fields(string(text)), " "))
		known := noticeFile.MatchString(e.Name())
		for id, says := range licences {
			if says.MatchString(plain) {
				ids, known = append(ids, id), true
			}
		}
		if !known {
			t.Errorf("%s %s: %s has a licence that we do not know", m.Path, m.Version, e.Name())
		}
	}
	if slices.Contains(ids, "BSD-3-Clause") { // which says all that the other one does
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == "BSD-2-Clause" })
	}
	slices.Sort(ids)
	return slices.Compact(ids), files
}

// TestNotice keeps NOTICE: what is linked into the program, and under which licence.
func TestNotice(t *testing.T) { // not beside tests that render here: these take the programs out of PATH
	var b strings.Builder
	b.WriteString("gitopsgen is licensed under the Apache License 2.0: LICENSE.\n\n")
	b.WriteString("Its program is linked with the standard library of Go (BSD-3-Clause) and with these modules, each under its own licence, whose text\n")
	b.WriteString("stands in the files of the module that come last. Written by make golden.\n\n")
	for _, m := range linked(t) {
		ids, files := licence(t, m)
		if len(ids) == 0 {
			t.Errorf("%s %s: it has no licence", m.Path, m.Version)
		}
		fmt.Fprintf(&b, "%s %s: %s (%s)\n", m.Path, m.Version, strings.Join(ids, " AND "), strings.Join(files, ", "))
	}
	goldentest.Compare(t, []byte(b.String()), "NOTICE")
}
