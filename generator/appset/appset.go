// Package appset makes the Applications of an ApplicationSet, as Argo CD 3.4 does, from what stands in a repository.
//
// It knows generators, templates and the tree, and nothing of what an Application renders to. It reads no file, no environment
// and no network.
package appset

import (
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// World is what a set sees.
type World struct {
	Tree tree.Tree
	// Absent says why a revision of a repository is not what stands here; it is nil where it does. found says that what a
	// generator asks for is here. A nil function has everything here.
	Absent func(repoURL, revision string, found bool) *Lack
	// Root gives the folder of the tree that a repository is; nil has all at the tree's own root.
	Root func(repoURL string) string
	// Clusters are those that Argo CD knows, in any order. That of Argo CD itself is added where it is not among them.
	Clusters []Cluster
	// Fixtures are what generators are taken to give that ask what no repository says.
	Fixtures []Fixture
}

// Expansion is what a set makes.
type Expansion struct {
	// Applications stand in the order of the generators. The Origin of each has its place in the template, and the Set.
	Applications []manifest.Resource
	// Lacks say what keeps more of them from being made, Notes what had to be assumed.
	Lacks []Lack
	Notes []string
	// Asked are the kinds of generators that fixtures were looked for.
	Asked []string
}

// Lack is what keeps a generator from giving something, or a template from being filled in.
type Lack struct {
	Kind  LackKind
	Place manifest.Place
	Text  string
}

// Error gives the place and the text.
func (l Lack) Error() string { return fmt.Sprintf("%s: %s", l.Place, l.Text) }

// LackKind is the kind of a lack.
type LackKind int

// The kinds of lacks.
const (
	// Wrong is what Argo CD refuses, too.
	Wrong LackKind = iota
	// NotHere is a state of this repository that is not what stands here.
	NotHere
	// Clusterless is that no cluster is declared here.
	Clusterless
	// Elsewhere is what another repository says.
	Elsewhere
	// Unsaid is what a generator asks that no repository says, and no fixture.
	Unsaid
)

// What one set may make, and what its generators may give for it: selectors leave some of that out.
const (
	maxApplications = 10_000
	maxGiven        = 100_000
)

// maxLacks is how many lacks of one set are told: what is wrong with one element is often wrong with all.
const maxLacks = 20

// errTooMany ends an expansion.
var errTooMany = errors.New("too many")

// Expand makes the Applications of a set. It does not bound how long a template takes.
func Expand(set manifest.Resource, w World) Expansion {
	read, _ := argocd.ReadApplicationSet(set) // whoever judges the set tells of fields of another type
	x := &expansion{set: set, spec: read.Spec, world: w, names: map[string]bool{}}
	var err error
	if x.engine, err = fill.New(x.spec.GoTemplate, x.spec.GoTemplateOptions); err != nil {
		x.lack(x.wrong(manifest.Path{"spec", "goTemplateOptions"}, "%v", err))
		return x.out
	}
	for i := range x.spec.Generators {
		if err := x.generator(i); errors.Is(err, errTooMany) {
			return Expansion{Lacks: []Lack{x.wrong(manifest.Path{"spec", "generators", i}, "%s", x.tooMany)}}
		}
	}
	return x.out
}

// expansion is the work on one set.
type expansion struct {
	set    manifest.Resource
	spec   argocd.ApplicationSetSpec
	world  World
	engine *fill.Engine
	// given counts what generators gave, names are those of the Applications.
	given   int
	names   map[string]bool
	tooMany string
	out     Expansion
	// folders are those of repositories by their roots, worked out once.
	folders map[string][]string
}

// generator is one entry of generators, with its place in the set.
type generator struct {
	fields map[string]any
	at     manifest.Path
	// depth is how many generators it stands in.
	depth int
}

// given is what a generator gives for one Application.
type given struct {
	params map[string]any
	of     []manifest.Element
}

func (x *expansion) wrong(at manifest.Path, format string, args ...any) Lack {
	return Lack{Kind: Wrong, Place: x.set.Place(at...), Text: fmt.Sprintf(format, args...)}
}

// lack notes an error once.
func (x *expansion) lack(err error) {
	var l Lack
	if !errors.As(err, &l) {
		l = x.wrong(manifest.Path{"spec", "generators"}, "%v", err)
	}
	if len(x.out.Lacks) < maxLacks && !slices.Contains(x.out.Lacks, l) {
		x.out.Lacks = append(x.out.Lacks, l)
	}
}

// generator makes the Applications of one entry. The error is errTooMany; all else is a lack.
func (x *expansion) generator(i int) error {
	g := generator{fields: x.spec.Generators[i], at: manifest.Path{"spec", "generators", i}}
	kinds := g.kinds()
	if len(kinds) == 0 {
		x.lack(x.wrong(g.at, "it is no generator that Argo CD knows"))
	}
	for _, kind := range kinds {
		d := x.draft(g, kind)
		err := x.each(g, kind, nil, func(one given) error {
			if len(x.out.Applications) == maxApplications {
				x.tooMany = fmt.Sprintf("it makes more than %d Applications", maxApplications)
				return errTooMany
			}
			if err := x.application(d, one); err != nil {
				x.lack(err)
			}
			return nil
		})
		if errors.Is(err, errTooMany) {
			return err
		}
		if err != nil {
			x.lack(err)
		}
	}
	return nil
}

// application makes one Application of a draft.
func (x *expansion) application(d draft, one given) error {
	object, err := x.fill(d, one.params)
	if err != nil {
		return err
	}
	res := manifest.Resource{ID: manifest.NewID(object), Object: object, Origin: x.set.Origin}
	res.Origin.Document, res.Origin.Place = d.document, x.set.Place()
	res.Origin.Set = &manifest.Set{Name: x.set.ID.Name, Place: x.set.Place(), Elements: one.of}
	at := res.Place("metadata", "name")
	switch {
	case x.names[res.ID.Name]:
		return Lack{Place: at, Text: fmt.Sprintf("it makes more than one Application %q", res.ID.Name)}
	case len(validation.IsDNS1123Subdomain(res.ID.Name)) > 0:
		return Lack{Place: at, Text: fmt.Sprintf("it makes an Application %q: want lower case letters, digits, - and . in its name", res.ID.Name)}
	}
	x.names[res.ID.Name] = true
	x.out.Applications = append(x.out.Applications, res)
	return nil
}
