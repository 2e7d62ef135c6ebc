package appset

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/pathspec"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// git gives the folders or the files of a repository.
func (x *expansion) git(g generator, yield func(given) error) error {
	object, at := g.object("git"), g.at.With("git")
	directories, _ := object["directories"].([]any)
	files, _ := object["files"].([]any)
	switch {
	case len(directories) > 0:
		return x.directories(g, patternsOf(directories, at.With("directories")), yield)
	case len(files) > 0:
		return x.files(g, patternsOf(files, at.With("files")), yield)
	}
	return x.wrong(at, "git has neither directories nor files")
}

// pattern is a pattern of paths that are given, or left out.
type pattern struct {
	text    string
	exclude bool
	at      manifest.Path
}

func patternsOf(items []any, at manifest.Path) []pattern {
	var patterns []pattern
	for i, item := range items {
		p := pattern{at: at.With(i, "path")}
		p.text, _ = manifest.Dig(item, "path").(string)
		p.exclude, _ = manifest.Dig(item, "exclude").(bool)
		patterns = append(patterns, p)
	}
	return patterns
}

// absent says why what a generator reads is not here.
func (x *expansion) absent(g generator, found bool) error {
	if x.world.Absent == nil {
		return nil
	}
	url, _ := g.object("git")["repoURL"].(string)
	revision, _ := g.object("git")["revision"].(string)
	if lack := x.world.Absent(url, revision, found); lack != nil {
		lack.Place = x.set.Place(g.at.With("git", "repoURL")...)
		return *lack
	}
	return nil
}

// directories gives the folders that a pattern matches and none leaves out.
func (x *expansion) directories(g generator, patterns []pattern, yield func(given) error) error {
	for _, p := range patterns {
		if _, err := path.Match(p.text, ""); err != nil {
			return x.wrong(p.at, "path %q: %v", p.text, err)
		}
	}
	var all []given
	for _, dir := range x.allFolders(x.root(g)) {
		by, ok := chosen(patterns, func(i int) bool {
			matched, _ := path.Match(patterns[i].text, dir)
			return matched
		})
		if ok {
			all = append(all, given{of: []manifest.Element{{Place: x.set.Place(by.at...), Name: dir}}})
		}
	}
	if err := x.absent(g, len(all) > 0); err != nil {
		return err
	}
	for _, one := range all {
		one.params = map[string]any{}
		x.setFacts(g, one.params, folder(one.of[0].Name))
		if err := x.withValues(one.params, g.object("git")["values"]); err != nil {
			return x.wrong(g.at.With("git", "values"), "%v", err)
		}
		if err := yield(one); err != nil {
			return err
		}
	}
	return nil
}

// root is the folder of the tree that the generator's repository is.
func (x *expansion) root(g generator) string {
	if x.world.Root == nil {
		return "."
	}
	url, _ := g.object("git")["repoURL"].(string)
	return x.world.Root(url)
}

// inside is a path of the tree in the repository of a root.
func inside(root, p string) string { return strings.TrimPrefix(p, root+"/") }

// allFolders are those of a repository that are not hidden, in the order in which they are walked through.
func (x *expansion) allFolders(root string) []string {
	if folders, known := x.folders[root]; known {
		return folders
	}
	known := map[string]bool{}
	for _, f := range x.world.Tree.Under(root) {
		for dir := path.Dir(inside(root, f.Path)); dir != "." && !known[dir]; dir = path.Dir(dir) {
			known[dir] = true
		}
	}
	folders := []string{}
	for dir := range known {
		if !strings.HasPrefix(dir, ".") && !strings.Contains(dir, "/.") {
			folders = append(folders, dir)
		}
	}
	slices.SortFunc(folders, func(a, b string) int { return slices.Compare(strings.Split(a, "/"), strings.Split(b, "/")) })
	if x.folders == nil {
		x.folders = map[string][]string{}
	}
	x.folders[root] = folders
	return folders
}

// folder is what parameters say of a folder.
func folder(dir string) map[string]any {
	return map[string]any{"path": dir, "basename": path.Base(dir), "basenameNormalized": fill.Normalize(path.Base(dir))}
}

// setFacts adds what parameters say of a path: as an object to Go templates, else by names with dots in them.
func (x *expansion) setFacts(g generator, params, facts map[string]any) {
	prefix, _ := g.object("git")["pathParamPrefix"].(string)
	segments := strings.Split(facts["path"].(string), "/")
	if x.spec.GoTemplate {
		list := make([]any, len(segments))
		for i, segment := range segments {
			list[i] = segment
		}
		if facts["segments"] = list; prefix == "" {
			params["path"] = facts
		} else {
			params[prefix] = map[string]any{"path": facts}
		}
		return
	}
	name := join(prefix, "path")
	for key, text := range facts {
		if key == "path" {
			params[name] = text
		} else {
			params[name+"."+key] = text
		}
	}
	for i, segment := range segments {
		if segment != "" {
			params[fmt.Sprintf("%s[%d]", name, i)] = segment
		}
	}
}

// files gives what stands in the files that a pattern matches and none leaves out.
func (x *expansion) files(g generator, patterns []pattern, yield func(given) error) error {
	matches := make([]pathspec.Pathspec, len(patterns))
	for i, p := range patterns {
		var err error
		if matches[i], err = pathspec.New(p.text); err != nil {
			return x.wrong(p.at, "path %q: %v", p.text, err)
		}
	}
	var all []tree.File
	root := x.root(g)
	for _, f := range x.world.Tree.Under(root) {
		if _, ok := chosen(patterns, func(i int) bool { return matches[i].Matches(inside(root, f.Path)) }); ok {
			all = append(all, f)
		}
	}
	if err := x.absent(g, len(all) > 0); err != nil {
		return err
	}
	for _, f := range all {
		if err := x.file(g, f, yield); err != nil {
			return err
		}
	}
	return nil
}

// file gives the object that a file holds, or each of the objects of its list.
func (x *expansion) file(g generator, f tree.File, yield func(given) error) error {
	objects, places, err := objectsOf(f)
	if err != nil {
		return err
	}
	for i, value := range objects {
		object, ok := value.(map[string]any)
		if !ok && value != nil {
			return Lack{Place: places[i], Text: "a git generator wants an object, or a list of objects"}
		}
		params := x.contents(object)
		facts := folder(path.Dir(inside(x.root(g), f.Path)))
		facts["filename"], facts["filenameNormalized"] = path.Base(f.Path), fill.Normalize(path.Base(f.Path))
		x.setFacts(g, params, facts)
		if err := x.withValues(params, g.object("git")["values"]); err != nil {
			return x.wrong(g.at.With("git", "values"), "%v", err)
		}
		if err := yield(given{params, []manifest.Element{{Place: places[i]}}}); err != nil {
			return err
		}
	}
	return nil
}

// objectsOf reads the first document of a file; one with nothing in it is an object without fields.
func objectsOf(f tree.File) (objects []any, places []manifest.Place, err error) {
	start := manifest.Top(f.Path)
	documents, problems := manifest.Documents(f.Path, f.Data)
	switch {
	case len(documents) == 0 && len(problems) > 0:
		return nil, nil, Lack{Place: problems[0].Place, Text: problems[0].Message}
	case len(documents) == 0:
		return []any{nil}, []manifest.Place{start}, nil
	}
	root := documents[0]
	start.Line, start.Column = root.Line, root.Column
	value, err := manifest.Value(root)
	if err != nil {
		return nil, nil, Lack{Place: start, Text: err.Error()}
	}
	list, ok := value.([]any)
	if !ok {
		return []any{value}, []manifest.Place{start}, nil
	}
	for i := range list {
		n := manifest.Find(root, i)
		places = append(places, manifest.Place{File: f.Path, Line: n.Line, Column: n.Column})
	}
	return list, places, nil
}

// contents gives the parameters in an object of a file: as they are to Go templates, else by their paths.
func (x *expansion) contents(object map[string]any) map[string]any {
	decoded := decoded(object).(map[string]any)
	if x.spec.GoTemplate {
		return decoded
	}
	params := map[string]any{}
	for name, text := range flatten(decoded) {
		params[name] = text
	}
	return params
}

// chosen gives the first pattern that matches; ok is false where none does, or one that leaves out.
func chosen(patterns []pattern, matches func(int) bool) (by pattern, ok bool) {
	for i, p := range patterns {
		switch {
		case p.exclude && matches(i):
			return by, false
		case !p.exclude && !ok && matches(i):
			by, ok = p, true
		}
	}
	return by, ok
}
