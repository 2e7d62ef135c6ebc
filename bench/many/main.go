// Many writes a repository with 500 Applications and 10,000 objects into a folder: 200 overlays over 20 shared bases, 150 releases of
// a chart in the repository, and 150 directories of plain manifests, each 20 objects. Nothing else is needed to render it, so that
// `gitopsgen lint` can be measured beside `kustomize build` and `helm template` of the same folders:
//
//	go run ./bench/many DIR
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// How much there is of everything.
const (
	bases, overlays, releases, directories = 20, 200, 150, 150
	objects                                = 20
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: many DIR")
		os.Exit(2)
	}
	w := writer{dir: os.Args[1]}
	w.kustomizations()
	w.chart()
	w.plain()
	if w.err != nil {
		fmt.Fprintln(os.Stderr, "many:", w.err)
		os.Exit(1)
	}
}

// writer writes files until the first error.
type writer struct {
	dir string
	err error
}

func (w *writer) write(name, format string, args ...any) {
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if w.err == nil {
		w.err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if w.err == nil {
		w.err = os.WriteFile(file, fmt.Appendf(nil, format, args...), 0o600)
	}
}

// application writes an Application over a folder. helm is its field of that name; empty is none.
func (w *writer) application(name, dir, helm string) {
	w.write("apps/"+name+".yaml", `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git.example.org/many.git", path: %s%s}
  destination: {server: "https://kubernetes.default.svc", namespace: %s}
`, name, dir, helm, name)
}

func (w *writer) kustomizations() {
	for b := range bases {
		dir := fmt.Sprintf("bases/b%d", b)
		w.write(dir+"/kustomization.yaml", "resources: [all.yaml]\n")
		w.write(dir+"/all.yaml", "%s", workloads("lamp", "1"))
	}
	for o := range overlays {
		name := fmt.Sprintf("overlay-%d", o)
		w.write("overlays/"+name+"/kustomization.yaml", `resources: [../../bases/b%d]
namePrefix: %s-
images: [{name: ghcr.io/many/lamp, newTag: 1.0.%d}]
patches:
  - target: {kind: Deployment}
    patch: '[{"op": "replace", "path": "/spec/replicas", "value": %d}]'
`, o%bases, name, o, 2+o%3)
		w.application(name, "overlays/"+name, "")
	}
}

func (w *writer) chart() {
	w.write("chart/Chart.yaml", "apiVersion: v2\nname: lamp\nversion: 1.0.0\n")
	w.write("chart/values.yaml", "replicas: 2\n")
	w.write("chart/templates/all.yaml", "%s", workloads("{{ .Release.Name }}", "{{ .Values.replicas }}"))
	for r := range releases {
		name := fmt.Sprintf("release-%d", r)
		w.write("values/"+name+".yaml", "replicas: %d\n", 2+r%5)
		w.application(name, "chart", fmt.Sprintf(", helm: {valueFiles: [/values/%s.yaml]}", name))
	}
}

func (w *writer) plain() {
	for d := range directories {
		name := fmt.Sprintf("plain-%d", d)
		w.write("plain/"+name+"/all.yaml", "%s", workloads(name, "2"))
		w.application(name, "plain/"+name, "")
	}
}

// workloads are Deployments, each with its Service.
func workloads(name, replicas string) string {
	var b strings.Builder
	for i := range objects / 2 {
		fmt.Fprintf(&b, `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "%[1]s-%[2]d"}
spec:
  replicas: %[3]s
  selector: {matchLabels: {app: "%[1]s-%[2]d"}}
  template:
    metadata: {labels: {app: "%[1]s-%[2]d"}}
    spec:
      containers:
        - name: lamp
          image: ghcr.io/many/lamp:1.0.0
          ports: [{containerPort: 8080, name: http}]
          resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: "%[1]s-%[2]d"}
spec:
  selector: {app: "%[1]s-%[2]d"}
  ports: [{port: 80, targetPort: http, name: http}]
`, name, i, replicas)
	}
	return b.String()
}
