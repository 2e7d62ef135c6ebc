package helm_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

const lamp = `
-- Chart.yaml --
apiVersion: v2
name: lamp
version: 1.0.0
dependencies: [{name: bulb, version: 1.0.0}]
-- values.yaml --
global: {registry: ghcr.io}
image: {repository: lamps/lamp, tag: ""}
reloader: {image: {repository: lamps/reloader, tag: v2}, resources: {limits: {cpu: 1}}}
resources: {}
podSecurityContext: {}
securityContext: {runAsNonRoot: false, readOnlyRootFilesystem: true}
priority: high
shade: none
cover: none
night-light: {host: moon}
greeting: "hello {{ .Values.guest }}"
guest: you
colour: amber
unread: Always
-- templates/_helpers.tpl --
{{ define "lamp.name" }}{{ .Release.Name }}-lamp{{ end }}
-- templates/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: lamp}
-- templates/lamp.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "lamp.name" . }}
  annotations: {checksum: "{{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}"}
spec:
  template:
    spec:
      {{- with .Values.podSecurityContext }}
      securityContext: {{ toYaml . | nindent 8 }}
      {{- end }}
      priorityClassName: {{ .Values.priority }}
      hostname: {{ index .Values "night-light" "host" }}
      subdomain: {{ tpl .Values.greeting . | replace " " "-" }}
      containers:
        - name: lamp
          image: {{ .Values.global.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag | default "v1" }}
          securityContext: {{ toYaml .Values.securityContext | nindent 12 }}
          resources: {{ toYaml .Values.resources | nindent 12 }}
        - name: reloader
          image: {{ .Values.reloader.image.repository }}:{{ .Values.reloader.image.tag }}
          imagePullPolicy: Always
          resources: {{ toYaml .Values.reloader.resources | nindent 12 }}
-- templates/_shades.tpl --
{{ define "lamp.shade" }}{{ .Values.shade }}{{ end }}
-- templates/_cover.tpl --
none
-- templates/dynamic.yaml --
apiVersion: v1
kind: Secret
metadata: {name: dynamic}
stringData:
  shade: {{ if eq .Values.shade "none" }}none{{ else }}{{ include (print "lamp." "shade") . }}{{ end }}
  cover: {{ if eq .Values.cover "none" }}none{{ else }}{{ include (print .Template.BasePath "/_cover.tpl") . | trim }}{{ end }}
-- templates/all.yaml --
{{ $all := .Values -}}
apiVersion: v1
kind: Service
metadata: {name: all, labels: {colour: {{ $all.colour }}}}
-- charts/bulb/Chart.yaml --
apiVersion: v2
name: bulb
version: 1.0.0
-- charts/bulb/values.yaml --
watts: 5
global: {}
-- charts/bulb/templates/bulb.yaml --
apiVersion: v1
kind: Pod
metadata: {name: bulb}
spec: {containers: [{name: bulb, image: "{{ .Values.global.registry }}/bulb:1", resources: {limits: {cpu: {{ .Values.watts }}}}}]}
`

// TestValue asks which value sets a field of what a chart renders to, after kustomize has put a container in front.
func TestValue(t *testing.T) {
	var files []tree.File
	for _, f := range txtar.Parse([]byte(lamp)).Files {
		files = append(files, tree.File{Path: f.Name, Data: f.Data})
	}
	r := helm.Release{Name: "my", Namespace: "lights", KubeVersion: "1.36.0"}
	output, err := helm.Template(t.Context(), files, r)
	if err != nil {
		t.Fatal(err)
	}
	e, err := helm.Investigate(t.Context(), files, r)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]map[string]any{}
	for _, d := range output.Documents {
		resources, _ := manifest.Parse("", []byte(d.String()))
		for _, res := range resources {
			objects[res.ID.Kind] = res.Object
		}
	}
	pod := objects["Deployment"]["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
	pod["containers"] = append([]any{map[string]any{"name": "sidecar"}}, pod["containers"].([]any)...)
	pod["patched"] = "by kustomize"

	template := []any{"spec", "template", "spec"}
	first, second := []any{"containers", 1}, []any{"containers", 2}
	for _, test := range []struct {
		kind string
		at   [][]any
		want string
	}{
		{"Deployment", [][]any{template, first, {"image"}}, "image.repository"},
		{"Deployment", [][]any{template, second, {"image"}}, "reloader.image.repository"},
		{"Deployment", [][]any{template, first, {"resources", "limits", "memory"}}, "resources.limits.memory"},
		{"Deployment", [][]any{template, second, {"resources", "limits", "memory"}}, "reloader.resources.limits.memory"},
		{"Deployment", [][]any{template, second, {"resources", "limits", "cpu"}}, "reloader.resources.limits.cpu"},
		{"Deployment", [][]any{template, first, {"securityContext", "runAsNonRoot"}}, "securityContext.runAsNonRoot"},
		{"Deployment", [][]any{template, {"securityContext", "runAsNonRoot"}}, "podSecurityContext.runAsNonRoot"},
		{"Deployment", [][]any{template, {"priorityClassName"}}, "priority"},
		{"Deployment", [][]any{template, {"hostname"}}, "night-light.host"},
		{"Deployment", [][]any{template, {"subdomain"}}, "guest"}, // which a value names
		{"Deployment", [][]any{template, second, {"imagePullPolicy"}}, ""},
		{"Deployment", [][]any{template, {"patched"}}, ""},
		{"Secret", [][]any{{"stringData", "shade"}}, "shade"}, // a name that only rendering puts together
		{"Secret", [][]any{{"stringData", "cover"}}, ""},      // whatever the value, it is none
		{"Service", [][]any{{"metadata", "labels", "colour"}}, "colour"},
		{"Pod", [][]any{{"spec", "containers", 0, "image"}}, "global.registry"},
		{"Pod", [][]any{{"spec", "containers", 0, "resources", "limits", "memory"}}, ""},
	} {
		var at []any
		for _, steps := range test.at {
			at = append(at, steps...)
		}
		value, probes := e.Value(t.Context(), objects[test.kind], at)
		if got := value.String(); got != test.want || probes > 49 || probes == 0 && got != "" {
			t.Errorf("%s %v: got %q by %d probes, want %q", test.kind, at, got, probes, test.want)
		}
	}

	unread := manifest.Path{"spec", "template", "spec", "containers", 2, "imagePullPolicy"}
	if _, probes := e.Value(t.Context(), objects["Deployment"], unread); probes != 1 {
		t.Errorf("%d probes ask for values that no template names", probes-1)
	}
}
