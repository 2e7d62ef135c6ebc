package rules

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesConfig = linter.Rule{
	ID:          "references/config",
	Title:       "A ConfigMap or Secret that a pod needs is not there, or lacks a key",
	Description: "Name one of the pod's own namespace and a key that it has, or add it. What a person or another repository makes stands under lint.external in gitopsgen.yaml.",
	Rationale:   "The pod does not start: it waits for the object, or for the key, for ever.",
	Severity:    always,
	Check:       everywhere(checkConfig),
}

func checkConfig(s *scene) {
	for _, p := range s.Pods() {
		lacking := map[manifest.ID]bool{}
		for _, ref := range p.Config() {
			objects := s.Find(ref.To)
			switch {
			case slices.Contains(everyNamespace, ref.To.Name), lacking[ref.To]:
			case len(objects) == 0:
				lacking[ref.To] = true
				s.lacks(p.Maker, ref.To, linter.Finding{
					Message: fmt.Sprintf("there is no %s %q in the namespace %q%s", ref.To.Kind, ref.To.Name, ref.To.Namespace, s.Meant(ref.To)), At: ref.At,
				})
			case ref.Key != "":
				s.key(p, ref, objects)
			}
		}
	}
}

// everyNamespace are the ConfigMaps that every namespace has.
var everyNamespace = []string{"kube-root-ca.crt", "openshift-service-ca.crt"}

// key tells of a key that none of the objects has which bear the name.
func (s *scene) key(p *cluster.Pod, ref cluster.Reference, objects []*manifest.Resource) {
	var known []string
	lacks := func(r *manifest.Resource) bool {
		keys, all := cluster.Keys(r)
		known = append(known, keys...)
		return all && !slices.Contains(keys, ref.Key)
	}
	if !every(objects, lacks) {
		return
	}
	s.tell(p.Maker, linter.Finding{
		Message: fmt.Sprintf("the %s %q has no key %q%s", ref.To.Kind, ref.To.Name, ref.Key, cluster.Nearest(ref.Key, known)), At: ref.KeyAt,
		Related: []linter.Related{{Place: objects[0].Place("data"), Message: "what the " + ref.To.Kind + " holds"}},
	})
}
