package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// readCRDs reads the kinds out of the CustomResourceDefinitions in the files that the globs name.
func readCRDs(dir string, globs []string, metadata schemas.Node) ([]schemas.Entry, error) {
	var files []string
	for _, glob := range globs {
		matches, err := filepath.Glob(filepath.Join(dir, glob))
		if err != nil {
			return nil, fmt.Errorf("glob %q: %w", glob, err)
		}
		if len(matches) == 0 {
			return nil, fmt.Errorf("glob %q matches no file", glob)
		}
		files = append(files, matches...)
	}
	slices.Sort(files)
	var entries []schemas.Entry
	for _, file := range slices.Compact(files) {
		found, err := readCRDFile(file, metadata)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	if len(entries) == 0 {
		return nil, errors.New("no CustomResourceDefinition is served")
	}
	return entries, nil
}

// filled are the kinds whose fields a server fills in before it judges them, which their definitions do not say: what these require
// need not be written.
var filled = map[[2]string]bool{{"security.openshift.io", "SecurityContextConstraints"}: true}

// withoutTemplates blanks the lines with which some files become templates of Helm; they hold labels.
func withoutTemplates(data []byte) []byte {
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		if bytes.Contains(line, []byte("{{-")) && !bytes.Contains(line, []byte("description:")) {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// readCRDFile reads the kinds out of a file, which may hold other objects, too.
func readCRDFile(file string, metadata schemas.Node) ([]schemas.Entry, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	objects, problems := manifest.Parse(filepath.Base(file), withoutTemplates(data))
	if len(problems) > 0 {
		p := problems[0]
		return nil, fmt.Errorf("%s:%d:%d: %s", p.Place.File, p.Place.Line, p.Place.Column, p.Message)
	}
	var entries []schemas.Entry
	for _, o := range objects {
		if o.ID.Kind == "CustomResourceDefinition" {
			for _, e := range schemas.Customs(o.Object, metadata) {
				if filled[[2]string{e.Group, e.Kind.Kind}] {
					delete(e.Node, "required")
				}
				entries = append(entries, e)
			}
		}
	}
	return entries, nil
}
