package schema

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// located is a finding about the resource with an index.
type located struct {
	resource int
	finding  linter.Finding
}

// judgeAll judges the objects of all subjects, several subjects at once. An object that is rendered for several
// clusters has each fault once.
func judgeAll(ctx context.Context, f folder, resources []manifest.Resource, subjects []*subject) ([]linter.Finding, error) {
	largest := slices.Clone(subjects)
	slices.SortStableFunc(largest, func(a, b *subject) int { return cmp.Compare(len(b.objects), len(a.objects)) })
	found := make([][]located, len(largest))
	errs := make([]error, len(largest))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(largest)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(largest); i = int(next.Add(1)) - 1 {
				found[i], errs[i] = judgeSubject(ctx, f, resources, largest[i])
			}
		})
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	all := slices.Concat(found...)
	slices.SortStableFunc(all, func(a, b located) int { return cmp.Compare(a.resource, b.resource) })
	return withoutDoubles(all), nil
}

func withoutDoubles(all []located) []linter.Finding {
	type key struct {
		place   manifest.Place
		object  manifest.ID
		message string
	}
	seen := map[key]bool{}
	var findings []linter.Finding
	for _, l := range all {
		k := key{l.finding.Place, l.finding.Resource.ID, l.finding.Message}
		if !seen[k] {
			seen[k] = true
			findings = append(findings, l.finding)
		}
	}
	return findings
}

// errNoCompile says that kubeconform cannot use a schema. It does not say why.
var errNoCompile = errors.New("the schema does not compile")

func judgeSubject(ctx context.Context, f folder, resources []manifest.Resource, s *subject) ([]located, error) {
	first := resources[s.objects[0]].ID
	j, err := newJudge(f, s.data)
	if err != nil {
		return nil, fmt.Errorf("schema of %s %s: %w", first.APIVersion(), first.Kind, err)
	}
	var found []located
	for _, i := range s.objects {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := &resources[i]
		faults, err := j.faults(r.Object)
		if errors.Is(err, errNoCompile) && s.crd >= 0 {
			return []located{{s.crd, badDefinition(&resources[s.crd], first.Version, len(s.objects))}}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("schema of %s %s: %w", r.ID.APIVersion(), r.ID.Kind, err)
		}
		for _, f := range faults {
			found = append(found, located{i, f.finding(r)})
		}
	}
	return found, nil
}

// badDefinition tells of a CustomResourceDefinition whose schema nothing can be judged by.
func badDefinition(r *manifest.Resource, version string, objects int) linter.Finding {
	return linter.Finding{
		Rule:     invalid,
		Message:  fmt.Sprintf("spec.versions: the schema of %s is no valid schema, %s", version, notJudged(objects)),
		Place:    r.Place("spec", "versions"),
		Resource: r,
		Detail:   "spec.versions",
	}
}

// judge judges objects by one schema.
type judge struct {
	validator validator.Validator
	schema    shape
}

func newJudge(f folder, data []byte) (*judge, error) {
	path, err := f.put(data)
	if err != nil {
		return nil, err
	}
	v, err := validator.New([]string{path}, validator.Opts{Strict: true})
	if err != nil {
		return nil, err
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	return &judge{validator: v, schema: shape{root}}, nil
}

// faults lists what is wrong with an object, sorted by field.
func (j *judge) faults(object map[string]any) ([]fault, error) {
	object, encrypted := decrypted(object)
	data, err := encode(object)
	if err != nil {
		return nil, err
	}
	result := j.validator.ValidateResource(resource.Resource{Bytes: data})
	var faults []fault
	switch {
	case result.Status == validator.Valid:
	case result.Status == validator.Invalid:
		faults = explain(parseAnswer(result.Err.Error()), object, j.schema)
	case strings.HasPrefix(result.Err.Error(), "could not find schema"):
		return nil, errNoCompile
	default:
		return nil, result.Err
	}
	second := secondLook{schema: j.schema, encrypted: encrypted}
	second.look(j.schema.resolve(j.schema.root), object)
	faults = append(faults, second.faults...)
	slices.SortStableFunc(faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.detail(), b.detail()), cmp.Compare(a.text, b.text))
	})
	return faults, nil
}

// decrypted gives an object without what SOPS adds to it, and says whether that was there.
func decrypted(object map[string]any) (plain map[string]any, encrypted bool) {
	sops, _ := object["sops"].(map[string]any)
	if _, ok := sops["mac"]; !ok {
		return object, false
	}
	plain = maps.Clone(object)
	delete(plain, "sops")
	return plain, true
}

// encode writes an object as JSON that is YAML, too: YAML forbids some characters that JSON does not.
func encode(object map[string]any) ([]byte, error) {
	data, err := json.Marshal(object)
	if err != nil || !bytes.ContainsFunc(data, notYAML) {
		return data, err
	}
	var escaped bytes.Buffer
	for _, r := range string(data) {
		if notYAML(r) {
			fmt.Fprintf(&escaped, `\u%04x`, r)
		} else {
			escaped.WriteRune(r)
		}
	}
	return escaped.Bytes(), nil
}

func notYAML(r rune) bool { return r >= 0x7f && r <= 0x9f || r == 0xfffe || r == 0xffff }
