package admission

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// target is the one that Gatekeeper has for objects of Kubernetes.
const target = "admission.k8s.gatekeeper.sh"

const (
	templateKind    = "ConstraintTemplate"
	constraintGroup = "constraints.gatekeeper.sh"
)

type object = map[string]any

// template is the ConstraintTemplate of a category.
func (k kind) template(c *policy.Checker) object {
	entry, libraries := source(c, k)
	return object{
		"apiVersion": "templates.gatekeeper.sh/v1",
		"kind":       templateKind,
		"metadata": object{
			"name":        strings.ToLower(k.name),
			"annotations": object{"description": "The policies of the category " + k.category + ": each constraint names one."},
		},
		"spec": object{
			"crd": object{"spec": object{
				"names":      object{"kind": k.name},
				"validation": object{"openAPIV3Schema": parameters},
			}},
			"targets": []any{object{
				"target": target,
				"code": []any{object{
					"engine": "Rego",
					"source": object{"version": "v1", "rego": entry, "libs": libraries},
				}},
			}},
		},
	}
}

var text = object{"type": "string"}

// parameters is the schema of what lib.gatekeeper reads. It is not changed.
var parameters = object{
	"type": "object",
	"properties": object{
		"policy": text,
		"tier":   text,
		"params": object{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
		"waivers": object{"type": "array", "items": object{
			"type":       "object",
			"properties": object{"kind": text, "namespace": text, "name": text, "container": text, "expires": text},
		}},
	},
}

// constraint is the Constraint of a policy. It comes after its template, whose controller makes its kind known.
func (o Options) constraint(w policy.Written, params object) object {
	name, category := kindOf(w)
	metadata := object{
		"name": strings.ReplaceAll(w.Rule.ID, "/", "-"),
		"annotations": object{
			"description":                     w.Rule.Title + ". " + w.Rule.Description,
			"argocd.argoproj.io/sync-wave":    "1",
			"argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
		},
	}
	if len(w.Pods) > 0 {
		metadata["labels"] = object{judgesLabel: judgesPods}
	}
	return object{
		"apiVersion": constraintGroup + "/v1beta1",
		"kind":       name,
		"metadata":   metadata,
		"spec": object{
			"enforcementAction": o.Enforce.For(w.Rule.SeverityIn(o.Tier, o.Severity)).String(),
			"match":             object{"kinds": append(kinds(w.Kinds), kinds(w.Pods)...)},
			"parameters": object{
				"policy": strings.TrimPrefix(w.Package, "policies."+strings.ReplaceAll(category, "-", "_")+"."), "tier": string(o.Tier), "params": params,
				"waivers": o.waivers(w.Rule.ID),
			},
		},
	}
}

// kinds are those that a constraint is about, an entry for each group.
func kinds(all []policy.Kind) []any {
	groups := map[string][]string{}
	for _, k := range all {
		groups[k.Group] = append(groups[k.Group], k.Name)
	}
	entries := []any{}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		names := []any{}
		for _, name := range slices.Compact(slices.Sorted(slices.Values(groups[group]))) {
			names = append(names, name)
		}
		entries = append(entries, object{"apiGroups": []any{group}, "kinds": names})
	}
	return entries
}

// FileName is the name of the file for an object of an Export.
func FileName(of any) string {
	o := of.(object)
	name := o["metadata"].(object)["name"].(string)
	if o["kind"] == templateKind {
		return "template-" + name + ".yaml"
	}
	return "constraint-" + name + ".yaml"
}
