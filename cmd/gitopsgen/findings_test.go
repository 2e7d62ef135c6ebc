package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestFindings shows every rule that is no policy on two small repositories: fail/ breaks it, and want says how it is
// told; pass/ does not.
func TestFindings(t *testing.T) {
	checkers, err := judge().Checkers(t.Context(), tree.Tree{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range linter.Rules(checkers) {
		category, name, _ := strings.Cut(rule.ID, "/")
		snake := strings.ReplaceAll(name, "-", "_")
		if _, err := os.Stat(filepath.Join(repositoryRoot, "policies", category, snake, snake+".rego")); err == nil {
			continue // a policy's own tests show it
		}
		t.Run(rule.ID, func(t *testing.T) {
			file := "golden/findings/" + category + "_" + snake + ".txtar"
			archive, err := txtar.ParseFile(filepath.Join(repositoryRoot, file))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(findingsOf(t, archive, "fail/", rule.ID), "\n") + "\n"
			if got == "\n" {
				t.Errorf("fail/ does not break %s", rule.ID)
			}
			if found := findingsOf(t, archive, "pass/", rule.ID); len(found) > 0 {
				t.Errorf("pass/ breaks %s: %s", rule.ID, strings.Join(found, "\n"))
			}
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
			if i < 0 { // nobody has run make golden yet
				i, archive.Files = len(archive.Files), append(archive.Files, txtar.File{Name: "want"})
			}
			archive.Files[i].Data = []byte(got)
			goldentest.Compare(t, txtar.Format(archive), file)
		})
	}
}

// judge is what does the work, with no charts but those in a repository.
func judge() generator.Generator {
	p := &program{getenv: func(string) string { return "" }}
	g := p.with(supply.Options{})
	g.Places = supply.Of()
	return g
}

// treeOf gives the files of an archive below prefix.
func treeOf(t *testing.T, archive *txtar.Archive, prefix string) tree.Tree {
	t.Helper()
	var files []tree.File
	for _, f := range archive.Files {
		if path, ok := strings.CutPrefix(f.Name, prefix); ok {
			files = append(files, tree.File{Path: path, Data: f.Data})
		}
	}
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// findingsOf checks the files of an archive below prefix, since those below before/ if there are any, and gives what it finds
// against one rule.
func findingsOf(t *testing.T, archive *txtar.Archive, prefix, rule string) []string {
	t.Helper()
	var since *tree.Tree
	if before := treeOf(t, archive, "before/"); len(before.Files()) > 0 {
		since = &before
	}
	r := checked(t, judge(), treeOf(t, archive, prefix), since)
	var found []string
	for _, f := range r.Findings {
		if f.Rule == rule {
			found = append(found, fmt.Sprintf("%s:%d:%d: %s: %s", f.Place.File, f.Place.Line, f.Place.Column, f.Severity, f.Message))
			for _, r := range f.Related {
				found = append(found, fmt.Sprintf("    %s: %s", r.Place, r.Message))
			}
		}
	}
	return found
}
