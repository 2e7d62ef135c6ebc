package kustomize

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var (
	// remote matches what kustomize would fetch: by HTTP, or with Git.
	remote = regexp.MustCompile(`(?i)^(git::)?([a-z][a-z0-9+.-]*://|[a-z][a-z0-9-]*@|(www\.)?github\.com[/:])`)
	// byHTTP matches URLs of files, inGit those by HTTP that are of a repository all the same.
	byHTTP = regexp.MustCompile(`(?i)^https?:`)
	inGit  = regexp.MustCompile(`\.git(/|\?|$)|[?&](ref|version)=|^https?://(www\.)?github\.com/[^/]+/[^/]+(/?$|//|/tree/)|^https?://[^/]+/.*//`)
	// fileURL matches URLs that cannot be of anything else than a file.
	fileURL = regexp.MustCompile(`\.(ya?ml|json)$`)
)

// Untold stands for an error that may quote what was fetched.
const Untold = "it does not work with what was fetched by URL; --show-fetched says why"

// IsRemote reports whether kustomize would fetch what is called so, if no file were.
func IsRemote(name string) bool { return remote.MatchString(name) }

// IsFileURL reports whether a URL is that of a file, and not of a repository of Git.
func IsFileURL(url string) bool { return byHTTP.MatchString(url) && !inGit.MatchString(url) }

// Remote is a file that a kustomization names by its URL.
type Remote struct {
	URL string
	// Place is where it is named.
	Place manifest.Place

	// visit and index tell in which of the files it is which of the references.
	visit, index int
	reference    kustomization.Reference
	scope        scope
}

// isRemote reports whether kustomize would fetch what a kustomization names. A URL it fetches though a file be called so;
// what looks like a repository of Git only where no file is.
func (w *Whole) isRemote(k kustomization.File, ref kustomization.Reference) bool {
	_, here := w.source.Tree.File(path.Join(k.Dir, ref.Name))
	return ref.Use != kustomization.AsInline && (byHTTP.MatchString(ref.Name) || !here && IsRemote(ref.Name))
}

// Bring gives the file at an index of w.Remotes. It is looked at as what stands in the repository.
func (w *Whole) Bring(i int, data []byte) {
	w.fetched[i] = data
	r := w.Remotes[i]
	if r.reference.Use == kustomization.AsData {
		return
	}
	objects, problems := manifest.Parse(r.URL, data)
	for _, p := range problems {
		if !fileURL.MatchString(r.URL) {
			w.Block(Reason{chart.Location(r.URL) + " is no YAML", AFile}) // a page about a repository, say
			return
		}
		if w.Secret {
			p.Message = "it is not the YAML of objects; --show-fetched says why"
		}
		p.Place.File = chart.Location(r.URL)
		w.Fail(r.Place, "%s: %s", p.Place, p.Message)
	}
	for _, res := range unfold(objects) {
		if r.reference.Use == kustomization.AsConfig || r.scope.config {
			w.config(res)
		}
		if r.reference.Use == kustomization.AsResource {
			res.Origin = manifest.Origin{Place: r.Place} // no file of the repository holds it
			w.origins.add(res, r.scope)
		}
	}
}

// local is the path below the kustomization under which kustomize finds a file that was brought.
func (r Remote) local() string { return fmt.Sprintf("%s/remote-%d.yaml", chartsDir, r.index) }

// localised gives the kustomization of a visit with paths in place of URLs, where what they name is here. changed says that there is
// such.
func (w *Whole) localised(visit int) (k types.Kustomization, changed bool, err error) {
	k = w.files[visit].Kustomization
	names := w.names(visit)
	if len(names) == 0 {
		return k, false, nil
	}
	text, err := json.Marshal(k)
	if err != nil {
		return k, false, err
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return k, false, err
	}
	for _, n := range names {
		put(fields, n.at, n.is, n.key)
	}
	if text, err = json.Marshal(fields); err != nil {
		return k, false, err
	}
	k = types.Kustomization{}
	err = json.Unmarshal(text, &k)
	return k, true, err
}

// put sets a name in a kustomization. Where it is the file of a generator, its key stays what it was.
func put(fields any, at []any, name, key string) {
	last := len(at) - 1
	if last > 0 && at[last-1] == "files" {
		text, _ := manifest.Dig(fields, at...).(string)
		if given, _, ok := strings.Cut(text, "="); ok {
			key = given
		}
		name = key + "=" + name
	}
	switch parent := manifest.Dig(fields, at[:last]...).(type) {
	case map[string]any:
		parent[at[last].(string)] = name
	case []any:
		parent[at[last].(int)] = name
	}
}
