package record

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Faults say why an object is better not what a chart renders to: fields that the API server does not keep, and data that
// goes with the object's Application.
func Faults(res manifest.Resource) []string {
	return slices.Concat(notKept(res.ID, res.Object), lost(res.ID, res.Object))
}

// dropped are fields that the API server does not keep, by the kind that they stand in: an empty kind is any. Argo CD finds
// what is gone missing, and writes it again and again. Of kinds that Kubernetes itself has it compares what is left of both
// sides, so other defaults that are written out do no harm there.
var dropped = []struct {
	kind string
	path []any
	// value is the one that is not kept; nil is null, and anyValue whatever stands there.
	value any
	why   string
}{
	{"CustomResourceDefinition", []any{"spec", "preserveUnknownFields"}, false, "its default, which no answer names"},
	{"CustomResourceDefinition", []any{"status"}, anyValue, "only the API server writes it"},
	{"", []any{"metadata", "creationTimestamp"}, nil, "the API server writes its own"},
}

// anyValue stands for every value.
var anyValue = new(struct{})

// notKept are the fields of an object that the API server does not keep, each with the reason.
func notKept(id manifest.ID, object map[string]any) []string {
	var found []string
	for _, d := range dropped {
		last := len(d.path) - 1
		holder, _ := manifest.Dig(object, d.path[:last]...).(map[string]any)
		value, there := holder[d.path[last].(string)]
		if there && (d.kind == "" || d.kind == id.Kind) && (d.value == anyValue || d.value == value) {
			found = append(found, fmt.Sprintf("the API server does not keep %s: %s", dotted(d.path), d.why))
		}
	}
	spec, _ := object["spec"].(map[string]any)
	if custom := strings.Contains(id.Group, ".") && !strings.HasSuffix(id.Group, ".k8s.io"); custom && spec != nil {
		for _, at := range nulls("spec", spec) {
			found = append(found, "the API server does not keep "+at+": null in a custom resource")
		}
	}
	return found
}

// nulls are the paths of all nulls below a value.
func nulls(at string, value any) []string {
	var found []string
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			found = append(found, nulls(at+"."+name, v)...)
		}
	case []any:
		for i, v := range value {
			found = append(found, nulls(fmt.Sprintf("%s[%d]", at, i), v)...)
		}
	case nil:
		found = append(found, at)
	}
	slices.Sort(found)
	return found
}

func dotted(path []any) string {
	var steps []string
	for _, step := range path {
		steps = append(steps, step.(string))
	}
	return strings.Join(steps, ".")
}

// owners are the kinds with which data goes when they are deleted, and everything of the group cephGroup.
var owners = []string{"CustomResourceDefinition", "Namespace", "ObjectBucketClaim", "PersistentVolumeClaim"}

const (
	cephGroup = "ceph.rook.io"
	stays     = "Prune=false,Delete=false"
)

// lost says by what an object would take data with it: it is deleted with its Application, or what it makes claims for
// deletes these.
func lost(id manifest.ID, object map[string]any) []string {
	var found []string
	options, _ := manifest.Dig(object, "metadata", "annotations", "argocd.argoproj.io/sync-options").(string)
	if (slices.Contains(owners, id.Kind) || id.Group == cephGroup) && options != stays {
		found = append(found, "its data goes with its Application: its sync-options are \""+options+"\", want "+stays)
	}
	retention, _ := manifest.Dig(object, "spec", "persistentVolumeClaimRetentionPolicy").(map[string]any)
	for _, when := range []string{"whenDeleted", "whenScaled"} {
		if retention[when] == "Delete" {
			found = append(found, "it deletes its claims: "+when+" is Delete")
		}
	}
	return found
}
