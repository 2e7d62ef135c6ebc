package main

import (
	"fmt"
	"strings"
)

// applications says how many there are of which kind, each of 20 objects. Nothing else than what is written is needed to
// render them.
type applications struct {
	// overlays are kustomizations over bases, one base for ten of them.
	overlays int
	// releases are those of one chart in the repository, each with its own file of values.
	releases int
	// directories are folders of plain manifests.
	directories int
}

func (w *writer) applications(a applications) {
	w.overlays(a.overlays)
	w.releases(a.releases)
	w.directories(a.directories)
}

// objects is how many an Application has: Deployments, each with its Service.
const objects = 20

// sharing is how many overlays stand over one base.
const sharing = 10

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

func (w *writer) overlays(overlays int) {
	bases := (overlays + sharing - 1) / sharing
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

func (w *writer) releases(releases int) {
	if releases > 0 {
		w.write("chart/Chart.yaml", "apiVersion: v2\nname: lamp\nversion: 1.0.0\n")
		w.write("chart/values.yaml", "replicas: 2\n")
		w.write("chart/templates/all.yaml", "%s", workloads("{{ .Release.Name }}", "{{ .Values.replicas }}"))
	}
	for r := range releases {
		name := fmt.Sprintf("release-%d", r)
		w.write("values/"+name+".yaml", "replicas: %d\n", 2+r%5)
		w.application(name, "chart", fmt.Sprintf(", helm: {valueFiles: [/values/%s.yaml]}", name))
	}
}

func (w *writer) directories(directories int) {
	for d := range directories {
		name := fmt.Sprintf("plain-%d", d)
		w.write("plain/"+name+"/all.yaml", "%s", workloads(name, "2"))
		w.application(name, "plain/"+name, "")
	}
}

// files writes files of one object each, a hundred a folder.
func (w *writer) files(files int) {
	for f := range files {
		name := fmt.Sprintf("lamp-%d", f/2)
		file := fmt.Sprintf("manifests/%03d/%s", f/100, name)
		if f%2 == 0 {
			w.write(file+"-deployment.yaml", deployment, name, "2")
		} else {
			w.write(file+"-service.yaml", service, name)
		}
	}
}

// deployment and service are a Deployment of a name and a number of replicas, and the Service of that name.
const (
	deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "%[1]s"}
spec:
  replicas: %[2]s
  selector: {matchLabels: {app: "%[1]s"}}
  template:
    metadata: {labels: {app: "%[1]s"}}
    spec:
      containers:
        - name: lamp
          image: ghcr.io/many/lamp:1.0.0
          ports: [{containerPort: 8080, name: http}]
          resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 16Mi}}
`
	service = `apiVersion: v1
kind: Service
metadata: {name: "%[1]s"}
spec:
  selector: {app: "%[1]s"}
  ports: [{port: 80, targetPort: http, name: http}]
`
)

// workloads are the objects of an Application.
func workloads(name, replicas string) string {
	var b strings.Builder
	for i := range objects / 2 {
		of := fmt.Sprintf("%s-%d", name, i)
		fmt.Fprintf(&b, "---\n"+deployment+"---\n"+service, of, replicas)
	}
	return b.String()
}
