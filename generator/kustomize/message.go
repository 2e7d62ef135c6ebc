package kustomize

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var (
	// onTheWay matches what kustomize puts in front of a cause, and where it then was.
	onTheWay = regexp.MustCompile(`^(?:accumulating (?:resources|components)(?: from '[^']*')?|recursed (?:accumulation of|merging from) path '([^']*)'` +
		`|merging resources from '[^']*'|merging from generator &\{[^}]*\}|accumulateDirectory|accumulation err='accumulating resources from '[^']*': [^:]*'` +
		"|loading generator plugins|trouble configuring builtin [A-Za-z]+ with config: `[^`]*`): ")
	// notAFile matches what kustomize says of a file's error, because it then takes the file for a directory.
	notAFile = regexp.MustCompile(`^accumulation err='(.*)': must build at directory: .*$`)
	// resID and goID match how kustomize names objects.
	resID        = regexp.MustCompile(`([A-Za-z]+)\.(?:\[noVer\]|v[a-z0-9]+)\.(?:\[noGrp\]|[a-z0-9.-]+)/([A-Za-z0-9:.-]+)\.(?:\[noNs\]|([a-z0-9-]+))`)
	goID         = regexp.MustCompile(`resid\.ResId\{Gvk:resid\.Gvk\{[^}]*Kind:"([^"]*)"[^}]*\}, Name:"([^"]*)", Namespace:"([^"]*)"\}`)
	missingField = regexp.MustCompile(`^missing (?:Resource )?(kind|metadata\.name|metadata)\b`)
	// noTarget matches three ways to say one thing.
	noTarget = regexp.MustCompile(`^no resource matches strategic merge patch "(.*)": no matches for Id .*$`)
	// jsonPath matches how a JSON patch names what is not there.
	jsonPath = regexp.MustCompile(`missing (?:key|path|value): "?(/[^":\s]+)`)
)

// oneLine puts a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// cause takes from an error of kustomize what it says of its way there, and gives the directory where it ended.
func cause(text, dir string) (string, string) {
	text = oneLine(text)
	for {
		if m := notAFile.FindStringSubmatch(text); m != nil {
			text = m[1]
		}
		if unquoted, err := strconv.Unquote(text); err == nil {
			text = unquoted
		}
		m := onTheWay.FindStringSubmatch(text)
		if m == nil {
			break
		}
		if p, ok := inside(m[1]); ok && path.Base(p) != chartsDir {
			dir = p
		}
		text = text[len(m[0]):]
	}
	for _, named := range []*regexp.Regexp{resID, goID} {
		text = named.ReplaceAllStringFunc(text, func(id string) string {
			m := named.FindStringSubmatch(id)
			return manifest.ID{Kind: m[1], Name: m[2], Namespace: m[3]}.String()
		})
	}
	text = noTarget.ReplaceAllString(text, "no object matches patch $1")
	return strings.NewReplacer(path.Join(mount, dir)+"/", "", mount+"/", "").Replace(text), dir
}

// blame tells an error of kustomize: its cause, at the patch or the value of the kustomization that the error names.
func (w *Whole) blame(err error) manifest.Problem {
	text, dir := cause(err.Error(), w.Dir)
	k, _ := w.read(dir)
	if !k.Readable() {
		return manifest.Problem{Place: manifest.Top(k.Path), Message: "kustomize: " + text}
	}
	if m := missingField.FindStringSubmatch(text); m != nil {
		return manifest.Problem{Place: w.lacking(k, m[1]), Message: "an object has no " + m[1]}
	}
	p := manifest.Problem{Place: k.Place(), Message: "kustomize: " + text}
	for _, ref := range k.References() {
		if w.isPatch(k, ref, text) {
			p.Place = k.Place(ref.At...)
			return p
		}
	}
	if at, ok := k.Mentioned(err.Error()); ok {
		p.Place = at
	}
	return p
}

// lacking finds the object among the resources of k that has no such field.
func (w *Whole) lacking(k kustomization.File, field string) manifest.Place {
	var steps []any
	for _, step := range strings.Split(field, ".") {
		steps = append(steps, step)
	}
	for _, ref := range k.References() {
		f, ok := w.source.Tree.File(path.Join(k.Dir, ref.Name))
		if !ok || ref.Use != kustomization.AsResource {
			continue
		}
		docs, _ := manifest.Documents(f.Path, f.Data)
		for _, doc := range docs {
			if manifest.Field(doc, steps...) == nil {
				n := manifest.Find(doc, steps...)
				return manifest.Place{File: f.Path, Line: n.Line, Column: n.Column}
			}
		}
	}
	return k.Place()
}

// isPatch reports whether ref is the patch that an error tells of: by its object, or by a path in it.
func (w *Whole) isPatch(k kustomization.File, ref kustomization.Reference, text string) bool {
	var data []byte
	switch ref.Use {
	case kustomization.AsInline:
		data = []byte(ref.Name)
	case kustomization.AsYAML:
		f, _ := w.source.Tree.File(path.Join(k.Dir, ref.Name))
		data = f.Data
	}
	if m := jsonPath.FindStringSubmatch(text); m != nil && bytes.Contains(data, []byte(m[1])) {
		return true
	}
	resources, _ := manifest.Parse(k.Path, data)
	return slices.ContainsFunc(resources, func(res manifest.Resource) bool { return strings.Contains(text, "patch "+res.ID.String()) })
}
