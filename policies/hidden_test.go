package policies_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/record"
)

// worst is what one field of a pod, or of a container, may be at its worst, by the policy that finds it, and where below the
// field that is.
var worst = map[string]map[string]struct {
	value any
	found map[string]string
}{
	"pod": {
		"hostAliases":     {[]any{map[string]any{"ip": "10.0.0.1", "hostnames": []any{"lamp"}}}, map[string]string{"pods/host_aliases": ""}},
		"hostIPC":         {true, map[string]string{"pods/host_ipc": ""}},
		"hostNetwork":     {true, map[string]string{"pods/host_network": ""}},
		"hostPID":         {true, map[string]string{"pods/host_pid": ""}},
		"securityContext": {map[string]any{"fsGroup": 0}, map[string]string{"pods/root_group": "fsGroup"}},
		"volumes": {[]any{map[string]any{"name": "root", "hostPath": map[string]any{"path": "/"}}}, map[string]string{
			"pods/host_path": "0.hostPath", "pods/sensitive_host_path": "0.hostPath.path",
		}},
	},
	"container": {
		"env": {[]any{map[string]any{"name": "A", "value": "1"}, map[string]any{"name": "A", "value": "2"}}, map[string]string{"pods/duplicate_env": "1.name"}},
		"image": {"evil.example.net/lamp:latest", map[string]string{
			"images/digest": "", "images/latest_tag": "", "images/trusted_registries": "",
		}},
		"resources": {
			map[string]any{"limits": map[string]any{"memory": "64Gi"}, "requests": map[string]any{"memory": "1Mi"}},
			map[string]string{"resources/limit_ratio": "limits.memory"},
		},
		"securityContext": {map[string]any{"privileged": true, "runAsUser": 0, "runAsGroup": 0, "procMount": "Unmasked", "capabilities": map[string]any{"add": []any{"SYS_ADMIN"}}},
			map[string]string{
				"pods/dangerous_capabilities": "capabilities.add.0", "pods/privileged": "privileged", "pods/proc_mount": "procMount",
				"pods/root_group": "runAsGroup", "pods/run_as_non_root": "runAsUser",
			}},
	},
}

// unset is what policies miss of a container where the operator sets nothing.
var unset = map[string]map[string]string{
	"resources":       {"resources/memory_limits": "limits.memory"},
	"securityContext": {"pods/security_context": ""},
}

// shown is an object of a kind that a row is about, and the places where policies are to find something.
type shown struct {
	name   string
	object map[string]any
	schema node
	found  map[string][]string // by policy
}

// TestHiddenPods states for each row of lib.pods that policies find the worst that can stand there, where it stands, and that
// what they miss is missing in a place that the schema knows.
func TestHiddenPods(t *testing.T) {
	var all []shown
	rows := podRows(t)
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		for _, v := range versionsOf(t, name) {
			for _, r := range rows[name] {
				if len(v.faults(t, r)) > 0 {
					continue
				}
				bad := v.worst(name, r)
				if len(bad.found) == 0 {
					t.Errorf("%s: %v: got nothing that can be bad", name, r)
				}
				all = append(all, v.empty(name, r), bad, bad.recorded())
			}
		}
	}
	eachPolicy(t, func(e example) {
		if kinds, _ := e.custom("kinds").([]any); !slices.Contains(kinds, any("pods")) {
			return
		}
		for _, s := range all {
			e.findsIn(s)
		}
	})
}

func (e example) findsIn(s shown) {
	var found []string
	for _, finding := range e.deny(s.object) {
		fields, _ := finding.(map[string]any)
		steps, _ := fields["at"].([]any)
		var at []string
		for _, step := range steps {
			at = append(at, fmt.Sprint(step))
		}
		place := strings.Join(at, ".")
		if _, ok := s.schema.at(place); !ok {
			e.Errorf("%s: got %v, want a place that the schema has", s.name, finding)
		}
		found = append(found, place)
	}
	for _, want := range s.found[strings.TrimPrefix(e.Name(), "TestHiddenPods/")] {
		if !slices.Contains(found, want) {
			e.Errorf("%s: got %v, want %s", s.name, found, want)
		}
	}
}

// recorded is what a record keeps of an object. Variables are not kept.
func (s shown) recorded() shown {
	if strings.Contains(s.object["apiVersion"].(string), ".") {
		s.object = record.Reduce(s.object)
		s.name += ", recorded"
		s.found = maps.Clone(s.found)
		delete(s.found, "pods/duplicate_env")
	}
	return s
}

// empty is an object in which an empty mapping stands at the row's path.
func (v version) empty(name string, r row) shown {
	at, found := v.schema.concrete(r.At), map[string][]string{}
	for field, path := range r.Container {
		for policy, below := range unset[field] {
			if !r.Overlay && (field != "securityContext" || r.Sets.Container[field] == nil) {
				found[policy] = append(found[policy], join(at, path, below))
			}
		}
	}
	return shown{fmt.Sprintf("%s: %v, empty", name, r), v.object(name, at, map[string]any{}), v.schema, found}
}

// worst is an object with the worst in every field that the row knows.
func (v version) worst(name string, r row) shown {
	at, found := v.schema.concrete(r.At), map[string][]string{}
	part, _ := v.schema.at(r.At)
	var leaf any = map[string]any{}
	for of, paths := range r.fields(part) {
		for _, field := range paths {
			there, ok := part.at(field[1])
			bad, known := worst[of][field[0]]
			if !ok || !known {
				continue
			}
			leaf = with(leaf, field[1], there.cut(bad.value))
			for policy, below := range bad.found {
				if _, ok := there.at(below); ok {
					found[policy] = append(found[policy], join(at, field[1], below))
				}
			}
		}
	}
	return shown{fmt.Sprintf("%s: %v, at its worst", name, r), v.object(name, at, leaf), v.schema, found}
}

// fields are those of a pod and of containers that a row knows, each with its path in what stands at the row's.
func (r row) fields(part node) map[string][][2]string {
	all := map[string][][2]string{}
	for field, path := range r.Pod {
		all["pod"] = append(all["pod"], [2]string{field, path})
	}
	for field, path := range r.Container {
		all["container"] = append(all["container"], [2]string{field, path})
	}
	lists := r.Containers
	if r.isWhole() {
		for field := range worst["pod"] {
			all["pod"] = append(all["pod"], [2]string{field, field})
		}
		lists = append([]string{"containers", "initContainers"}, lists...)
	}
	for _, list := range lists {
		if there, _ := part.at(list); there.isOf("array") {
			list += ".0"
		}
		for field := range worst["container"] {
			all["container"] = append(all["container"], [2]string{field, join(list, field)})
		}
	}
	return all
}

// object is an object with this at a path.
func (v version) object(name, at string, leaf any) map[string]any {
	_, kind, _ := strings.Cut(name, "/")
	object, _ := with(map[string]any{"apiVersion": v.apiVersion, "kind": kind, "metadata": map[string]any{"name": "lamp"}}, at, leaf).(map[string]any)
	return object
}

// concrete is a path in which an item stands for each "*".
func (n node) concrete(path string) string {
	var done string
	for step := range strings.SplitSeq(path, ".") {
		if there, _ := n.at(done); step == "*" && there.isOf("array") {
			step = "0"
		} else if fields := slices.Sorted(maps.Keys(there.properties())); step == "*" && len(fields) > 0 {
			step = fields[0]
		}
		done = join(done, step)
	}
	return done
}

// cut is a value without the fields that the schema lacks. Some images are in parts.
func (n node) cut(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for field, v := range value {
			if there, ok := n.at(field); ok {
				kept[field] = there.cut(v)
			}
		}
		return kept
	case []any:
		item, _ := n.at("*")
		kept := slices.Clone(value)
		for i := range kept {
			kept[i] = item.cut(kept[i])
		}
		return kept
	case string:
		if image, tag, ok := strings.Cut(value, ":"); ok && n.isOf("object") {
			return map[string]any{"repository": image, "tag": tag}
		}
	}
	return value
}

// with is a value with another one at a path below it, in which 0 is the only item of a list.
func with(value any, path string, other any) any {
	if path == "" {
		return other
	}
	step, rest, _ := strings.Cut(path, ".")
	if step == "0" {
		if items, ok := value.([]any); ok {
			value = items[0]
		} else {
			value = nil
		}
		return []any{with(value, rest, other)}
	}
	fields, _ := value.(map[string]any)
	fields = maps.Clone(fields)
	if fields == nil {
		fields = map[string]any{}
	}
	fields[step] = with(fields[step], rest, other)
	return fields
}

func join(paths ...string) string {
	return strings.Join(slices.DeleteFunc(paths, func(path string) bool { return path == "" }), ".")
}
