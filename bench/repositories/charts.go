package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

// writeCharts packs a chart of our own for each one of a lock, by the first record of a component that has it.
func writeCharts(dir string, pinned lock.Lock) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	written := map[string]bool{}
	for _, r := range pinned.Records {
		recorded, found, err := record.Find(blueprints.Records(), r.Component, r.Key)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("%s: there is no record of its charts: make record writes it", r.Path)
		}
		for _, c := range recorded.Charts {
			file := c.Name + "-" + c.Version + ".tgz"
			if written[file] {
				continue
			}
			written[file] = true
			archive, err := pack(c)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), archive, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// common is a template of each chart: a text that changes with the values, so that each of them decides what is rendered, as in
// real charts.
const common = `{{- define "common.digest" -}}{{ toJson .Values | sha256sum }}{{- end -}}`

// digest stands in an object for what common gives.
const digest = "DIGEST-OF-VALUES"

// pack makes a chart that renders to the objects of a record, but for those of custom kinds, of which it has too little.
func pack(c record.Chart) ([]byte, error) {
	files := []charttest.Entry{
		charttest.File(c.Name+"/Chart.yaml", fmt.Sprintf("apiVersion: v2\nname: %s\nversion: %s\n", c.Name, c.Version)),
		charttest.File(c.Name+"/values.yaml", "{}\n"),
		charttest.File(c.Name+"/templates/_common.tpl", common),
	}
	for i, object := range c.Objects {
		if custom(object) {
			continue
		}
		complete(object)
		annotate(object)
		text, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		template := strings.NewReplacer("{{", `{{ "{{" }}`, digest, `{{ include "common.digest" . }}`).Replace(string(text))
		files = append(files, charttest.File(fmt.Sprintf("%s/templates/%03d.yaml", c.Name, i), template))
	}
	return charttest.Pack(files...), nil
}

// complete gives an object what its kind must have and records leave out.
func complete(object map[string]any) {
	name, _ := object["metadata"].(map[string]any)["name"].(string)
	spec, _ := object["spec"].(map[string]any)
	switch kind := object["kind"]; {
	case kind == "CustomResourceDefinition" && spec == nil:
		object["spec"] = definition(name)
	case kind == "ValidatingAdmissionPolicyBinding" && spec == nil:
		object["spec"] = map[string]any{"policyName": name, "validationActions": []any{"Deny"}}
	case kind == "StorageClass" && object["provisioner"] == nil:
		object["provisioner"] = "bench.example.org"
	case kind == "PersistentVolumeClaim" && spec["accessModes"] == nil:
		spec["accessModes"] = []any{"ReadWriteOnce"}
	}
}

// annotate writes the digest of the values into the annotations of an object.
func annotate(object map[string]any) {
	metadata, _ := object["metadata"].(map[string]any)
	if metadata == nil {
		return
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	if annotations == nil {
		annotations = map[string]any{}
		metadata["annotations"] = annotations
	}
	annotations["bench.example.org/values"] = digest
}

// custom reports whether an object is of a kind that is not Kubernetes' own.
func custom(object map[string]any) bool {
	group, _, _ := strings.Cut(fmt.Sprint(object["apiVersion"]), "/")
	return strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io")
}

// described is how many fields the definition of a custom kind describes: it weighs some 40 KB then, as those of real ones do.
const described = 300

// definition is the spec of a definition of a custom kind.
func definition(name string) map[string]any {
	plural, group, _ := strings.Cut(name, ".")
	singular := strings.TrimSuffix(plural, "s")
	fields := map[string]any{}
	for f := range described {
		fields[fmt.Sprintf("field%03d", f)] = map[string]any{
			"type": "string", "description": fmt.Sprintf("What the field of number %d is for, in as many words as definitions of custom kinds have.", f),
		}
	}
	return map[string]any{
		"group": group, "scope": "Namespaced",
		"names": map[string]any{"plural": plural, "singular": singular, "kind": "Bench" + singular, "listKind": "Bench" + singular + "List"},
		"versions": []any{map[string]any{
			"name": "v1", "served": true, "storage": true,
			"schema": map[string]any{"openAPIV3Schema": map[string]any{
				"type": "object", "properties": map[string]any{"spec": map[string]any{"type": "object", "properties": fields}},
			}},
		}},
	}
}
