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
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// located is a finding about the resource with an index.
type located struct {
	resource int
	finding  linter.Finding
}

// session is what judges the objects of one run.
type session struct {
	folder    folder
	resources []manifest.Resource
	limits    watchdog.Limits
}

// judgeAll judges the objects of all subjects, several subjects at once. An object that is rendered for several
// clusters has each fault once.
func (s session) judgeAll(ctx context.Context, subjects []*subject) ([]linter.Finding, error) {
	largest := slices.Clone(subjects)
	slices.SortStableFunc(largest, func(a, b *subject) int { return cmp.Compare(len(b.objects), len(a.objects)) })
	found := make([][]located, len(largest))
	errs := make([]error, len(largest))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(largest)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(largest); i = int(next.Add(1)) - 1 {
				found[i], errs[i] = s.judgeSubject(ctx, largest[i])
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

// defaultLimits are what judging one object may take: the largest of ours takes a tenth of a second.
var defaultLimits = watchdog.Limits{Time: 10 * time.Second, Memory: 1 << 30}

// maxGivenUp is how many objects of one schema are given up on before the others are: what is given up on goes on working.
const maxGivenUp = 3

func (s session) judgeSubject(ctx context.Context, sub *subject) ([]located, error) {
	first := s.resources[sub.objects[0]].ID
	j, err := newJudge(s.folder, sub.data)
	if err != nil {
		return nil, fmt.Errorf("schema of %s %s: %w", first.APIVersion(), first.Kind, err)
	}
	var found []located
	givenUp := 0
	for n, i := range sub.objects {
		r := &s.resources[i]
		faults, err := s.faults(ctx, j, r.Object)
		var stopped *watchdog.Exceeded
		switch {
		case errors.Is(err, errNoCompile) && sub.crd >= 0:
			return []located{{sub.crd, badDefinition(&s.resources[sub.crd], first.Version, len(sub.objects))}}, nil
		case errors.As(err, &stopped) && !stopped.Memory:
			if givenUp++; givenUp == maxGivenUp {
				return append(found, located{i, s.hidden(notDone(r, stopped.Reason, len(sub.objects)-n-1), sub)}), nil
			}
			found = append(found, located{i, s.hidden(notDone(r, stopped.Reason, 0), sub)})
		case err != nil:
			return nil, fmt.Errorf("schema of %s %s: %w", r.ID.APIVersion(), r.ID.Kind, err)
		}
		for _, f := range faults {
			found = append(found, located{i, s.hidden(f.finding(r), sub)})
		}
		if len(found) > 0 && s.fetched(sub.crd) {
			return found[:1], nil // how many there are tells of the schema
		}
	}
	return found, nil
}

// faults judges an object, and gives up on it where it takes too much.
func (s session) faults(ctx context.Context, j *judge, object map[string]any) ([]fault, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var faults []fault
	var err error
	if stopped := watchdog.Run(ctx, s.limits, func() { faults, err = j.faults(object) }); stopped != nil {
		return nil, stopped
	}
	return faults, err
}

// notDone is the finding about an object that was given up on, and the rest of its kind with it.
func notDone(r *manifest.Resource, reason string, rest int) linter.Finding {
	message := "not judged: " + reason
	if rest > 0 {
		message += "; of this kind " + plural(strconv.Itoa(rest), "more object") + " " + verb(rest) + " not judged"
	}
	return linter.Finding{Rule: invalid, Message: message, Place: r.Place(), Resource: r}
}

// fetched reports whether a CustomResourceDefinition is, or may be, what stood at a URL.
func (s session) fetched(crd int) bool { return crd >= 0 && s.resources[crd].Origin.Fetched }

// hidden makes a finding one about what is fetched, where the schema is: it says what the schema says. It stands where the
// URL does, for its place tells which values the schema takes.
func (s session) hidden(f linter.Finding, sub *subject) linter.Finding {
	if !s.fetched(sub.crd) {
		return f
	}
	r := *f.Resource
	r.Origin.Fetched = true
	f.Resource, f.Place = &r, s.resources[sub.crd].Origin.Place
	return f
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
