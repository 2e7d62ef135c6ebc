package schema

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// subject is a schema, with what judges objects by it.
type subject struct {
	key  schemaKey
	data []byte
	// objects counts those that it is to judge.
	objects int
	// crd is the definition that the schema comes from, as an index of Input.Resources; -1 where it comes from the bundle.
	crd int
	verdicts
}

// assign gives each object the schema that judges it, or counts it among the strangers, which are in the order of their first
// object. Those whose apiVersion is removed are none.
func assign(ctx context.Context, c *Checker, in linter.Input, removed map[int]bool) (map[*manifest.Resource]*subject, []*stranger, error) {
	a := &assigner{
		source:    c.source,
		in:        in,
		removed:   removed,
		run:       func(work func()) error { return watchdog.Run(ctx, c.limits, work) },
		slow:      map[digest]string{},
		customs:   customsOf(in.Resources),
		digests:   map[uintptr]digest{},
		answers:   map[question][]byte{},
		sums:      map[*byte]digest{},
		subjects:  map[schemaKey]*subject{},
		judged:    map[*manifest.Resource]*subject{},
		strangers: map[strangerKey]*stranger{},
	}
	for i, r := range in.Resources {
		if r.Origin.Recorded {
			continue // it lacks fields
		}
		if err := a.assign(i); err != nil {
			return nil, nil, fmt.Errorf("schema of %s %s: %w", r.ID.APIVersion(), r.ID.Kind, err)
		}
	}
	return a.judged, a.strange, nil
}

type assigner struct {
	source Source
	in     linter.Input
	// removed are the objects of which is told that their apiVersion is.
	removed map[int]bool
	// run does what may take long, and slow says what did, by the digests of definitions.
	run       func(work func()) error
	slow      map[digest]string
	customs   map[customKind]int
	digests   map[uintptr]digest  // of definitions, by where their fields are: of charts several clusters have the same
	answers   map[question][]byte // nil where there is no schema
	sums      map[*byte]digest    // of answers, by where they begin
	subjects  map[schemaKey]*subject
	judged    map[*manifest.Resource]*subject
	strangers map[strangerKey]*stranger
	strange   []*stranger
}

type digest [sha256.Size]byte

// schemaKey names a schema. One that was fetched is another one, though the repository has the same: findings tell nothing of it.
type schemaKey struct {
	sum     digest
	fetched bool
}

// question is what the source is asked, about Kubernetes' own kinds or a definition. The same question is asked once.
type question struct {
	kubernetes       string
	crd              digest
	apiVersion, kind string
}

func (a *assigner) assign(i int) error {
	data, crd, err := a.schema(a.in.Resources[i])
	if err != nil {
		return err
	}
	if data == nil {
		if a.removed[i] {
			return nil
		}
		return a.addStranger(i, crd)
	}
	key := schemaKey{sum: a.sum(data), fetched: crd >= 0 && a.in.Resources[crd].Origin.Fetched}
	s, ok := a.subjects[key]
	if !ok {
		s = &subject{key: key, data: data, crd: crd}
		a.subjects[key] = s
	}
	s.objects++
	a.judged[&a.in.Resources[i]] = s
	return nil
}

// schema finds the schema that judges r, nil where there is none, and the definition asked for it, else -1. What the
// cluster itself gets counts first, but for Kubernetes' own kinds; a definition that no cluster gets counts last.
func (a *assigner) schema(r manifest.Resource) (data []byte, crd int, err error) {
	if a.source.Own(r.ID.Group) {
		if data, err := a.bundled(r); data != nil || err != nil {
			return data, -1, err
		}
	}
	key := customKind{cluster: r.Origin.Cluster, group: r.ID.Group, kind: r.ID.Kind}
	if crd, ok := a.customs[key]; ok && a.maySee(crd, r) {
		data, err := a.custom(crd, r.ID)
		return data, crd, err
	}
	data, err = a.bundled(r)
	if data != nil || err != nil {
		return data, -1, err
	}
	key.cluster = ""
	if crd, ok := a.customs[key]; ok && a.maySee(crd, r) {
		data, err := a.custom(crd, r.ID)
		return data, crd, err
	}
	return nil, -1, nil
}

// maySee reports whether a definition may judge an object. One that stands in the tree learns nothing of what was fetched: who
// writes it would by what it lets pass.
func (a *assigner) maySee(crd int, r manifest.Resource) bool {
	return !r.Origin.Fetched || a.in.Resources[crd].Origin.Fetched
}

func (a *assigner) bundled(r manifest.Resource) ([]byte, error) {
	version := a.in.KubernetesOf(r.Origin.Cluster)
	q := question{kubernetes: version, apiVersion: r.ID.APIVersion(), kind: r.ID.Kind}
	return a.ask(q, func() ([]byte, bool, error) { return a.source.Schema(q.apiVersion, q.kind, version) })
}

// custom asks a definition. Clusters often get the same one, and reading it takes time.
func (a *assigner) custom(crd int, id manifest.ID) ([]byte, error) {
	object := a.in.Resources[crd].Object
	sum, ok := a.digests[at(object)]
	if !ok {
		text, err := json.Marshal([]any{object["apiVersion"], object["spec"]})
		if err != nil {
			return nil, err
		}
		sum = sha256.Sum256(text)
		a.digests[at(object)] = sum
	}
	q := question{crd: sum, apiVersion: id.APIVersion(), kind: id.Kind}
	return a.ask(q, func() ([]byte, bool, error) {
		var data []byte
		var found bool
		var err error
		stopped := a.run(func() { data, found, err = a.source.Custom(object, id.Version) })
		var exceeded *watchdog.Exceeded
		if errors.As(stopped, &exceeded) && !exceeded.Memory {
			a.slow[sum] = exceeded.Reason
			return nil, false, nil
		}
		if stopped != nil {
			return nil, false, stopped
		}
		return data, found, err
	})
}

// at is where the fields of an object are.
func at(object map[string]any) uintptr { return reflect.ValueOf(object).Pointer() }

// sum gives the digest of an answer.
func (a *assigner) sum(data []byte) digest {
	known, ok := a.sums[&data[0]]
	if !ok {
		known = sha256.Sum256(data)
		a.sums[&data[0]] = known
	}
	return known
}

func (a *assigner) ask(q question, source func() ([]byte, bool, error)) ([]byte, error) {
	if data, ok := a.answers[q]; ok {
		return data, nil
	}
	data, found, err := source()
	if err != nil {
		return nil, err
	}
	if !found {
		data = nil
	}
	a.answers[q] = data
	return data, nil
}

func (a *assigner) addStranger(i, crd int) (err error) {
	r := a.in.Resources[i]
	key := strangerKey{r.ID.APIVersion(), r.ID.Kind, r.Origin.Fetched}
	s, ok := a.strangers[key]
	if !ok {
		s = &stranger{}
		if s.meant, err = a.meant(r); err != nil {
			return err
		}
		a.strangers[key] = s
		a.strange = append(a.strange, s)
	}
	if s.reason == "" && crd >= 0 && !a.in.Resources[crd].Origin.Fetched {
		its := "its " + a.in.Resources[crd].ID.Kind
		s.reason = fmt.Sprintf("%s does not serve %s", its, r.ID.Version)
		if d, _ := definitionOf(a.in.Resources[crd]); slices.Contains(d.versions(a.in.Resources[crd].Object), r.ID.Version) {
			s.reason = fmt.Sprintf("%s has no schema of %s, and the API server takes none without", its, r.ID.Version)
		}
		if slow := a.slow[a.digests[at(a.in.Resources[crd].Object)]]; slow != "" {
			s.reason = its + " was not read: " + slow
		}
	}
	s.objects = append(s.objects, i)
	return nil
}
