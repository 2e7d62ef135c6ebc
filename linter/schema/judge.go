package schema

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema/verdict"
)

// session is what judges the objects of one run.
type session struct {
	folder    verdict.Folder
	resources []manifest.Resource
	subjects  map[*manifest.Resource]*subject
	limits    watchdog.Limits
}

// verdicts are what is known of judging by a schema. Several goroutines ask at once.
type verdicts struct {
	mutex sync.Mutex
	judge *verdict.Judge
	// broken says that nothing can be judged by the schema; givenUp counts the objects that were given up on.
	broken  bool
	givenUp int
}

// defaultLimits are what judging one object may take: the largest of ours takes a tenth of a second.
var defaultLimits = watchdog.Limits{Time: 10 * time.Second, Memory: 1 << 30}

// maxGivenUp is how many objects of one schema are given up on before the others are: what is given up on goes on working.
const maxGivenUp = 3

// maxFaults is how many faults of one object are told. To find the place of each takes time that grows with the object.
const maxFaults = 100

// key names the schema of an object. What was fetched is judged alone: how many objects do not match tells of the schema.
func (s *session) key(r *manifest.Resource) string {
	if sub := s.subjects[r]; sub != nil && !s.fetched(sub.crd) {
		return string(sub.key.sum[:])
	}
	return ""
}

// judge judges one object. What is told once of a schema is told by once: a finding without a message says that the object was
// left out.
func (s *session) judge(ctx context.Context, r *manifest.Resource) ([]linter.Finding, error) {
	sub := s.subjects[r]
	if sub == nil {
		return nil, nil
	}
	j, left, err := s.open(sub)
	if j == nil || err != nil {
		return left, schemaError(r, err)
	}
	faults, err := s.faults(ctx, sub, j, r.Object)
	var exceeded *watchdog.Exceeded
	switch {
	case errors.Is(err, verdict.ErrNoCompile) && sub.crd >= 0:
		sub.mutex.Lock()
		defer sub.mutex.Unlock()
		sub.broken = true
		return nil, nil
	case errors.As(err, &exceeded) && !exceeded.Memory:
		sub.mutex.Lock()
		defer sub.mutex.Unlock()
		sub.givenUp++
		return []linter.Finding{{Rule: invalid, Message: notDone + exceeded.Reason}}, nil
	case err != nil:
		return nil, schemaError(r, err)
	}
	if more := len(faults) - maxFaults; more > 0 {
		faults = append(faults[:maxFaults:maxFaults], verdict.Fault{Message: wording.Count(more, "more fault") + " " + verb(more) + " not told one by one"})
	}
	found := make([]linter.Finding, len(faults))
	for i, f := range faults {
		found[i] = linter.Finding{Rule: invalid, Message: f.Message, At: f.At, Named: f.Named, Detail: f.At.String(), Fix: f.Fix}
	}
	return found, nil
}

// isPassing reports whether nothing, or not all, can be judged by the schema of an object: that is told once of the schema.
func (s *session) isPassing(r *manifest.Resource) bool {
	sub := s.subjects[r]
	sub.mutex.Lock()
	defer sub.mutex.Unlock()
	return sub.broken || sub.givenUp > 0
}

// notDone is how a finding about an object begins that was given up on.
const notDone = "not judged: "

func schemaError(r *manifest.Resource, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("schema of %s %s: %w", r.ID.APIVersion(), r.ID.Kind, err)
}

// open gives what judges by a schema, or says that the object is left out.
func (s *session) open(sub *subject) (j *verdict.Judge, left []linter.Finding, err error) {
	sub.mutex.Lock()
	defer sub.mutex.Unlock()
	switch {
	case sub.broken:
		return nil, nil, nil
	case sub.givenUp >= maxGivenUp:
		return nil, []linter.Finding{{Rule: invalid}}, nil
	case sub.verdicts.judge == nil:
		sub.verdicts.judge, err = s.folder.Judge(sub.data)
	}
	return sub.verdicts.judge, nil, err
}

// once tells what is told once of a schema: that it is none, how many objects were left out, and the first finding alone of one
// that was fetched.
func (s *session) once(findings []linter.Finding) []linter.Finding {
	left, told := map[*subject]int{}, map[*subject]bool{}
	for _, f := range findings {
		if f.Message == "" {
			left[s.subjects[f.Resource]]++
		}
	}
	var all []linter.Finding
	for _, f := range slices.Backward(findings) {
		sub := s.subjects[f.Resource]
		if n := left[sub]; n > 0 && strings.HasPrefix(f.Message, notDone) {
			f.Message += "; of this kind " + wording.Count(n, "more object") + " " + verb(n) + " not judged"
			left[sub] = 0
		}
		if f.Message != "" {
			all = append(all, f)
		}
	}
	slices.Reverse(all)
	all = slices.DeleteFunc(all, func(f linter.Finding) bool {
		sub := s.subjects[f.Resource]
		again := told[sub] && s.fetched(sub.crd)
		told[sub] = true
		return again
	})
	for i, f := range all {
		all[i] = s.hidden(f, s.subjects[f.Resource])
	}
	for i := range s.resources {
		if sub := s.subjects[&s.resources[i]]; sub != nil && sub.broken && !told[sub] {
			told[sub] = true
			all = append(all, badDefinition(&s.resources[sub.crd], s.resources[i].ID.Version, sub.objects))
		}
	}
	return all
}

// withoutDoubles tells once what several objects of one name have in one place, and what an ApplicationSet has in its template, which
// its Applications have, too.
func withoutDoubles(all []linter.Finding) []linter.Finding {
	type field struct {
		place  manifest.Place
		detail string
	}
	templates := map[field]bool{}
	for _, f := range all {
		if detail, ok := strings.CutPrefix(f.Detail, "spec.template."); ok && f.Resource.ID.Kind == "ApplicationSet" {
			templates[field{f.Place, detail}] = true
		}
	}
	type key struct {
		place   manifest.Place
		object  manifest.ID
		message string
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(all, func(f linter.Finding) bool {
		k := key{f.Place, f.Resource.ID, f.Message}
		again := seen[k] || f.Resource.Origin.Set != nil && templates[field{f.Place, f.Detail}]
		seen[k] = true
		return again
	})
}

// faults judges an object. Where the tree brings the schema, or there are rules in it, it gives up on one that takes too much: what
// a function of a rule takes may grow with the number that a text says. What others take grows with the object, and a watchdog
// beside each of many would take a quarter of the time.
func (s *session) faults(ctx context.Context, sub *subject, j *verdict.Judge, object map[string]any) ([]verdict.Fault, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var faults []verdict.Fault // what is given up on writes here, and nobody reads it
	var err error
	work := func() { faults, err = j.Faults(ctx, object) }
	var stopped error
	if sub.crd < 0 && !j.HasRules() {
		stopped = watchdog.Safely(work)
	} else {
		stopped = watchdog.Run(ctx, s.limits, work)
	}
	if stopped != nil {
		return nil, stopped
	}
	return faults, err
}

// fetched reports whether a definition is, or may be, what stood at a URL.
func (s *session) fetched(crd int) bool { return crd >= 0 && s.resources[crd].Origin.Fetched }

// hidden makes a finding one about what is fetched, where the schema is: it says what the schema says. It stands where the
// URL does, for its place tells which values the schema takes.
func (s *session) hidden(f linter.Finding, sub *subject) linter.Finding {
	if !s.fetched(sub.crd) {
		return f
	}
	r := *f.Resource
	r.Origin.Fetched = true
	f.Resource, f.Place = &r, s.resources[sub.crd].Origin.Place
	return f
}
