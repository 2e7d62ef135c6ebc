// Package size sums what objects ask for: cpu, memory and claims, in the cluster and on each machine.
//
// It knows quantities, workloads and what operators make pods of. It renders nothing, and knows no component by its name.
package size

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Size is what pods and claims ask for: cpu in cores, memory and claims in bytes.
type Size struct{ CPU, CPULimit, Memory, MemoryLimit, Claims float64 }

// Plus adds two sizes.
func (s Size) Plus(o Size) Size {
	return Size{s.CPU + o.CPU, s.CPULimit + o.CPULimit, s.Memory + o.Memory, s.MemoryLimit + o.MemoryLimit, s.Claims + o.Claims}
}

// Times is a size n times.
func (s Size) Times(n float64) Size {
	return Size{s.CPU * n, s.CPULimit * n, s.Memory * n, s.MemoryLimit * n, s.Claims * n}
}

// largest takes the larger of each: what starts a pod and is gone when it runs asks for the same room.
func (s Size) largest(o Size) Size {
	return Size{max(s.CPU, o.CPU), max(s.CPULimit, o.CPULimit), max(s.Memory, o.Memory), max(s.MemoryLimit, o.MemoryLimit), max(s.Claims, o.Claims)}
}

// Cores writes cpu, in cores.
func Cores(n float64) string { return strconv.FormatFloat(math.Round(n*1000)/1000, 'f', -1, 64) }

// Bytes writes memory or claims. It rounds up: what does not fit is not to look as if it did.
func Bytes(n float64) string {
	return strconv.FormatFloat(math.Ceil(n/(1<<30)*100)/100, 'f', -1, 64) + " GiB"
}

// Platform is what something asks for in the cluster, and beside that on each machine.
type Platform struct{ Once, Each Size }

// Plus adds two platforms.
func (p Platform) Plus(o Platform) Platform {
	return Platform{p.Once.Plus(o.Once), p.Each.Plus(o.Each)}
}

// On is what it asks for where there are so many machines.
func (p Platform) On(machines int) Size { return p.Once.Plus(p.Each.Times(float64(machines))) }

// Sum is what objects ask for.
type Sum struct {
	// ByComponent has those alone that ask for something.
	ByComponent map[string]Platform
	// Unread are custom resources that operators may make pods of, and of which it is not known what these ask for. Sorted.
	Unread []manifest.ID
}

// Whole adds up all components.
func (s Sum) Whole() (whole Platform) {
	for _, one := range s.ByComponent {
		whole = whole.Plus(one)
	}
	return whole
}

// Of sums what objects ask for. An error is a quantity that is none.
func Of(resources []manifest.Resource) (Sum, error) {
	s := Sum{ByComponent: map[string]Platform{}}
	for _, res := range resources {
		r := reader{}
		one, known := r.object(res)
		if r.err != nil {
			return s, fmt.Errorf("%s: %s: %w", res.Origin.Place, res.ID, r.err)
		}
		if !known && sized(res.Object["spec"]) {
			s.Unread = append(s.Unread, res.ID)
		}
		if name := res.Origin.Component; one != (Platform{}) {
			s.ByComponent[name] = s.ByComponent[name].Plus(one)
		}
	}
	slices.SortFunc(s.Unread, func(a, b manifest.ID) int { return strings.Compare(a.String(), b.String()) })
	return s, nil
}

// reader reads objects, and keeps the first error.
type reader struct{ err error }

// quantity reads a quantity; what is not there is 0.
func (r *reader) quantity(value any) float64 {
	if value == nil {
		return 0
	}
	q, err := resource.ParseQuantity(fmt.Sprint(value))
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("quantity %q: %w", fmt.Sprint(value), err)
	}
	return q.AsApproximateFloat64()
}

// count reads how many there are of something; where nothing is said there is one.
func (r *reader) count(value any) float64 {
	if value == nil {
		return 1
	}
	return r.quantity(value)
}

// resources reads what a container asks for. Without a request its limit is one.
func (r *reader) resources(of any) Size {
	limit := func(name string) float64 { return r.quantity(manifest.Dig(of, "limits", name)) }
	request := func(name string) float64 {
		if asked := manifest.Dig(of, "requests", name); asked != nil {
			return r.quantity(asked)
		}
		return limit(name)
	}
	return Size{request("cpu"), limit("cpu"), request("memory"), limit("memory"), request("storage")}
}

// pod is what a pod asks for: its containers together, or one that runs before them if that asks for more.
func (r *reader) pod(spec any) Size {
	var beside, before Size
	for _, c := range list(spec, "initContainers") {
		one := beside.Plus(r.resources(manifest.Dig(c, "resources")))
		if manifest.Dig(c, "restartPolicy") == "Always" {
			beside = one // it goes on
		}
		before = before.largest(one)
	}
	sum := beside
	for _, c := range list(spec, "containers") {
		sum = sum.Plus(r.resources(manifest.Dig(c, "resources")))
	}
	return sum.largest(before)
}

// object is what an object asks for, and whether that is known. Jobs run and go, and count for nothing.
func (r *reader) object(res manifest.Resource) (one Platform, known bool) {
	spec := res.Object["spec"]
	switch res.ID.Kind {
	case "DaemonSet":
		return Platform{Each: r.pod(manifest.Dig(spec, "template", "spec"))}, true
	case "Deployment", "StatefulSet":
		pod := r.pod(manifest.Dig(spec, "template", "spec"))
		for _, claim := range list(spec, "volumeClaimTemplates") {
			pod = pod.Plus(r.resources(manifest.Dig(claim, "spec", "resources")))
		}
		return Platform{Once: pod.Times(r.count(manifest.Dig(spec, "replicas")))}, true
	case "PersistentVolumeClaim":
		return Platform{Once: r.resources(manifest.Dig(spec, "resources"))}, true
	}
	if pods, ok := makes[res.ID.Group+"/"+res.ID.Kind]; ok {
		return pods(r, spec), true
	}
	builtIn := !strings.Contains(res.ID.Group, ".") || strings.HasSuffix(res.ID.Group, ".k8s.io")
	return Platform{}, builtIn || res.ID.Group == "argoproj.io" // of these only values for charts name resources
}

// sized reports whether a custom resource says how much pods are to have.
func sized(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			asks := manifest.Dig(v, "requests") != nil || manifest.Dig(v, "limits") != nil
			if asks && (name == "resources" || name == "resourceRequirements") || sized(v) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, sized)
	}
	return false
}

func list(v any, path ...any) []any {
	l, _ := manifest.Dig(v, path...).([]any)
	return l
}
