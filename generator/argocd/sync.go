package argocd

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// The annotations that Argo CD reads of the objects that it applies.
const (
	WaveAnnotation         = "argocd.argoproj.io/sync-wave"
	OptionsAnnotation      = "argocd.argoproj.io/sync-options"
	CompareAnnotation      = "argocd.argoproj.io/compare-options"
	HookAnnotation         = "argocd.argoproj.io/hook"
	DeletePolicyAnnotation = "argocd.argoproj.io/hook-delete-policy"
)

// Sync is what an object says of how and when Argo CD applies it.
type Sync struct {
	// Wave is that of the object within its phase, the weight of a hook of Helm's among them.
	Wave int
	// Hooks are the phases in which the object is applied as a hook; it is none where there are none.
	Hooks []Phase
	// HelmHooks are those that Argo CD makes of Helm's; they count in an Application that has no Hooks at all.
	HelmHooks []Phase
	// DeletePolicies say when a hook is deleted: HookSucceeded, HookFailed, BeforeHookCreation.
	DeletePolicies []string
	// Options are those of the object; the Application has options, too.
	Options Options
	// Compare are the options of comparing it with what is live.
	Compare Options
}

// IsHook reports whether Argo CD applies the object as a hook, which it makes anew for each sync and does not prune.
func (s Sync) IsHook() bool { return len(s.Hooks)+len(s.HelmHooks) > 0 }

// Options are texts such as Prune=false, as they stand there.
type Options []string

// Has reports whether an option is set, with just this value: "ServerSideApply=true".
func (o Options) Has(option string) bool { return slices.Contains(o, option) }

// Value gives the value of the first option of a name.
func (o Options) Value(name string) (value string, ok bool) {
	for _, option := range o {
		if value, ok = strings.CutPrefix(option, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// Phase is when within a sync an object is applied.
type Phase string

// The phases, in order. Objects of the last four are applied when something fails or is deleted, or never.
const (
	PreSync    Phase = "PreSync"
	InSync     Phase = "Sync"
	PostSync   Phase = "PostSync"
	SyncFail   Phase = "SyncFail"
	PreDelete  Phase = "PreDelete"
	PostDelete Phase = "PostDelete"
	Skip       Phase = "Skip"
)

var phases = []Phase{PreSync, InSync, PostSync, SyncFail, PreDelete, PostDelete, Skip}

// Order tells the place of a phase among the others; -1 where it is none.
func (p Phase) Order() int { return slices.Index(phases, p) }

// helmPhases are what Argo CD makes of Helm's hooks. Those of tests and rollbacks it never runs.
var helmPhases = map[string]Phase{
	"pre-install": PreSync, "pre-upgrade": PreSync, "post-install": PostSync, "post-upgrade": PostSync,
	"pre-delete": PreDelete, "post-delete": PostDelete, "crd-install": InSync,
	"test": Skip, "test-success": Skip, "pre-rollback": Skip, "post-rollback": Skip,
}

var deletePolicies = []string{"HookSucceeded", "HookFailed", "BeforeHookCreation"}

// ReadSync reads the annotations of an object. What Argo CD would pass over without a word is a problem.
func ReadSync(res manifest.Resource) (Sync, []manifest.Problem) {
	r := reader{resource: res}
	s := Sync{Options: r.list(OptionsAnnotation), Compare: r.list(CompareAnnotation), Wave: r.wave()}
	for _, hook := range r.list(HookAnnotation) {
		if !slices.Contains(phases, Phase(hook)) {
			r.tellAnnotation(HookAnnotation, hook)
			continue
		}
		s.Hooks = append(s.Hooks, Phase(hook))
	}
	for _, hook := range r.list("helm.sh/hook") {
		if phase, ok := helmPhases[hook]; ok && !slices.Contains(s.HelmHooks, phase) {
			s.HelmHooks = append(s.HelmHooks, phase)
		}
	}
	for _, policy := range r.list(DeletePolicyAnnotation) {
		if !slices.Contains(deletePolicies, policy) {
			r.tellAnnotation(DeletePolicyAnnotation, policy)
			continue
		}
		s.DeletePolicies = append(s.DeletePolicies, policy)
	}
	return s, r.problems
}

// wave reads the object's wave, or the weight of Helm's hook.
func (r *reader) wave() int {
	for _, name := range []string{WaveAnnotation, "helm.sh/hook-weight"} {
		text := r.annotation(name)
		wave, err := strconv.Atoi(text)
		if err == nil {
			return wave
		}
		if text != "" && name == WaveAnnotation {
			r.tellAnnotation(name, text)
		}
	}
	return 0
}

// wanted are what annotations may say.
var wanted = map[string]string{
	WaveAnnotation:         "a whole number",
	HookAnnotation:         "PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete or Skip",
	DeletePolicyAnnotation: strings.Join(deletePolicies, ", "),
}

func (r *reader) tellAnnotation(name, text string) {
	r.tell(manifest.Path{"metadata", "annotations", name}, "annotation %s: got %q, want %s", name, text, wanted[name])
}
